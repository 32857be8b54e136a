import { bulkEvents } from '../bulk-bodies.ts'
import { createSourcesOn } from '../create-sources.ts'
import { bulkClients, createBulkBodies, driveBulk } from '../drive-bulk.ts'
import { createReports, sourceCount } from '../event-bodies.ts'
import { figure, printMeasurement } from '../measurement.ts'
import { appendRows } from '../rivals/append-rows.ts'
import { startBelfry } from '../start-server.ts'
import { median } from '../statistics.ts'

const roundCount = 5
const rawRows = 500_000

const server = await startBelfry()
const sources = await createSourcesOn(server, sourceCount)
const bodies = createBulkBodies(7_000, sources)

const rounds: { readonly ours: number; readonly cpuUs: number; readonly raw: number }[] = []
while (rounds.length < roundCount) {
  const nextReport = createReports({ seed: 7_000, sources })
  const { rowsPerSecond: raw } = await appendRows(Array.from({ length: rawRows }, nextReport))
  const { eventsPerSecond: ours, cpuPerEventUs: cpuUs } = await driveBulk(server, bodies)
  rounds.push({ ours, cpuUs, raw })
  console.log(`round ${rounds.length}: raw ${figure(raw)} rows/s, Belfry ${figure(ours)} events/s`)
}
await server.stop()

const ratio = median(rounds.map(({ ours, raw }) => ours / raw))
const ours = median(rounds.map((round) => round.ours))
const raw = median(rounds.map((round) => round.raw))
const cpuUs = median(rounds.map((round) => round.cpuUs))

printMeasurement({
  name: 'bulk-create',
  about: `POST /event/events with ${bulkEvents} durable events a request, ${bulkClients} connections, answers without a body, against the same rows appended with better-sqlite3 in the measuring process: no index, synchronous FULL, ${bulkEvents} a commit`,
  columns: ['', 'events/s', 'CPU µs/event'],
  rows: [
    ['raw append', figure(raw), ''],
    ['Belfry', figure(ours), figure(cpuUs)],
    [`ratio, median of ${roundCount} rounds`, figure(ratio), ''],
  ],
  figures: { ours, raw, ratio, cpuUs },
  targets: [
    {
      what: 'events a second, Belfry / raw append',
      value: ratio,
      unit: '',
      wanted: 'at least',
      must: 0.2,
      aim: 0.45,
    },
  ],
})
