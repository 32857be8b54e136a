import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import {
  createDevice,
  createEvents,
  expectStatus,
  listOf,
  memberOf,
  request,
  textOf,
} from './api.ts'
import { adminAuthorization, cleanUp, createFolder, operatorAuthorization } from './harness.ts'
import { startBelfry, waitFor } from './harness.ts'
import type { Belfry } from './harness.ts'
import { clientOf, runCommand } from './run-command.ts'
import type { CommandEnd } from './run-command.ts'

afterEach(cleanUp)

const operator = 'management/admin'

/** Every write waits for a disk that others may be using too. */
const loadDeadlineMs = 90_000

/** A folder that is not there yet, in one that is removed at the end. */
const newPath = async (name: string): Promise<string> => join(await createFolder(), name)

const backUp = (belfry: Belfry, folder: string): Promise<CommandEnd> =>
  runCommand(['backup', folder, '--json'], clientOf(belfry, operator))

const restore = (backup: string, dataDir: string): Promise<CommandEnd> =>
  runCommand(['restore', backup, '--data-dir', dataDir])

const verify = (folder: string): Promise<CommandEnd> => runCommand(['verify', '--data-dir', folder])

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  )

/** What was acknowledged: ids of events, contents of attachments by event, names of users and objects. */
type Ledger = {
  readonly events: string[]
  readonly reports: string[]
  readonly files: { readonly event: string; readonly content: string }[]
  readonly users: string[]
  readonly objects: string[]
}

const copyOf = ({ events, reports, files, users, objects }: Ledger): Ledger => ({
  events: [...events],
  reports: [...reports],
  files: [...files],
  users: [...users],
  objects: [...objects],
})

type Load = { readonly ledger: Ledger; readonly stop: () => Promise<void> }

/** Writers of every kind, each of which sends its next request when the last one was answered. */
const startLoad = async (belfry: Belfry): Promise<Load> => {
  const device = await createDevice(belfry, 'loaded')
  const ledger: Ledger = { events: [], reports: [], files: [], users: [], objects: [] }
  const post = (path: string, json: unknown, headers: Readonly<Record<string, string>> = {}) =>
    expectStatus(belfry, 201, 'POST', path, { json, headers })
  const event = (text: string) => ({
    ...{ source: { id: device }, type: 'door', text },
    time: '2026-02-01T10:00:00Z',
  })
  const app = await post('/belfry/v1/tenants/t1/apps', { name: 'app' })
  const key = await post('/belfry/v1/tenants/t1/keys', { name: 'key' })
  const keyed = { 'x-moki-tenantapitoken': textOf(key.body, 'key') }
  const reports = `/rest/v1/api/tenants/t1/devices/${device}/events`
  const writers: readonly ((turn: number) => Promise<void>)[] = [
    async (turn) => {
      const { body } = await post('/event/events', event(`single ${turn}`))
      ledger.events.push(textOf(body, 'id'))
    },
    async (turn) => {
      await createEvents(
        belfry,
        Array.from({ length: 50 }, (_, n) => event(`bulk ${turn} ${n}`)),
      )
    },
    async (turn) => {
      const json = { typeId: '0045', description: '', appId: textOf(app.body, 'id'), severity: 3 }
      const report = { ...json, data: { turn }, timestamp: 1_440_014_969_567 + turn }
      const call = { authorization: undefined, headers: keyed, json: report }
      const { headers } = await expectStatus(belfry, 201, 'POST', reports, call)
      ledger.reports.push(String(headers.get('location')?.split('/').at(-1)))
    },
    (turn) => uploadFile(belfry, ledger, event(`with a file ${turn}`), turn),
    (turn) => uploadFile(belfry, ledger, event(`with another ${turn}`), turn),
    async (turn) => {
      const userName = `user-${turn}`
      await post('/user/t1/users', { userName, password: 'password 1', email: 'a@example.org' })
      ledger.users.push(userName)
    },
    async (turn) => {
      const { body } = await post('/inventory/managedObjects', { name: `object ${turn}` })
      ledger.objects.push(textOf(body, 'id'))
    },
  ]
  let isOver = false
  const running = writers.map(async (write) => {
    for (let turn = 0; !isOver; turn += 1) await write(turn)
  })
  return {
    ledger,
    stop: async () => {
      isOver = true
      await Promise.all(running)
    },
  }
}

/** Uploads one; replaces every third, deletes the file of every fourth, and the event of every fifth, once acknowledged. */
const uploadFile = async (belfry: Belfry, ledger: Ledger, event: unknown, turn: number) => {
  const { body } = await expectStatus(belfry, 201, 'POST', '/event/events', { json: event })
  const id = textOf(body, 'id')
  const path = `/event/events/${id}/binaries`
  const send = async (method: string, content: string): Promise<void> => {
    const headers = { authorization: adminAuthorization, 'content-type': 'text/plain' }
    const answer = await fetch(`${belfry.url}${path}`, { method, headers, body: content })
    expect(answer.status).toBe(201)
  }
  const content = `content of ${turn} `.repeat(1 + (turn % 500))
  await send('POST', content)
  if (turn % 3 === 0) await send('PUT', 'short')
  else if (turn % 4 === 0) await expectStatus(belfry, 204, 'DELETE', path)
  else if (turn % 5 === 0) await expectStatus(belfry, 204, 'DELETE', `/event/events/${id}`)
  else ledger.files.push({ event: id, content })
}

