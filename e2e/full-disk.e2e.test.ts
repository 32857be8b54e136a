import { closeSync, existsSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDevice, expectStatus, listOf, memberOf, request, textOf } from './api.ts'
import { adminAuthorization, basicAuthorization, bootstrapPassword, cleanUp } from './harness.ts'
import { createFolder, operatorAuthorization, startBelfry, waitFor } from './harness.ts'
import type { Belfry } from './harness.ts'
import { isMountMissing, mountSmallDisk } from './small-disk.ts'
import type { SmallDisk } from './small-disk.ts'
import { attachStrace, isStraceMissing } from './strace.ts'

const diskBytes = 12 * 1024 * 1024

let disk: SmallDisk

beforeEach(() => {
  disk = mountSmallDisk(diskBytes)
})
afterEach(async () => {
  await cleanUp()
  disk.unmount()
})

/** On the small disk, with parts of so many events. */
const start = (partRows: number): Promise<Belfry> =>
  startBelfry({
    folder: join(disk.folder, 'data'),
    environment: { BELFRY_DISK_RESERVE: '4MB', BELFRY_PART_ROWS: String(partRows) },
  })

const password = bootstrapPassword

const eventOf = (device: string, type: string, text: string) => ({
  ...{ source: { id: device }, type, text },
  time: '2026-02-01T10:00:00Z',
})

const eventsPerRequest = 100

/** One of four is to be kept: what is left in the head must fit into the reserve. */
const someEvents = (device: string) =>
  Array.from({ length: eventsPerRequest }, (_, index) =>
    eventOf(device, index % 4 === 0 ? 'kept' : 'gone', `${index} `.repeat(100)),
  )

const collection = { 'content-type': 'application/vnd.com.nsn.cumulocity.eventCollection+json' }

/** Events until one request is refused for want of space; answers how many were acknowledged. */
const fill = async (belfry: Belfry, device: string, authorization?: string): Promise<number> => {
  const json = { events: someEvents(device) }
  const as = authorization === undefined ? {} : { authorization }
  for (let stored = 0; ; stored += eventsPerRequest) {
    const call = { json, headers: collection, ...as }
    const { status, headers } = await request(belfry, 'POST', '/event/events', call)
    if (status === 201) continue
    expect(status).toBe(507)
    expect(headers.get('retry-after')).toMatch(/^\d+$/)
    return stored
  }
}

const countOf = async (belfry: Belfry, filter = ''): Promise<unknown> => {
  const path = `/event/events?pageSize=1&withTotalElements=true${filter}`
  const { body } = await expectStatus(belfry, 200, 'GET', path)
  return memberOf(body, 'statistics', 'totalElements')
}

const readiness = async (belfry: Belfry): Promise<string> => {
  const { body } = await expectStatus(belfry, 200, 'GET', '/readyz')
  return textOf(body, 'status')
}

const untilReady = (belfry: Belfry): Promise<void> =>
  waitFor('it says ready', async () => (await readiness(belfry)) === 'ready')

const untilTaken = (belfry: Belfry, device: string): Promise<void> =>
  waitFor('events are taken in again', async () => {
    const json = eventOf(device, 'after', 'the disk has room')
    return (await request(belfry, 'POST', '/event/events', { json })).status === 201
  })

/** What is written behind the last event, logs above all, may give space back a moment later: events until none fits. */
const fillUp = async (belfry: Belfry, device: string): Promise<number> => {
  let stored = 0
  await waitFor('it stays full', async () => {
    const more = await fill(belfry, device)
    stored += more
    return more === 0 && (await readiness(belfry)) === 'degraded'
  })
  return stored
}

/** A disk that is full of events, all of which are there. */
const startFull = async (partRows: number) => {
  const belfry = await start(partRows)
  const device = await createDevice(belfry, 'd')
  const stored = await fillUp(belfry, device)
  expect(stored).toBeGreaterThan(1_000)
  expect(await countOf(belfry)).toBe(stored)
  return { belfry, device, stored }
}

/** Takes space until so much is left, as another program on the disk would. */
const takeSpace = (path: string, leftBytes: number): void => {
  const file = openSync(path, 'w')
  const chunk = Buffer.alloc(4_096)
  while (disk.freeBytes() > leftBytes && hasWritten(file, chunk));
  fdatasyncSync(file)
  closeSync(file)
}

/** False where the server was quicker to take what was left. */
const hasWritten = (file: number, chunk: Buffer): boolean => {
  try {
    return writeSync(file, chunk) > 0
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false
    throw error
  }
}

