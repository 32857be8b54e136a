import { rm } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { decodeEventList } from '../decode-answer.ts'
import { createBulkBodies, driveBulk } from '../drive-bulk.ts'
import { createHttpClient } from '../http-client.ts'
import { figure, printMeasurement } from '../measurement.ts'
import { copyFleet, openFleet } from '../open-fleet.ts'
import { readRunOptions } from '../run-options.ts'
import { startBelfryOn } from '../start-server.ts'
import { median } from '../statistics.ts'

const roundCount = 5
const loadMs = 3_000

const options = readRunOptions()
const fleet = await openFleet(options, options.events)
const folder = await copyFleet(fleet)
const bodies = createBulkBodies(9_400, fleet.sources)

/** In the middle of a bulk load, so that the files are as a power cut under load leaves them. */
const loadAndKill = async (): Promise<void> => {
  const server = await startBelfryOn(folder)
  const load = driveBulk(server, bodies).then(
    () => 'over',
    () => 'cut short',
  )
  await setTimeout(loadMs)
  await server.kill()
  if ((await load) === 'over') throw new Error('the load was over before the kill')
}

type Round = { readonly readyMs: number; readonly countedMs: number }

/** From the start of the process to its ready line, and to the first answer that needs all of the events. */
const startAgain = async (): Promise<Round> => {
  const beginMs = performance.now()
  const server = await startBelfryOn(folder)
  const readyMs = performance.now() - beginMs
  const client = createHttpClient(server.url)
  const path = '/event/events?pageSize=1&withTotalElements=true'
  const body = await client.expect(200, { method: 'GET', path })
  const countedMs = performance.now() - beginMs
  const events = decodeEventList(body).statistics.totalElements ?? 0
  if (events < fleet.events) throw new Error(`${events} events are there, ${fleet.events} were`)
  client.close()
  await server.stop()
  return { readyMs, countedMs }
}

const rounds: Round[] = []
while (rounds.length < roundCount) {
  await loadAndKill()
  rounds.push(await startAgain())
}
await rm(folder, { recursive: true })

const readyMs = rounds.map((round) => round.readyMs)
const countedMs = rounds.map((round) => round.countedMs)

printMeasurement({
  name: 'restart',
  about: `kill -9 in the middle of a bulk load on top of ${fleet.events.toLocaleString('en')} events, ${roundCount} times: time from the start of the process, that of Node included, to its ready line, and to the first count of all events`,
  columns: ['', 'median ms', 'worst ms'],
  rows: [
    ['ready', figure(median(readyMs)), figure(Math.max(...readyMs))],
    ['counted', figure(median(countedMs)), figure(Math.max(...countedMs))],
  ],
  figures: { events: fleet.events, readyMs: median(readyMs), countedMs: median(countedMs) },
  targets: [
    {
      what: 'ready again, median',
      value: median(readyMs) / 1000,
      unit: 's',
      wanted: 'at most',
      must: 2,
      aim: 0.7,
    },
  ],
})