const readFile = async (belfry: Belfry, event: string): Promise<string | undefined> => {
  const answer = await fetch(`${belfry.url}/event/events/${event}/binaries`, {
    headers: { authorization: adminAuthorization },
  })
  const text = await answer.text()
  return answer.ok ? text : undefined
}

const statusOf = async (belfry: Belfry, path: string): Promise<number> =>
  (await request(belfry, 'GET', path)).status

/** What of the ledger is not there. */
const findLost = async (belfry: Belfry, ledger: Ledger): Promise<readonly string[]> => {
  const lost: string[] = []
  const look = async (path: string): Promise<void> => {
    if ((await statusOf(belfry, path)) !== 200) lost.push(path)
  }
  for (const id of [...ledger.events, ...ledger.reports]) await look(`/event/events/${id}`)
  for (const name of ledger.users) await look(`/user/t1/users/${name}`)
  for (const id of ledger.objects) await look(`/inventory/managedObjects/${id}`)
  for (const { event, content } of ledger.files) {
    if ((await readFile(belfry, event)) !== content) lost.push(`file of ${event}`)
  }
  return lost
}

/** Events that say that they have a file of another length than they have. */
const findHalf = async (belfry: Belfry): Promise<readonly string[]> => {
  const half: string[] = []
  for (let page = 1, more = true; more; page += 1) {
    const path = `/event/events?fragmentType=c8y_IsBinary&pageSize=2000&currentPage=${page}`
    const { body } = await expectStatus(belfry, 200, 'GET', path)
    const events = listOf(body, 'events')
    more = events.length === 2000
    for (const event of events) {
      const said = memberOf(event, 'c8y_IsBinary', 'length')
      const content = await readFile(belfry, textOf(event, 'id'))
      if (content?.length !== said) half.push(textOf(event, 'id'))
    }
  }
  return half
}

it('a backup taken under load has all that was acknowledged before it began, and nothing by halves', async () => {
  const belfry = await startBelfry({ environment: { BELFRY_PART_ROWS: '1000' } })
  const load = await startLoad(belfry)
  const { ledger } = load
  const hasParts = () =>
    readdirSync(join(belfry.folder, 'events')).filter((name) => name.endsWith('.part')).length > 2
  await waitFor('some of everything', () => ledger.files.length > 40 && hasParts(), loadDeadlineMs)
  // Events and files come, change and go, and parts get their files, while it looks.
  for (let turn = 0; turn < 3; turn += 1) {
    expect(await verify(belfry.folder)).toMatchObject({ code: 0, stderr: '' })
  }
  const before = copyOf(ledger)
  const backup = await newPath('backup')
  const taken = await backUp(belfry, backup)
  expect(taken).toMatchObject({ code: 0, stderr: '' })
  // Nobody was held up by it.
  await waitFor(
    'more of everything',
    () => ledger.files.length > before.files.length + 10,
    loadDeadlineMs,
  )
  await load.stop()
  expect(readdirSync(join(belfry.folder, 'attachments'))).not.toContain('held')
  await belfry.kill('SIGTERM')

  const folder = await createFolder()
  expect(await restore(backup, folder)).toMatchObject({ code: 0, stderr: '' })
  expect(await verify(folder)).toMatchObject({ code: 0, stderr: '' })
  expect(await verify(backup)).toMatchObject({ code: 0, stderr: '' })
  const again = await startBelfry({ folder })
  expect(await verify(folder)).toMatchObject({ code: 0, stderr: '' })
  expect(await findLost(again, before)).toEqual([])
  expect(await findHalf(again)).toEqual([])
  console.log(
    `backup: ${before.events.length + before.reports.length} events, ${before.files.length} files, ${taken.stdout}`,
  )
}, 400_000)

/** Answers the folder of a backup that was cut short. One that was quicker than the kill is taken once more. */
const killInBackup = async (belfry: Belfry): Promise<string> => {
  let running = belfry
  for (let tries = 1; tries <= 20; tries += 1) {
    const backup = await newPath('backup')
    const taking = backUp(running, backup)
    await waitFor('its beginning', () => existsSync(join(backup, 'data')))
    await running.kill('SIGKILL')
    if ((await taking).code === 1 && !existsSync(join(backup, 'backup.json'))) return backup
    running = await startBelfry({ folder: belfry.folder })
  }
  throw new Error('every backup was quicker than its kill')
}

