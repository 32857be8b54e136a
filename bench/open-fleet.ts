import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createSources } from './create-sources.ts'
import { decodeFleet } from './decode-fleet.ts'
import type { Fleet } from './decode-fleet.ts'
import { describeCommit, today } from './describe-commit.ts'
import { createReports, sourceCount } from './event-bodies.ts'
import { readFolderBytes, waitForSteadySize } from './folder-size.ts'
import { createHttpClient } from './http-client.ts'
import { loadEvents } from './load-events.ts'
import { figure } from './measurement.ts'
import { fleetEvents } from './run-options.ts'
import type { RunOptions } from './run-options.ts'
import { createScratchFolder, removeAfter, startBelfryOn } from './start-server.ts'
import type { RunningServer } from './start-server.ts'

/** The time that a fleet of any size has reported for. */
export const fleetSpanMs = 14 * 24 * 3_600_000

/** To be counted up when the events of a fleet change: one that is kept in a folder of before is then loaded anew. */
const fleetForm = 2

const loaders = 4
const fleetSeed = 4_000

/**
 * The fleet of so many events: loaded over HTTP by the first who asks for it, and found by the next. A smaller fleet has
 * fewer sources, which have reported just as often, so that the same question has an answer of the same length.
 */
export const openFleet = async ({ fleetsFolder }: RunOptions, events: number): Promise<Fleet> => {
  const folder = join(fleetsFolder, `${events}-form-${fleetForm}`)
  const path = join(folder, 'fleet.json')
  const data = join(folder, 'data')
  if (existsSync(path)) return { ...decodeFleet(await readFile(path, 'utf8')), folder: data }
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const fleet = await loadFleet(data, events)
  await writeFile(path, JSON.stringify(fleet))
  return fleet
}

/** A copy of the data folder, which may be changed at will. */
export const copyFleet = async ({ folder }: Fleet): Promise<string> => {
  const copy = await createScratchFolder()
  await cp(folder, copy, { recursive: true })
  // Otherwise the system writes the copy out while we measure.
  await promisify(execFile)('sync', ['-f', copy])
  return copy
}

/** A server on a copy of the fleet, which is gone after the stop. */
export const startOnCopy = async (
  fleet: Fleet,
): Promise<RunningServer & { readonly folder: string }> => {
  const folder = await copyFleet(fleet)
  return { ...removeAfter(await startBelfryOn(folder), folder), folder }
}

const loadFleet = async (folder: string, events: number): Promise<Fleet> => {
  const loaded = { loadedBy: describeCommit(), loadedOn: today() }
  console.log(`loading ${events.toLocaleString('en')} events`)
  const server = await startBelfryOn(folder)
  const clients = Array.from({ length: loaders }, () => createHttpClient(server.url))
  const [client] = clients
  if (client === undefined) throw new Error('a load needs a client')
  const sources = await createSources(client, Math.ceil((events * sourceCount) / fleetEvents))
  const bytesBefore = await readFolderBytes(folder)
  const reports = createReports({ seed: fleetSeed, sources, stepMs: fleetSpanMs / events })
  const firstS = await loadEvents(clients, events / 10, reports)
  const tenthCreatedTo = await instantBetween()
  const loadS = firstS + (await loadEvents(clients, events - events / 10, reports))
  console.log(`${figure(events / loadS)} events/s`)
  const bytesAfter = await waitForSteadySize(folder)
  for (const each of clients) each.close()
  await server.stop()
  return { folder, events, sources, tenthCreatedTo, bytesBefore, bytesAfter, loadS, ...loaded }
}

/** An instant later than everything before and earlier than everything after, on a clock that counts milliseconds. */
const instantBetween = async (): Promise<string> => {
  await setTimeout(5)
  const instant = new Date().toISOString()
  await setTimeout(5)
  return instant
}
