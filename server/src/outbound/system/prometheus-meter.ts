import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { createCounts } from './prometheus-counts.ts'
import { createDurations } from './prometheus-durations.ts'
import type { Meter } from '../../ports/meter.ts'

/** Latencies from a tenth of a millisecond to ten seconds. */
const secondsBuckets = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
]

const eventsBuckets = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]

/** Metrics in the Prometheus text format, those of the process included. All names begin with `belfry_`. */
export const createPrometheusMeter = (): Meter => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const counts = createTotals(registry)
  const durations = createDurations(
    'belfry_http_request_duration_seconds',
    'Time from the head of a request to the end of its answer.',
    ['route', 'method'],
    secondsBuckets,
  )
  return {
    countRequest: (route, method, status, seconds) => {
      counts.requests(1, route, method, String(status))
      durations.observe(seconds, route, method)
    },
    countEvents: (tenant, outcome, events) => counts.events(events, tenant, outcome),
    countCommit: createCommits(registry),
    countSkewedClock: (tenant) => counts.skewedClocks(1, tenant),
    observe: (name, help, read, kind = 'gauge') => {
      const observe = kind === 'gauge' ? observeGauge : observeCounter
      observe(registry, `belfry_${name}`, help, read)
    },
    render: async () => `${await registry.metrics()}\n${durations.render()}`,
  }
}

const createTotals = (registry: Registry) => ({
  requests: createCounts(registry, 'belfry_http_requests_total', 'Answered HTTP requests.', [
    'route',
    'method',
    'status',
  ]),
  events: createCounts(registry, 'belfry_events_total', 'Events by what became of them.', [
    'tenant',
    'outcome',
  ]),
  skewedClocks: createCounts(
    registry,
    'belfry_skewed_clocks_total',
    'Events whose device had a clock that was far off.',
    ['tenant'],
  ),
})

const createCommits = (registry: Registry): Meter['countCommit'] => {
  const events = new Histogram({
    name: 'belfry_commit_events',
    help: 'Events that one commit of the event store covered.',
    buckets: eventsBuckets,
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'belfry_commit_seconds',
    help: 'Time that one commit took, its fsync included.',
    buckets: secondsBuckets,
    registers: [registry],
  })
  return (committedEvents, commitSeconds) => {
    events.observe(committedEvents)
    seconds.observe(commitSeconds)
  }
}

type Observe = (registry: Registry, name: string, help: string, read: () => number) => void

const observeGauge: Observe = (registry, name, help, read) => {
  const gauge: Gauge = new Gauge({
    name,
    help,
    registers: [registry],
    collect: () => gauge.set(read()),
  })
}

const observeCounter: Observe = (registry, name, help, read) => {
  const counter: Counter = new Counter({
    name,
    help,
    registers: [registry],
    collect: () => {
      counter.reset()
      counter.inc(read())
    },
  })
}
