import { setTimeout } from 'node:timers/promises'
import { createSources } from '../create-sources.ts'
import { bulkClients } from '../drive-bulk.ts'
import { createReports, sourceCount } from '../event-bodies.ts'
import { createHttpClient } from '../http-client.ts'
import { loadEvents } from '../load-events.ts'
import { figure, printMeasurement } from '../measurement.ts'
import { partRows } from '../part-rows.ts'
import { readMetric } from '../read-metric.ts'
import { startBelfry } from '../start-server.ts'
import { median } from '../statistics.ts'

const roundCount = 5
const partsPerRound = 4
const sealDeadlineMs = 60_000

const server = await startBelfry()
const clients = Array.from({ length: bulkClients }, () => createHttpClient(server.url))
const [client] = clients
if (client === undefined) throw new Error('a load needs a client')
const sources = await createSources(client, sourceCount)
const nextReport = createReports({ seed: 7_100, sources })

type Seals = { readonly parts: number; readonly seconds: number }

const readSeals = async (): Promise<Seals> => ({
  parts: await readMetric(server, 'belfry_event_part_seals_total'),
  seconds: await readMetric(server, 'belfry_event_part_seal_seconds_total'),
})

/** When every part that is full has its file. */
const waitForSeals = async (): Promise<Seals> => {
  const endMs = performance.now() + sealDeadlineMs
  while ((await readMetric(server, 'belfry_event_parts_closed')) > 0) {
    if (performance.now() > endMs) throw new Error('full parts still wait for their files')
    await setTimeout(50)
  }
  return readSeals()
}

type Round = {
  readonly partMs: number
  readonly eventUs: number
  readonly loaded: number
  readonly ratio: number
}

const rounds: Round[] = []
while (rounds.length < roundCount) {
  const before = await readSeals()
  const events = partsPerRound * partRows
  const loaded = events / (await loadEvents(clients, events, nextReport))
  const after = await waitForSeals()
  const partMs = ((after.seconds - before.seconds) * 1000) / (after.parts - before.parts)
  const eventUs = (partMs * 1000) / partRows
  rounds.push({ partMs, eventUs, loaded, ratio: 1e6 / eventUs / loaded })
  console.log(`round ${rounds.length}: ${figure(partMs)} ms a part, ${figure(loaded)} events/s`)
}
for (const each of clients) each.close()
await server.stop()

const of = (read: (round: Round) => number): number => median(rounds.map(read))
const [partMs, eventUs, loaded] = [
  of((round) => round.partMs),
  of((round) => round.eventUs),
  of((round) => round.loaded),
]
const ratio = of((round) => round.ratio)

printMeasurement({
  name: 'seal-part',
  about: `full parts of ${partRows.toLocaleString('en')} events get their files, indexes and roll-ups, beside a bulk load that fills about ${partsPerRound} of them a round, as the janitor's clock has it; a ratio below 1 would mean that events arrive faster than parts can be sealed`,
  columns: ['', 'ms a part', 'µs an event', 'events/s'],
  rows: [
    ['sealing', figure(partMs), figure(eventUs), figure(1e6 / eventUs)],
    ['bulk load', '', '', figure(loaded)],
    [`ratio, median of ${roundCount} rounds`, '', '', figure(ratio)],
  ],
  figures: { partMs, eventUs, loaded, ratio },
  targets: [
    {
      what: 'events a second, sealing / bulk load',
      value: ratio,
      unit: '',
      wanted: 'at least',
      must: 1,
      aim: 1.5,
    },
  ],
})
