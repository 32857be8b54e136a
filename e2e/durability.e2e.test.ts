import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createDevice, expectStatus, request, textOf } from './api.ts'
import { cleanUp, startBelfry, waitFor } from './harness.ts'
import type { Belfry } from './harness.ts'
import { attachStrace, isStraceMissing } from './strace.ts'

afterEach(cleanUp)

const event = (device: string, text: string): { readonly json: unknown } => ({
  json: { source: { id: device }, type: 'durable', text, time: '2026-02-01T10:00:00Z' },
})

const traced = ['-s', '24', '-e', 'trace=read,write,writev,pwrite64,fdatasync,fsync']

/**
 * For each 201 that leaves through a socket: whether, since the request came in, the log of the event
 * file was written and then synced. Calls that strace shows in two lines count when they end.
 */
const syncedBefore201 = (lines: readonly string[]): readonly boolean[] => {
  const verdicts: boolean[] = []
  const waiting = new Map<string, string>()
  let written = false
  let synced = false
  for (const line of lines) {
    const thread = line.split(' ', 1)[0] ?? ''
    if (line.includes('<unfinished ...>')) waiting.set(thread, line)
    const call = line.includes('resumed>') ? `${waiting.get(thread) ?? ''}${line}` : line
    if (line.includes('<unfinished ...>') && !/writev?\(/.test(line)) continue
    if (/read\(.*"POST /.test(call)) [written, synced] = [false, false]
    if (/pwrite64\(\d+<.*head\.db-wal>/.test(call)) [written, synced] = [true, false]
    if (/(?:fdatasync|fsync)\(\d+<.*head\.db-wal>.*= 0/.test(call)) synced = written
    if (/writev?\(.*HTTP\/1\.1 201/.test(line)) verdicts.push(synced)
  }
  return verdicts
}

const withStrace = it.skipIf(isStraceMissing())

describe('an acknowledgement', () => {
  withStrace('leaves only after the sync that covers its event', async () => {
    const belfry = await startBelfry()
    const device = await createDevice(belfry, 'd')
    const tracer = await attachStrace(belfry.pid, join(belfry.folder, 'strace.log'), traced)
    for (let index = 0; index < 20; index += 1) {
      await expectStatus(belfry, 201, 'POST', '/event/events', event(device, `n${index}`))
    }
    const verdicts = syncedBefore201(await tracer.detach())
    expect(verdicts).toEqual(Array.from({ length: 20 }, () => true))
  })

  it('would be seen to leave too early by this very reading of the trace', () => {
    const early = [
      '7 read(20<socket:[1]>, "POST /event/events HTTP/1.1"..., 65536) = 300',
      '9 pwrite64(25</d/events/head.db-wal>, "x"..., 4096, 0) = 4096',
      '9 fdatasync(25</d/events/head.db-wal> <unfinished ...>',
      '7 write(20<socket:[1]>, "HTTP/1.1 201 Created"..., 400) = 400',
      '9 <... fdatasync resumed>) = 0',
    ]
    const [read = '', wal = '', sync = '', answer = '', end = ''] = early
    expect(syncedBefore201(early)).toEqual([false])
    expect(syncedBefore201([read, wal, sync, end, answer])).toEqual([true])
  })
})

const isReady = async (belfry: Belfry): Promise<boolean> =>
  (await request(belfry, 'GET', '/readyz')).status === 200

describe('a failed sync', () => {
  withStrace('acknowledges nothing more until a restart, while reads go on', async () => {
    const belfry = await startBelfry()
    const device = await createDevice(belfry, 'd')
    const kept = await expectStatus(belfry, 201, 'POST', '/event/events', event(device, 'kept'))
    const tracer = await attachStrace(belfry.pid, join(belfry.folder, 'strace.log'), [
      ...['-e', 'trace=fdatasync,fsync', '-e', 'inject=fdatasync,fsync:error=EIO'],
    ])
    const refused = await expectStatus(belfry, 503, 'POST', '/event/events', event(device, 'lost'))
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
    await tracer.detach()
    await expectStatus(belfry, 503, 'POST', '/event/events', event(device, 'lost'))
    await expectStatus(belfry, 503, 'PUT', textOf(kept.body, 'self'), { json: { text: 'lost' } })
    await expectStatus(belfry, 503, 'DELETE', textOf(kept.body, 'self'))
    const read = await expectStatus(belfry, 200, 'GET', textOf(kept.body, 'self'))
    expect(textOf(read.body, 'text')).toBe('kept')
    expect(await isReady(belfry)).toBe(false)
    expect(await belfry.kill('SIGTERM')).toBe(0)

    const again = await startBelfry({ folder: belfry.folder })
    const id = textOf(kept.body, 'id')
    await expectStatus(again, 200, 'GET', `/event/events/${id}`)
    await expectStatus(again, 201, 'POST', '/event/events', event(device, 'after'))
    expect(await isReady(again)).toBe(true)
  })
})

describe('a full disk', () => {
  withStrace('refuses with 507, loses nothing, and takes events again by itself', async () => {
    const belfry = await startBelfry()
    const device = await createDevice(belfry, 'd')
    const kept = await expectStatus(belfry, 201, 'POST', '/event/events', event(device, 'kept'))
    const tracer = await attachStrace(belfry.pid, join(belfry.folder, 'strace.log'), [
      ...['-e', 'trace=pwrite64', '-e', 'inject=pwrite64:error=ENOSPC'],
    ])
    await expectStatus(belfry, 507, 'POST', '/event/events', event(device, 'lost'))
    await expectStatus(belfry, 200, 'GET', textOf(kept.body, 'self'))
    const ready = await request(belfry, 'GET', '/readyz')
    expect(ready.status).toBe(200)
    expect(JSON.stringify(ready.body)).toContain('degraded')
    await tracer.detach()
    await waitFor('events are taken again', async () => {
      const answer = await request(belfry, 'POST', '/event/events', event(device, 'after'))
      return answer.status === 201
    })
    const list = await expectStatus(belfry, 200, 'GET', '/event/events?type=durable')
    expect(JSON.stringify(list.body)).not.toContain('lost')
    expect(JSON.stringify(list.body)).toContain('kept')
  })
})
