import { assert, array, constant, integer, oneof, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestsAtOnce, takeRequest } from './request-quota.ts'
import type { RequestLimit, RequestQuota } from './request-quota.ts'

const limits = record({
  requestsPerS: integer({ min: 1, max: 1_000 }),
  queue: integer({ min: 0, max: 100 }),
})

/** Milliseconds between one request and the next, mostly few. */
const pauses = array(
  oneof(constant(0), integer({ min: 0, max: 50 }), integer({ min: 0, max: 9_999 })),
  {
    maxLength: 300,
  },
)

/** When each of the requests came, and whether it was taken. */
const run = (limit: RequestLimit, steps: readonly number[]) => {
  let quota: RequestQuota | undefined
  let nowMs = 1_000_000
  return steps.map((step) => {
    nowMs += step
    const taken = takeRequest(limit, quota, nowMs)
    quota = taken.quota
    return { nowMs, ...taken }
  })
}

describe('a quota of requests', () => {
  it('takes no more in any stretch of time than those at once and those of the time', () => {
    assert(
      property(limits, pauses, (limit, steps) => {
        const taken = run(limit, steps).filter(({ isTaken }) => isTaken)
        for (const [first, from] of taken.entries()) {
          for (const [last, to] of taken.entries()) {
            const mostTaken =
              requestsAtOnce(limit) + ((to.nowMs - from.nowMs) * limit.requestsPerS) / 1_000
            if (last >= first) expect(last - first + 1).toBeLessThanOrEqual(mostTaken)
          }
        }
      }),
      { numRuns: 50 },
    )
  })

  it('refuses only whoever was faster than that since it was last full', () => {
    assert(
      property(limits, pauses, (limit, steps) => {
        const all = run(limit, steps)
        for (const [index, { isTaken, nowMs }] of all.entries()) {
          if (isTaken) continue
          const isTooFast = all.slice(0, index).some((from, at) => {
            const taken = all.slice(at, index).filter((each) => each.isTaken).length
            return (
              taken + 1 >
              requestsAtOnce(limit) + ((nowMs - from.nowMs) * limit.requestsPerS) / 1_000
            )
          })
          expect(isTooFast).toBe(true)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('takes another one after the wait that it names, and is full after the other', () => {
    assert(
      property(limits, pauses, (limit, steps) => {
        for (const { quota, nowMs, waitS, fullS } of run(limit, steps)) {
          expect(takeRequest(limit, quota, nowMs + waitS * 1_000).isTaken).toBe(true)
          const { remaining } = takeRequest(limit, quota, nowMs + fullS * 1_000)
          expect(remaining).toBe(requestsAtOnce(limit) - 1)
        }
      }),
    )
  })

  it('gives nothing for a clock that goes back, and fills again from there', () => {
    assert(
      property(limits, integer({ min: 1, max: 1_000_000 }), (limit, back) => {
        let quota: RequestQuota | undefined
        for (let sent = 0; sent < requestsAtOnce(limit); sent += 1) {
          quota = takeRequest(limit, quota, 2_000_000).quota
        }
        const refused = takeRequest(limit, quota, 2_000_000 - back)
        expect(refused).toMatchObject({ isTaken: false, remaining: 0 })
        expect(takeRequest(limit, refused.quota, 2_001_000 - back).isTaken).toBe(true)
      }),
    )
  })
})
