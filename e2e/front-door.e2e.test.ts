import Database from 'better-sqlite3'
import { once } from 'node:events'
import { connect } from 'node:net'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { request } from './api.ts'
import { adminAuthorization, cleanUp, createFolder, startBelfry, waitFor } from './harness.ts'
import type { Belfry } from './harness.ts'
import { clientOf, runCommand, runShell } from './run-command.ts'

afterEach(cleanUp)

/** Serves on a free port unless said otherwise; for starts that are refused. */
const serveOn = (folder: string, environment: Readonly<Record<string, string>> = {}) =>
  runCommand(['serve'], {
    environment: { BELFRY_PORT: '0', BELFRY_DATA_DIR: folder, ...environment },
  })

const oneLine: unknown = expect.stringMatching(/^belfry: [^\n]+\n$/)

const curlOf = (output: string) => /^curl .+$/m.exec(output)?.[0] ?? ''

describe('the first start', () => {
  it('prints a password once and a command that works as pasted, and the next start has the event', async () => {
    const folder = await createFolder()
    const first = await startBelfry({ folder, environment: noPassword })
    const password = /once: (\S+)/.exec(first.stdout())?.[1] ?? ''
    expect(password).toMatch(/^[\w-]{24}$/)
    expect(first.stderr()).not.toContain(password)
    const pasted = await runShell(curlOf(first.stdout()))
    expect(pasted.code).toBe(0)
    expect(JSON.parse(pasted.stdout)).toMatchObject({ type: 'first_event' })
    expect(await first.kill('SIGINT')).toBe(0)

    const second = await startBelfry({ folder, environment: noPassword })
    expect(second.stdout()).toBe(`belfry ready on ${second.url}\n`)
    const environment = {
      BELFRY_URL: second.url,
      BELFRY_USER: 't1/admin',
      BELFRY_PASSWORD: password,
    }
    const listed = await runCommand(['events', 'list', '--json'], { environment })
    expect(JSON.parse(listed.stdout)).toEqual([
      { ...JSON.parse(pasted.stdout), self: anyText, source: anyObject },
    ])
    expect(await second.kill('SIGTERM')).toBe(0)
  })

  it('never repeats a password that somebody chose; the pasted command takes it from where it was set', async () => {
    const environment = { BELFRY_BOOTSTRAP_PASSWORD: "it's a secret" }
    const belfry = await startBelfry({ environment })
    expect(belfry.stdout() + belfry.stderr()).not.toContain("it's a secret")
    const pasted = await runShell(curlOf(belfry.stdout()), { environment })
    expect(JSON.parse(pasted.stdout)).toMatchObject({ type: 'first_event' })
    expect(belfry.stdout()).toMatch(/\nbelfry ready on http:\/\/127\.0\.0\.1:\d+\n$/)
  })
})

const noPassword = { BELFRY_BOOTSTRAP_PASSWORD_FILE: '', BELFRY_BOOTSTRAP_PASSWORD: '' }
const anyText: unknown = expect.any(String)
const anyObject: unknown = expect.any(Object)

it('a first start without the room that it is to leave free says so, and the next one begins', async () => {
  const folder = await createFolder()
  const refused = await serveOn(folder, { BELFRY_DISK_RESERVE: '1000TB' })
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain(
    `belfry: the data folder ${folder} is on a disk with less free space than BELFRY_DISK_RESERVE`,
  )
  const belfry = await startBelfry({ folder, environment: noPassword })
  expect(belfry.stdout()).toContain('First start: made tenant t1')
})

