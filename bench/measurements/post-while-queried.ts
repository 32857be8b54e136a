import { setTimeout } from 'node:timers/promises'
import { figure, printMeasurement } from '../measurement.ts'
import { openFleet, startOnCopy } from '../open-fleet.ts'
import { readRunOptions } from '../run-options.ts'
import { startQueryClients } from '../start-server.ts'
import { median, percentile } from '../statistics.ts'
import { driveSteadyPosts, steadyRate } from '../steady-posts.ts'

const roundCount = 3
const warmUpMs = 2_000
const measuredMs = 6_000

const options = readRunOptions()
const fleet = await openFleet(options, options.events)
const server = await startOnCopy(fleet)
const posts = driveSteadyPosts(server, fleet.sources, 9_200)

const watch = async (): Promise<readonly number[]> => {
  await setTimeout(warmUpMs)
  const fromMs = performance.now()
  await setTimeout(measuredMs)
  return posts.latenciesBetween(fromMs, fromMs + measuredMs)
}

const rounds: { readonly alone: readonly number[]; readonly queried: readonly number[] }[] = []
while (rounds.length < roundCount) {
  const alone = await watch()
  const queries = await startQueryClients(server, fleet.sources)
  const queried = await watch()
  await queries.stop()
  rounds.push({ alone, queried })
}
await posts.stop()
await server.stop()

const p99 = (latenciesMs: readonly number[]): number => percentile(latenciesMs, 0.99)
const ratio = median(rounds.map(({ alone, queried }) => p99(queried) / p99(alone)))
const toRow = (name: string, latenciesMs: readonly (readonly number[])[]): readonly string[] => [
  name,
  ...[0.5, 0.9, 0.99].map((share) =>
    figure(median(latenciesMs.map((each) => percentile(each, share)))),
  ),
]

printMeasurement({
  name: 'post-while-queried',
  about: `POST /event/events at ${steadyRate.toLocaleString('en')} requests a second, from the instant each was due, alone and while 8 clients ask for pages of 100 among ${fleet.events.toLocaleString('en')} events as fast as they can; ${roundCount} rounds in turn`,
  columns: ['', 'p50 ms', 'p90 ms', 'p99 ms'],
  rows: [
    toRow(
      'alone',
      rounds.map(({ alone }) => alone),
    ),
    toRow(
      'while 8 clients query',
      rounds.map(({ queried }) => queried),
    ),
  ],
  figures: { events: fleet.events, steadyRate, ratio },
  targets: [
    {
      what: 'POST p99, while queried / alone',
      value: ratio,
      unit: '',
      wanted: 'at most',
      must: 3,
      aim: 1.5,
    },
  ],
})