it('kill -9 in the middle of a backup leaves nothing that a restore accepts', async () => {
  const belfry = await startBelfry({ environment: { BELFRY_PART_ROWS: '1000' } })
  const device = await createDevice(belfry, 'filled')
  const events = Array.from({ length: 500 }, (_, n) => ({
    ...{ source: { id: device }, type: 'door', text: `event ${n} `.repeat(100) },
    time: '2026-02-01T10:00:00Z',
  }))
  for (let turn = 0; turn < 10; turn += 1) await createEvents(belfry, events)
  const backup = await killInBackup(belfry)
  const folder = await createFolder()
  const refused = await restore(backup, folder)
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('one that never came to its end')
  expect(readdirSync(folder)).toEqual([])
  const again = await startBelfry({ folder: belfry.folder })
  const other = await newPath('backup')
  expect((await backUp(again, other)).code).toBe(0)
  expect((await restore(other, folder)).code).toBe(0)
}, 240_000)

it('a flipped byte in any file of a backup, and a file too many or too few, is found before anything is written', async () => {
  const belfry = await startBelfry({ environment: { BELFRY_PART_ROWS: '1000' } })
  const device = await createDevice(belfry, 'checked')
  const event = { source: { id: device }, type: 'door', text: 'x', time: '2026-02-01T10:00:00Z' }
  for (let turn = 0; turn < 3; turn += 1) {
    await createEvents(
      belfry,
      Array.from({ length: 500 }, () => event),
    )
  }
  const { body } = await expectStatus(belfry, 201, 'POST', '/event/events', { json: event })
  const headers = { authorization: adminAuthorization, 'content-type': 'text/plain' }
  const binaries = `${belfry.url}/event/events/${textOf(body, 'id')}/binaries`
  expect((await fetch(binaries, { method: 'POST', headers, body: 'file' })).status).toBe(201)
  await waitFor('a part', () =>
    readdirSync(join(belfry.folder, 'events')).some((name) => name.endsWith('.part')),
  )
  const backup = await newPath('backup')
  expect((await backUp(belfry, backup)).code).toBe(0)
  const folder = await createFolder()
  const expectRefused = async (words: RegExp): Promise<void> => {
    const refused = await restore(backup, folder)
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(words)
    expect(readdirSync(folder)).toEqual([])
  }
  const files = filesBelow(backup)
  expect(files.length).toBeGreaterThanOrEqual(6)
  for (const path of files) {
    const whole = readFileSync(path)
    const at = Math.floor(whole.length / 2)
    const damaged = Buffer.from(whole)
    damaged[at] = (damaged[at] ?? 0) ^ 1
    writeFileSync(path, damaged)
    await expectRefused(/is damaged/)
    expect(await verify(backup)).toMatchObject({ code: 1, stdout: '' })
    rmSync(path)
    await expectRefused(/is damaged|is missing|there is no backup\.json/)
    writeFileSync(path, whole)
  }
  const stranger = join(backup, 'data', 'events', '00000099.part')
  writeFileSync(stranger, '')
  await expectRefused(/00000099\.part is not of this backup/)
  rmSync(stranger)
  const manifest = join(backup, 'backup.json')
  const said = readFileSync(manifest, 'utf8')
  writeFileSync(manifest, said.replace('"format": 1', '"format": 2'))
  await expectRefused(/format 2, and this version knows formats up to 1/)
  writeFileSync(manifest, said)
  expect((await restore(backup, folder)).code).toBe(0)
  expect((await restore(backup, folder)).stderr).toMatch(/is not empty/)
  for (const path of filesBelow(folder).filter((name) => !/-(wal|shm)$/.test(name))) {
    const whole = readFileSync(path)
    writeFileSync(path, whole.subarray(0, Math.floor(whole.length / 2)))
    expect(await verify(folder), path).toMatchObject({ code: 1, stdout: '' })
    writeFileSync(path, whole)
  }
  expect(await verify(folder)).toMatchObject({ code: 0, stderr: '' })
}, 240_000)

it('only operators on the machine of the server take backups, into a new folder outside of the data', async () => {
  const belfry = await startBelfry()
  const backup = await newPath('backup')
  const asTenant = await runCommand(['backup', backup], clientOf(belfry))
  expect(asTenant).toMatchObject({ code: 1, stderr: 'belfry: a role is missing (HTTP 403)\n' })
  const inside = await backUp(belfry, join(belfry.folder, 'backup'))
  expect(inside.stderr).toContain('must not lie in the data folder or around it')
  expect((await backUp(belfry, await createFolder())).code).toBe(0)
  expect((await backUp(belfry, backup)).code).toBe(0)
  expect((await backUp(belfry, backup)).stderr).toContain('must be empty, or not there yet')
  const forwarded = await fetch(`${belfry.url}/belfry/v1/backups`, {
    method: 'POST',
    headers: {
      ...{ authorization: operatorAuthorization, 'content-type': 'application/json' },
      'x-forwarded-for': '203.0.113.7',
    },
    body: JSON.stringify({ folder: `${backup}-2` }),
  })
  expect(forwarded.status).toBe(403)
})