describe('a start that is refused says what to do on one line and touches nothing', () => {
  it('when the port is in use', async () => {
    const belfry = await startBelfry()
    const folder = join(await createFolder(), 'new')
    const refused = await serveOn(folder, { BELFRY_PORT: String(belfry.port) })
    expect(refused).toEqual({ code: 1, stdout: '', stderr: oneLine })
    expect(refused.stderr).toContain(`port ${belfry.port} on 127.0.0.1 is in use`)
    expect(refused.stderr).toContain('--port')
    await expect(readdir(folder)).rejects.toThrow('ENOENT')
  })

  it('when another server has the folder, which goes on', async () => {
    const belfry = await startBelfry()
    const refused = await serveOn(belfry.folder)
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/^belfry: another server is using the data folder .*--data-dir/)
    expect((await request(belfry, 'GET', '/event/events')).status).toBe(200)
  })

  it('when the folder can not be made or is a file', async () => {
    const file = join(await createFolder(), 'file')
    await writeFile(file, 'mine')
    for (const path of [file, join(file, 'below'), '/proc/belfry-data']) {
      expect(await serveOn(path)).toEqual({ code: 1, stdout: '', stderr: oneLine })
    }
    expect(await readFile(file, 'utf8')).toBe('mine')
  })

  it('when the folder was written by a later version', async () => {
    const belfry = await startBelfry()
    await belfry.kill('SIGTERM')
    const path = join(belfry.folder, 'events', 'head.db')
    setFormat(path, 999)
    const before = await readFile(path)
    const refused = await serveOn(belfry.folder)
    expect(refused).toEqual({ code: 1, stdout: '', stderr: oneLine })
    expect(refused.stderr).toMatch(/format 999/)
    expect(await readFile(path)).toEqual(before)
  })

  it('when a name is unknown or of a later version, all at once', async () => {
    const folder = join(await createFolder(), 'new')
    const environment = { BELFRY_PROT: '1', BELFRY_MQTT_PORT: '1883', BELFRY_LOG_LEVEL: 'loud' }
    const refused = await serveOn(folder, environment)
    expect(refused.code).toBe(1)
    expect(refused.stderr.trimEnd().split('\n')).toEqual([
      'belfry: BELFRY_PROT is not a name that Belfry knows; did you mean BELFRY_PORT?',
      'belfry: BELFRY_MQTT_PORT: this version does not offer MQTT yet; unset it',
      expect.stringMatching(/^belfry: BELFRY_LOG_LEVEL must be /),
    ])
    await expect(readdir(folder)).rejects.toThrow('ENOENT')
  })
})

const setFormat = (path: string, format: number): void => {
  const db = new Database(path)
  db.pragma(`user_version = ${format}`)
  db.close()
}

describe('stopping', () => {
  it('under load ends with 0 in time, and everything acknowledged is there', async () => {
    const belfry = await startBelfry()
    const device = firstDeviceOf(belfry)
    const acknowledged = new Set<string>()
    let stopping = false
    const senders = Array.from({ length: 16 }, async () => {
      while (!stopping) {
        const [sent] = await Promise.allSettled([sendEvent(belfry, device)])
        const isKept = sent.status === 'fulfilled' && sent.value.status === 201
        if (isKept) acknowledged.add(String(idOf(sent.value.body)))
      }
    })
    await waitFor('300 events', () => acknowledged.size >= 300)
    const askedMs = performance.now()
    const code = await belfry.kill('SIGTERM')
    stopping = true
    await Promise.all(senders)
    expect(code).toBe(0)
    expect(performance.now() - askedMs).toBeLessThan(10_000)

    const again = await startBelfry({ folder: belfry.folder })
    const kept = await runCommand(
      ['events', 'list', '--json', '--limit', '1000000'],
      clientOf(again),
    )
    const ids = new Set(decodeList(kept.stdout).map(idOf))
    expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([])
  })

  it('does not wait for a client that never finishes its request, nor for idle connections', async () => {
    const belfry = await startBelfry({ environment: { BELFRY_STOP_DEADLINE: '1s' } })
    await request(belfry, 'GET', '/livez')
    const slow = connect(belfry.port, '127.0.0.1')
    await once(slow, 'connect')
    slow.on('error', () => undefined)
    slow.write(unfinishedRequest)
    // The server asks for the body only when it has begun to read the request.
    await once(slow, 'data')
    const askedMs = performance.now()
    expect(await belfry.kill('SIGTERM')).toBe(0)
    // It would take 7 s without the setting, and no end without any deadline.
    expect(performance.now() - askedMs).toBeLessThan(6_500)
    slow.destroy()
  })
})