type FileBody = Uint8Array | ReadableStream<Uint8Array>

const attach = async (belfry: Belfry, event: string, body: FileBody): Promise<number> => {
  const path = `${belfry.url}/event/events/${event}/binaries`
  const call = { method: 'POST', headers: { authorization: adminAuthorization }, body }
  const signal = AbortSignal.timeout(20_000)
  return (await fetch(path, { ...call, duplex: 'half', signal })).status
}

/** A file of which no more comes: it is answered only if it is refused for what is there already. */
const fileBegun = (bytes: number): FileBody =>
  new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(bytes)),
  })

/** Parts with files of their own, and everything in the head. */
const sizesOfParts = [200, 125_000]

describe.skipIf(isMountMissing())('a disk that is really full', () => {
  // In between: a part's file is so large that the reserve may have no room for it.
  it.each([...sizesOfParts, 8_000])(
    'keeps what was acknowledged, and takes events in again after a deletion (parts of %d)',
    async (partRows) => {
      const { belfry, device, stored } = await startFull(partRows)
      const page = await expectStatus(belfry, 200, 'GET', '/event/events?pageSize=1')
      const id = textOf(listOf(page.body, 'events')[0], 'id')
      await expectStatus(belfry, 204, 'DELETE', `/event/events/${id}`)
      await expectStatus(belfry, 404, 'GET', `/event/events/${id}`)
      await expectStatus(belfry, 204, 'DELETE', `/event/events?source=${device}&type=gone`)
      expect(await countOf(belfry, '&type=gone')).toBe(0)
      await untilTaken(belfry, device)
      const kept = await countOf(belfry, '&type=kept')
      expect([stored / 4, stored / 4 - 1]).toContain(kept)
      await untilReady(belfry)
    },
  )

  it.each(sizesOfParts)(
    'can be filled and emptied again and again (parts of %d)',
    async (partRows) => {
      const { belfry, device, stored } = await startFull(partRows)
      for (let round = 0; round < 3; round += 1) {
        await expectStatus(belfry, 204, 'DELETE', `/event/events?source=${device}`)
        let again = 0
        await waitFor('half as many find room again', async () => {
          again += await fill(belfry, device)
          return again >= stored / 2
        })
        expect(await countOf(belfry)).toBe(again)
      }
    },
  )

  it.each(sizesOfParts)(
    'goes on after kill -9 and a start at that moment (parts of %d)',
    async (partRows) => {
      const { belfry, device, stored } = await startFull(partRows)
      await belfry.kill('SIGKILL')
      const again = await start(partRows)
      expect(await countOf(again)).toBe(stored)
      await fillUp(again, device)
      await expectStatus(again, 204, 'DELETE', `/event/events?source=${device}&type=gone`)
      await again.kill('SIGKILL')
      const last = await start(partRows)
      expect(await countOf(last, '&type=gone')).toBe(0)
      await untilTaken(last, device)
    },
  )

  it.each(sizesOfParts)('has room again when a tenant has gone (parts of %d)', async (partRows) => {
    const belfry = await start(partRows)
    const device = await createDevice(belfry, 'd')
    await untilTaken(belfry, device)
    const created = await expectStatus(belfry, 201, 'POST', '/belfry/v1/tenants', {
      authorization: operatorAuthorization,
      json: { id: 't2', administrator: { name: 'admin', password } },
    })
    expect(created.body).toMatchObject({ id: 't2' })
    const authorization = basicAuthorization('t2/admin', password)
    const json = { name: 'd2', c8y_IsDevice: {} }
    const made = await expectStatus(belfry, 201, 'POST', '/inventory/managedObjects', {
      ...{ authorization, json },
    })
    await fill(belfry, textOf(made.body, 'id'), authorization)
    await expectStatus(belfry, 204, 'DELETE', '/belfry/v1/tenants/t2', {
      authorization: operatorAuthorization,
    })
    await untilTaken(belfry, device)
    expect(await countOf(belfry)).toBe(2)
  })
})

