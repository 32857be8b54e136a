import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
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
import { adminAuthorization, cleanUp, startBelfry, waitFor } from './harness.ts'
import type { Belfry } from './harness.ts'

afterEach(cleanUp)

const mebibyte = 1024 * 1024

const filesOf = ({ folder }: Pick<Belfry, 'folder'>): readonly string[] =>
  readdirSync(join(folder, 'attachments'), { recursive: true, withFileTypes: true }).flatMap(
    (entry) => (entry.isFile() ? [entry.name] : []),
  )

const createEvent = async (belfry: Belfry, text = 'door'): Promise<string> => {
  const device = await createDevice(belfry, 'attaching')
  const json = { source: { id: device }, type: 'door', text, time: '2026-02-01T10:00:00Z' }
  return textOf((await expectStatus(belfry, 201, 'POST', '/event/events', { json })).body, 'id')
}

/** Bytes that repeat with no power of two, so that a lost or doubled block is seen. */
const patternOf = (length: number): Buffer => {
  const block = Buffer.from(Array.from({ length: 251 }, (_, index) => index))
  return Buffer.alloc(length, block)
}

const send = async (
  { url }: Belfry,
  method: string,
  path: string,
  body?: Uint8Array<ArrayBuffer>,
): Promise<Response> =>
  fetch(`${url}${path}`, {
    method,
    headers: { authorization: adminAuthorization, 'content-type': 'application/x-test' },
    ...(body === undefined ? {} : { body }),
  })

const residentBytes = (pid: number): number => {
  const [, kilobytes = '0'] =
    /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}

/** The largest resident size while `run` is under way. */
const peakWhile = async (pid: number, run: () => Promise<void>): Promise<number> => {
  let isOver = false
  let peak = 0
  const over = run().finally(() => (isOver = true))
  while (!isOver) {
    peak = Math.max(peak, residentBytes(pid))
    await setTimeout(5)
  }
  await over
  return peak
}

it('50 MiB go up and down, whole, and are never in memory', async () => {
  const belfry = await startBelfry()
  const content = Uint8Array.from(patternOf(50 * mebibyte))
  const transfer = async (bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    const path = `/event/events/${await createEvent(belfry)}/binaries`
    expect((await send(belfry, 'POST', path, bytes)).status).toBe(201)
    const down = await send(belfry, 'GET', path)
    expect(down.headers.get('content-length')).toBe(String(bytes.length))
    expect(Buffer.from(await down.arrayBuffer()).equals(bytes)).toBe(true)
  }
  // What is loaded and allocated once is not the file's.
  for (let warm = 0; warm < 3; warm += 1) await transfer(content.slice(0, mebibyte))
  const before = residentBytes(belfry.pid)
  const peak = await peakWhile(belfry.pid, () => transfer(content))
  const again = await peakWhile(belfry.pid, () => transfer(content))
  console.log(
    `resident: ${Math.round(before / 1e6)} MB, at most ${Math.round(peak / 1e6)} and ${Math.round(again / 1e6)} MB`,
  )
  expect(peak - before).toBeLessThan(30_000_000)
  expect(again - before).toBeLessThan(30_000_000)
  const path = `/event/events/${await createEvent(belfry)}/binaries`
  const tooLarge = await send(belfry, 'POST', path, Uint8Array.from(patternOf(content.length + 1)))
  expect(tooLarge.status).toBe(413)
  expect((await send(belfry, 'GET', path)).status).toBe(404)
})

it('a file of which nobody says how long it is ends at the limit', async () => {
  const belfry = await startBelfry()
  const path = `/event/events/${await createEvent(belfry)}/binaries`
  let sent = 0
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent += mebibyte
      if (sent > 60 * mebibyte) controller.close()
      else controller.enqueue(new Uint8Array(mebibyte))
    },
  })
  const answer = await fetch(`${belfry.url}${path}`, {
    method: 'POST',
    headers: { authorization: adminAuthorization },
    body: endless,
    duplex: 'half',
  })
  expect(answer.status).toBe(413)
  await waitFor('the staged file to go', () => filesOf(belfry).length === 0)
  expect((await send(belfry, 'POST', path, Uint8Array.from([1]))).status).toBe(201)
})

/** Begins an upload over a socket of its own, and leaves it there. */
const beginUpload = (belfry: Belfry, path: string, headers: readonly string[], body: string) => {
  const socket = connect(belfry.port, '127.0.0.1')
  socket.on('error', () => undefined)
  const head = [`POST ${path} HTTP/1.1`, 'Host: x', `Authorization: ${adminAuthorization}`]
  socket.write(`${[...head, ...headers].join('\r\n')}\r\n\r\n${body}`)
  return socket
}

