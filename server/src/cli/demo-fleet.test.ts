import { describe, expect, it } from 'vitest'
import { textAt, valueAt } from './decode-answer.ts'
import { fleetSecond, fleetSerials } from './demo-fleet.ts'

const ids = { tenant: 't1', appId: 'a', idOf: (serial: string) => serial }
const startMs = Date.parse('2026-01-01T00:00:00Z')

const minute = Array.from({ length: 60 }, (_, second) => ({
  second,
  requests: fleetSecond(second, startMs + second * 1_000, ids),
}))

const deviceOf = ({ path, body }: { readonly path: string; readonly body: unknown }) =>
  textAt(body, 'source', 'id') || (path.split('/')[7] ?? '')

describe('fleetSecond', () => {
  it('lets every device speak, in both dialects', () => {
    const all = minute.flatMap(({ requests }) => requests)
    expect(new Set(all.map(deviceOf))).toEqual(new Set(fleetSerials))
    expect(all.some(({ path }) => path === '/event/events')).toBe(true)
    expect(all.some(({ path }) => path.startsWith('/rest/v1/api/tenants/t1/devices/'))).toBe(true)
  })

  it('has clocks that are wrong', () => {
    const second = minute.find(({ requests }) => requests.some((r) => deviceOf(r) === 'door-3'))
    const late = second?.requests.find((request) => deviceOf(request) === 'door-3')
    const toldMs = Date.parse(textAt(late?.body, 'time'))
    expect(toldMs - (startMs + Number(second?.second) * 1_000)).toBe(-3_600_000)
  })

  it('repeats a request of kiosk-3', () => {
    const twice = minute
      .flatMap(({ requests }) => requests)
      .filter((r) => deviceOf(r) === 'kiosk-3')
    expect(twice.length).toBeGreaterThan(1)
    expect(twice[0]).toEqual(twice[1])
  })

  it('cuts tracker-2 off and lets it catch up without a gap', () => {
    const ofTracker = minute.map(({ requests }) =>
      requests.filter((r) => deviceOf(r) === 'tracker-2'),
    )
    expect(ofTracker.slice(1, 15).flat()).toEqual([])
    expect(ofTracker[15]).toHaveLength(15)
    const times = ofTracker.flat().map(({ body }) => Date.parse(textAt(body, 'time')))
    expect(times).toEqual(minute.map(({ second }) => startMs + second * 1_000))
    expect(valueAt(ofTracker[15]?.[0]?.body, 'c8y_Position')).toBeDefined()
  })
})