const unfinishedRequest = [
  'POST /event/events HTTP/1.1',
  'Host: 127.0.0.1',
  `Authorization: ${adminAuthorization}`,
  'Content-Type: application/json',
  'Content-Length: 100',
  'Expect: 100-continue',
  '',
  '{"type":',
].join('\r\n')

const firstDeviceOf = ({ stdout }: Belfry): string => /\(id (\d+)\)/.exec(stdout())?.[1] ?? ''

const sendEvent = (belfry: { readonly url: string }, device: string) =>
  request(belfry, 'POST', '/event/events', {
    json: {
      source: { id: device },
      type: 'x',
      text: 'x',
      time: '2026-01-01T00:00:00Z',
    },
  })

const idOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'id' in body ? body.id : undefined

const decodeList = (text: string): readonly unknown[] => {
  const list: unknown = JSON.parse(text)
  return Array.isArray(list) ? list : []
}

describe('health and metrics', () => {
  it('answer from the start', async () => {
    const belfry = await startBelfry()
    const anonymous = { authorization: undefined }
    expect((await request(belfry, 'GET', '/livez', anonymous)).status).toBe(200)
    expect(await request(belfry, 'GET', '/readyz?verbose', anonymous)).toMatchObject({
      status: 200,
      body: { status: 'ready', checks: [{ status: 'running' }, { status: 'ok' }] },
    })
    await sendEvent(belfry, firstDeviceOf(belfry))
    const metrics = await request(belfry, 'GET', '/metrics', anonymous)
    expect(metrics.body).toContain('belfry_events_total{tenant="t1",outcome="accepted"} 1')
    expect(metrics.body).toContain('belfry_commit_seconds')
    expect(metrics.body).toContain('# TYPE belfry_deleted_events_total counter')
    expect(metrics.body).toMatch(/^belfry_deleted_events_total 0$/m)
    expect(metrics.body).toMatch(/^belfry_deletions_running 0$/m)
    expect(metrics.body).toMatch(/^belfry_disk_free_bytes [1-9]/m)
  })

  it('have every metric that the documentation names, and no other', async () => {
    const page = await readFile(new URL('../docs/operations.md', import.meta.url), 'utf8')
    const named = [...page.matchAll(/^\| `(belfry_\w+)` +\| (\w+)/gm)]
    const anonymous = { authorization: undefined }
    const { body } = await request(await startBelfry(), 'GET', '/metrics', anonymous)
    const served = [...String(body).matchAll(/^# TYPE (belfry_\w+) (\w+)$/gm)]
    const tellable = ([, name = '', kind = '']: readonly string[]) => `${name} ${kind}`
    expect(named.map(tellable).sort()).toEqual(served.map(tellable).sort())
  })

  it('take a request id, or make one', async () => {
    const belfry = await startBelfry()
    const headers = { 'x-request-id': 'mine-1' }
    const given = await request(belfry, 'GET', '/livez', { headers })
    expect(given.headers.get('x-request-id')).toBe('mine-1')
    const made = await request(belfry, 'GET', '/event/events')
    expect(made.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
  })
})

describe('an idle server', () => {
  it('is small', async () => {
    const startedMs = performance.now()
    const belfry = await startBelfry()
    const readyMs = performance.now() - startedMs
    const status = await readFile(`/proc/${belfry.pid}/status`, 'utf8').catch(() => '')
    const residentMb = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024
    console.log(
      `idle resident memory ${residentMb.toFixed(0)} MB, first start ${readyMs.toFixed(0)} ms`,
    )
    expect(residentMb).toBeLessThan(150)
  })
})
