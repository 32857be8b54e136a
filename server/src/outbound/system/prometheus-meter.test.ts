import { beforeEach, describe, expect, it } from 'vitest'
import { toTenantId } from '../../core/identity.ts'
import { createPrometheusMeter } from './prometheus-meter.ts'
import type { Meter } from '../../ports/meter.ts'

const t1 = toTenantId('t1')

describe('the Prometheus meter', () => {
  let meter: Meter
  beforeEach(() => {
    meter = createPrometheusMeter()
  })

  const lines = async (start: string): Promise<readonly string[]> =>
    (await meter.render()).split('\n').filter((line) => line.startsWith(start))

  it('counts requests by route, method and status', async () => {
    meter.countRequest('/event/events', 'POST', 201, 0.002)
    meter.countRequest('/event/events', 'POST', 201, 0.002)
    meter.countRequest('/event/events', 'POST', 422, 0.002)
    const expected = [
      'belfry_http_requests_total{route="/event/events",method="POST",status="201"} 2',
      'belfry_http_requests_total{route="/event/events",method="POST",status="422"} 1',
    ]
    expect(await lines('belfry_http_requests_total')).toEqual(expected)
    expect(await lines('belfry_http_requests_total')).toEqual(expected)
  })

  it('sorts latencies into buckets by route and method', async () => {
    meter.countRequest('/a', 'GET', 200, 0.002)
    meter.countRequest('/a', 'GET', 404, 0.2)
    const bucket = 'belfry_http_request_duration_seconds_bucket'
    const [fast] = await lines(`${bucket}{le="0.0025"`)
    expect(fast).toBe(`${bucket}{le="0.0025",route="/a",method="GET"} 1`)
    const [all] = await lines(`${bucket}{le="+Inf"`)
    expect(all).toBe(`${bucket}{le="+Inf",route="/a",method="GET"} 2`)
  })

  it('counts events by tenant and outcome', async () => {
    meter.countEvents(t1, 'accepted', 500)
    meter.countEvents(t1, 'accepted', 1)
    meter.countEvents(toTenantId('t2'), 'duplicate', 1)
    expect(await lines('belfry_events_total')).toEqual([
      'belfry_events_total{tenant="t1",outcome="accepted"} 501',
      'belfry_events_total{tenant="t2",outcome="duplicate"} 1',
    ])
  })

  it('counts commits and clocks that are off', async () => {
    meter.countCommit(300, 0.003)
    meter.countSkewedClock(t1)
    expect(await lines('belfry_commit_events_sum')).toEqual(['belfry_commit_events_sum 300'])
    expect(await lines('belfry_commit_seconds_count')).toEqual(['belfry_commit_seconds_count 1'])
    expect(await lines('belfry_skewed')).toEqual(['belfry_skewed_clocks_total{tenant="t1"} 1'])
  })

  it('reads what it observes when it is asked, not before', async () => {
    let queued = 1
    meter.observe('queued_events', 'Events that wait for the writer.', () => queued)
    queued = 7
    expect(await lines('belfry_queued_events')).toEqual(['belfry_queued_events 7'])
    queued = 8
    expect(await lines('belfry_queued_events')).toEqual(['belfry_queued_events 8'])
  })

  it('tells about the process, and keeps two meters apart', async () => {
    const other = createPrometheusMeter()
    other.countSkewedClock(t1)
    expect(await lines('process_cpu_seconds_total')).toHaveLength(1)
    expect(await lines('belfry_skewed_clocks_total{')).toEqual([])
  })
})
