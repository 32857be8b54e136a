import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectStatus, request } from './api.ts'
import { basicAuthorization, operatorAuthorization, startBelfry } from './harness.ts'
import type { Belfry } from './harness.ts'

/** docs/operations.md, limits. Answers are counted, none is timed. */
let belfry: Belfry
const quiet = basicAuthorization('t2/admin', 'correct horse battery')

const requestsPerS = 5
const queue = 45
const atOnce = requestsPerS + queue

beforeAll(async () => {
  const environment = {
    BELFRY_TENANT_REQUESTS: String(requestsPerS),
    BELFRY_TENANT_QUEUE: String(queue),
  }
  belfry = await startBelfry({ environment })
  const json = { id: 't2', administrator: { password: 'correct horse battery' } }
  const authorization = operatorAuthorization
  await expectStatus(belfry, 201, 'POST', '/belfry/v1/tenants', { authorization, json })
})

afterAll(async () => {
  await belfry.kill('SIGTERM')
})

const path = '/event/events?pageSize=1'

/** As long as `until` has not come about: 16 at once, again and again; answers how many had which status. */
const press = async (until: () => boolean): Promise<ReadonlyMap<number, number>> => {
  const counts = new Map<number, number>()
  const client = async (): Promise<void> => {
    while (!until()) {
      const { status, headers } = await request(belfry, 'GET', path)
      counts.set(status, (counts.get(status) ?? 0) + 1)
      if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    }
  }
  await Promise.all(Array.from({ length: 16 }, client))
  return counts
}

it('a tenant at its limit leaves the answers of another as they are', async () => {
  let isDone = false
  const startedMs = Date.now()
  const pressing = press(() => isDone)
  const statuses: number[] = []
  for (let sent = 0; sent < atOnce; sent += 1) {
    const { status, headers } = await request(belfry, 'GET', path, { authorization: quiet })
    statuses.push(status)
    expect(headers.get('ratelimit-policy')).toBe(`"tenant";q=${atOnce};w=10`)
  }
  isDone = true
  const counts = await pressing
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect(new Set(counts.keys())).toEqual(new Set([200, 429]))
  const mostTaken = atOnce + ((Date.now() - startedMs) / 1_000) * requestsPerS
  expect(counts.get(200)).toBeLessThanOrEqual(mostTaken)
  expect(counts.get(429)).toBeGreaterThan(0)
})
