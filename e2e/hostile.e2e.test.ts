import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { afterAll, expect, it } from 'vitest'
import { createDevice, expectStatus, request, textOf } from './api.ts'
import { adminAuthorization, cleanUp, startBelfry } from './harness.ts'
import type { Belfry } from './harness.ts'
import { generateRequest } from './hostile/generate-request.ts'
import { sendRaw } from './hostile/raw-request.ts'
import { createRandom } from './random.ts'

afterAll(cleanUp)

const requestsInAll = 6_000
const atOnce = 16
const slowSockets = 64
const growthMax = 120 * 1024 * 1024

const residentBytes = (pid: number): number => {
  const [, kilobytes = '0'] =
    /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}

/** Connections that begin a body and never end it. */
const openSlowSockets = ({ port }: Belfry): readonly Socket[] =>
  Array.from({ length: slowSockets }, () => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(
      `POST /event/events HTTP/1.1\r\nHost: x\r\nAuthorization: ${adminAuthorization}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"text":"',
    )
    return socket
  })

const sendHostile = async (belfry: Belfry, seed: number): Promise<Map<string, number>> => {
  const random = createRandom(seed)
  const around = await prepare(belfry)
  const seen = new Map<string, number>()
  let left = requestsInAll
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const hostile = generateRequest(random, around)
      const status = await sendRaw(belfry.port, hostile)
      const key = status >= 500 ? `${status} ${hostile.what}` : String(status)
      seen.set(key, (seen.get(key) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return seen
}

const prepare = async (belfry: Belfry): Promise<Parameters<typeof generateRequest>[1]> => {
  const device = await createDevice(belfry, 'hostile')
  const app = await expectStatus(belfry, 201, 'POST', '/belfry/v1/tenants/t1/apps', {
    json: { name: 'hostile' },
  })
  const key = await expectStatus(belfry, 201, 'POST', '/belfry/v1/tenants/t1/keys', {
    json: { name: 'hostile' },
  })
  const event = await expectStatus(belfry, 201, 'POST', '/event/events', {
    json: { source: { id: device }, type: 'x', text: '', time: '2026-02-01T10:00:00Z' },
  })
  return {
    tenant: 't1',
    device,
    uploads: [`/event/events/${textOf(event.body, 'id')}/binaries`, '/inventory/binaries'],
    appId: textOf(app.body, 'id'),
    apiKey: textOf(key.body, 'key'),
    authorization: adminAuthorization,
  }
}

/** A well-behaved client that goes on meanwhile; answers how many of its events were taken. */
const serveOthers = async (belfry: Belfry, until: Promise<unknown>): Promise<number> => {
  const device = await createDevice(belfry, 'well-behaved')
  let isOver = false
  void until.finally(() => (isOver = true))
  let taken = 0
  while (!isOver) {
    await expectStatus(belfry, 201, 'POST', '/event/events', {
      json: { source: { id: device }, type: 'fine', text: '', time: '2026-02-01T10:00:00Z' },
    })
    taken += 1
  }
  return taken
}

it(
  'hostile requests meet no 500 and no crash, and others are served',
  { timeout: 300_000 },
  async () => {
    const seed = Date.now() % 1_000_000
    console.log(`hostile input: ${requestsInAll} requests, seed ${seed}`)
    const belfry = await startBelfry()
    const slow = openSlowSockets(belfry)
    await sendHostile(belfry, seed + 1)
    const before = residentBytes(belfry.pid)
    const hostile = sendHostile(belfry, seed)
    const [seen, taken] = await Promise.all([hostile, serveOthers(belfry, hostile)])
    for (const socket of slow) socket.destroy()
    console.log(
      JSON.stringify(Object.fromEntries([...seen].sort())),
      `others: ${taken}`,
      `resident: ${Math.round(before / 1e6)} -> ${Math.round(residentBytes(belfry.pid) / 1e6)} MB`,
    )
    expect([...seen.keys()].filter((key) => key.startsWith('5'))).toEqual([])
    expect(taken).toBeGreaterThan(50)
    expect(residentBytes(belfry.pid) - before).toBeLessThan(growthMax)
    expect((await request(belfry, 'GET', '/readyz')).status).toBe(200)
    expect(belfry.stderr()).not.toContain('request failed')
  },
)

const peakBytes = (pid: number): number => {
  const [, kilobytes = '0'] =
    /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}

it('a body of single bytes takes no more memory than another of its size', async () => {
  const belfry = await startBelfry()
  await expectStatus(belfry, 200, 'GET', '/event/events')
  const head = [
    ...['POST /event/events HTTP/1.1', 'Host: x', `Authorization: ${adminAuthorization}`],
    ...['Content-Type: application/json', 'Transfer-Encoding: chunked'],
  ]
  const body = Buffer.from(`${'1\r\nx\r\n'.repeat(3_000_000)}0\r\n\r\n`)
  const before = peakBytes(belfry.pid)
  expect(await sendRaw(belfry.port, { what: 'single bytes', head, body })).toBe(422)
  const grown = peakBytes(belfry.pid) - before
  console.log(`3 MB in single bytes: ${Math.round(grown / 1e6)} MB more at most`)
  expect(grown).toBeLessThan(growthMax)
}, 60_000)