it('kill -9 in the middle of uploads leaves nothing to be seen, and no file', async () => {
  const belfry = await startBelfry()
  const [raw, form, chunked] = [
    await createEvent(belfry),
    await createEvent(belfry),
    await createEvent(belfry),
  ]
  const half = 'x'.repeat(200_000)
  beginUpload(belfry, `/event/events/${raw}/binaries`, ['Content-Length: 1000000'], half)
  beginUpload(
    belfry,
    `/event/events/${form}/binaries`,
    ['Content-Length: 1000000', 'Content-Type: multipart/form-data; boundary=b'],
    `--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n${half}`,
  )
  const answer = await fetch(`${belfry.url}/event/events/${chunked}/binaries`, {
    method: 'POST',
    headers: { authorization: adminAuthorization, 'content-range': 'bytes 0-2/9' },
    body: 'abc',
  })
  expect(answer.status).toBe(200)
  await waitFor('three uploads on disk', () => filesOf(belfry).length === 3)
  await belfry.kill('SIGKILL')

  const after = await startBelfry({ folder: belfry.folder })
  expect(filesOf(after)).toEqual([])
  for (const id of [raw, form, chunked]) {
    expect((await send(after, 'GET', `/event/events/${id}/binaries`)).status).toBe(404)
    const { body } = await expectStatus(after, 200, 'GET', `/event/events/${id}`)
    expect(JSON.stringify(body)).not.toContain('Binary')
  }
  const path = `/event/events/${raw}/binaries`
  expect((await send(after, 'POST', path, Uint8Array.from([1, 2]))).status).toBe(201)
})

it('what was acknowledged outlives kill -9, file and fragment', async () => {
  const belfry = await startBelfry()
  const id = await createEvent(belfry)
  const path = `/event/events/${id}/binaries`
  const content = Uint8Array.from(patternOf(300_000))
  expect((await send(belfry, 'POST', path, content)).status).toBe(201)
  await belfry.kill('SIGKILL')
  const again = await startBelfry({ folder: belfry.folder })
  const read = await send(again, 'GET', path)
  expect(Buffer.from(await read.arrayBuffer()).equals(content)).toBe(true)
  const { body } = await expectStatus(again, 200, 'GET', `/event/events/${id}`)
  expect(memberOf(body, 'c8y_IsBinary', 'length')).toBe(content.length)
  expect(filesOf(again)).toEqual([`t1.event.${id}`])
})

it('clients that hang up in the middle leave no file', async () => {
  const belfry = await startBelfry()
  const path = `/event/events/${await createEvent(belfry)}/binaries`
  const socket = beginUpload(belfry, path, ['Content-Length: 1000000'], 'x'.repeat(100_000))
  await waitFor('the upload on disk', () => filesOf(belfry).length === 1)
  socket.destroy()
  await waitFor('the file to go', () => filesOf(belfry).length === 0)
  expect((await send(belfry, 'GET', path)).status).toBe(404)
})

/** Each file that goes is a sync of its folder, one after the other. */
const filesGoneDeadlineMs = 120_000

it('1,000 attachments deleted with their events leave no file', async () => {
  const belfry = await startBelfry()
  const device = await createDevice(belfry, 'many')
  const events = Array.from({ length: 1_000 }, (_, index) => ({
    source: { id: device },
    type: 'door',
    text: `n${index}`,
    time: '2026-02-01T10:00:00Z',
  }))
  await createEvents(belfry, events)
  const listed = await expectStatus(belfry, 200, 'GET', '/event/events?pageSize=2000')
  const ids = listOf(listed.body, 'events').map((event) => textOf(event, 'id'))
  const other = await createEvent(belfry)
  const left = [...ids, other]
  const worker = async (): Promise<void> => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      const answer = await send(belfry, 'POST', `/event/events/${id}/binaries`, new Uint8Array(9))
      expect(answer.status).toBe(201)
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker))
  expect(filesOf(belfry)).toHaveLength(1_001)

  for (const id of ids.slice(0, 10)) {
    await expectStatus(belfry, 204, 'DELETE', `/event/events/${id}`)
  }
  expect(filesOf(belfry)).toHaveLength(991)
  await expectStatus(belfry, 204, 'DELETE', `/event/events?source=${device}&dateTo=2030-01-01`)
  await waitFor('the files to go', () => filesOf(belfry).length === 1, filesGoneDeadlineMs)
  expect(filesOf(belfry)).toEqual([`t1.event.${other}`])
  expect((await request(belfry, 'GET', `/event/events/${other}/binaries`)).status).toBe(200)
}, 300_000)

it('an upload in chunks whose event goes leaves no file', async () => {
  const belfry = await startBelfry()
  const [gone, stays] = [await createEvent(belfry), await createEvent(belfry)]
  for (const id of [gone, stays]) {
    const answer = await fetch(`${belfry.url}/event/events/${id}/binaries`, {
      method: 'POST',
      headers: { authorization: adminAuthorization, 'content-range': 'bytes 0-2/6' },
      body: 'abc',
    })
    expect(answer.status).toBe(200)
  }
  await expectStatus(belfry, 204, 'DELETE', `/event/events/${gone}`)
  await waitFor('its file to go', () => filesOf(belfry).length === 1)
  const answer = await fetch(`${belfry.url}/event/events/${stays}/binaries`, {
    method: 'POST',
    headers: { authorization: adminAuthorization, 'content-range': 'bytes 3-5/6' },
    body: 'def',
  })
  expect(answer.status).toBe(201)
})

it('a file whose event went just before kill -9 goes after the next start', async () => {
  const belfry = await startBelfry()
  const id = await createEvent(belfry)
  expect(
    (await send(belfry, 'POST', `/event/events/${id}/binaries`, new Uint8Array(9))).status,
  ).toBe(201)
  await expectStatus(belfry, 204, 'DELETE', `/event/events?dateTo=2030-01-01`)
  await belfry.kill('SIGKILL')
  const again = await startBelfry({ folder: belfry.folder })
  await waitFor('the orphan to go', () => filesOf(again).length === 0)
})