describe.skipIf(isMountMissing() || isStraceMissing())('a file that is slow to be built', () => {
  it('finds the room that it was promised, and deleting finds its own', async () => {
    const belfry = await start(8_000)
    const device = await createDevice(belfry, 'd')
    const path = join(belfry.folder, 'events', '00000001.part')
    const tracer = await attachStrace(belfry.pid, join(await createFolder(), 'strace.log'), [
      ...['-P', `${path}.building`, '-e', 'trace=pwrite64'],
      ...['-e', 'inject=pwrite64:delay_enter=1000000'],
    ])
    const stored = await fill(belfry, device)
    expect(existsSync(`${path}.building`)).toBe(true)
    const page = await expectStatus(belfry, 200, 'GET', '/event/events?pageSize=100')
    const last = textOf(listOf(page.body, 'events')[99], 'id')
    expect(await attach(belfry, last, fileBegun(500_000))).toBe(507)
    await tracer.detach()
    await waitFor('the file of the first part', () => existsSync(path))
    for (const event of listOf(page.body, 'events')) {
      await expectStatus(belfry, 204, 'DELETE', `/event/events/${textOf(event, 'id')}`)
    }
    await expectStatus(belfry, 204, 'DELETE', `/event/events?source=${device}&type=gone`)
    expect(await countOf(belfry)).toBe((stored - 100) / 4)
    await untilTaken(belfry, device)
  })
})

describe.skipIf(isMountMissing())('a disk that somebody else has filled', () => {
  it('refuses events, and takes them in again when that file has gone', async () => {
    const belfry = await start(200)
    const device = await createDevice(belfry, 'd')
    await untilTaken(belfry, device)
    const other = join(disk.folder, 'other')
    takeSpace(other, 0)
    const stored = 1 + (await fillUp(belfry, device))
    expect(await countOf(belfry)).toBe(stored)
    await belfry.kill('SIGKILL')
    const again = await start(200)
    expect(await countOf(again)).toBe(stored)
    expect(await fill(again, device)).toBe(0)
    rmSync(other)
    await untilTaken(again, device)
    await untilReady(again)
    expect(await again.kill('SIGTERM')).toBe(0)
  })

  it('refuses objects too, and lets them go', async () => {
    const belfry = await start(200)
    const device = await createDevice(belfry, 'd')
    takeSpace(join(disk.folder, 'other'), 3 * 1024 * 1024)
    const objects = '/inventory/managedObjects'
    await waitFor('objects are refused', async () => {
      const { status } = await request(belfry, 'POST', objects, { json: { name: 'one more' } })
      return status === 507
    })
    await expectStatus(belfry, 507, 'PUT', `${objects}/${device}`, { json: { name: 'renamed' } })
    expect(await readiness(belfry)).toBe('degraded')
    await expectStatus(belfry, 204, 'DELETE', `${objects}/${device}`)
    rmSync(join(disk.folder, 'other'))
    await untilReady(belfry)
    await expectStatus(belfry, 201, 'POST', objects, { json: { name: 'one more' } })
  })

  it('in the midst of filling loses nothing that was acknowledged', async () => {
    const { belfry, device, stored } = await startFull(200)
    const other = join(disk.folder, 'other')
    takeSpace(other, 0)
    expect(await countOf(belfry)).toBe(stored)
    const more = await fillUp(belfry, device)
    await belfry.kill('SIGKILL')
    const again = await start(200)
    expect(await countOf(again)).toBe(stored + more)
    rmSync(other)
    await expectStatus(again, 204, 'DELETE', `/event/events?source=${device}&type=gone`)
    await untilTaken(again, device)
    expect(await countOf(again, '&type=kept')).toBe((stored + more) / 4)
  })
})

describe.skipIf(isMountMissing())('a disk that files have filled', () => {
  it('keeps its reserve, with which deleting makes room again', async () => {
    const belfry = await start(200)
    const device = await createDevice(belfry, 'd')
    const attachToNew = async (): Promise<number> => {
      const json = eventOf(device, 'with a file', 'x')
      const { status, body } = await request(belfry, 'POST', '/event/events', { json })
      if (status !== 201) return status
      return attach(belfry, textOf(body, 'id'), new Uint8Array(1_500_000))
    }
    let attached = 0
    let status = await attachToNew()
    for (; status === 201; status = await attachToNew()) attached += 1
    expect(status).toBe(507)
    expect(attached).toBeGreaterThan(0)
    // Of the reserve of 4 MB only what files may take between two looks, and what the log of the events has, is gone.
    expect(disk.freeBytes()).toBeGreaterThan(2_000_000)
    await expectStatus(belfry, 204, 'DELETE', `/event/events?source=${device}&type=with%20a%20file`)
    await untilTaken(belfry, device)
    await waitFor('a file finds room again', async () => (await attachToNew()) === 201)
  })
})
