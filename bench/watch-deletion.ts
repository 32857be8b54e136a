import { setTimeout } from 'node:timers/promises'
import type { Fleet } from './decode-fleet.ts'
import { readKeptBytes } from './folder-size.ts'
import { hasJobs } from './has-jobs.ts'
import { createHttpClient } from './http-client.ts'
import type { HttpClient } from './http-client.ts'
import { figure } from './measurement.ts'
import { startOnCopy } from './open-fleet.ts'
import { readMetrics } from './read-metric.ts'
import type { RunningServer } from './start-server.ts'
import { percentile } from './statistics.ts'
import { driveSteadyPosts } from './steady-posts.ts'

/** A deletion and how to see that it is over. */
export type Deletion = {
  readonly begin: (client: HttpClient) => Promise<void>
  readonly isOver: (seen: DeletionView) => Promise<boolean>
}

/** What a deletion is looked at by. */
export type DeletionView = {
  readonly server: RunningServer
  readonly client: HttpClient
  readonly folder: string
  readonly bytesBefore: number
}

/** What a deletion does to POSTs at a fixed rate. */
export type DeletionRound = {
  /** 99th percentile of POST in the quiet before and after the deletion together, and while it ran. */
  readonly quietMs: number
  readonly busyMs: number
  /** The second divided by the first. */
  readonly ratio: number
  /** From the request until it was over; as long as was waited when it was not. */
  readonly tookMs: number
  readonly isOver: boolean
}

export const deletionRounds = 5

const warmUpMs = 6_000
const quietForMs = 6_000
/** A deletion of a few milliseconds is watched as long, because its requests alone have no 99th percentile. */
const busyForMsMin = 300
const deadlineMs = 120_000
const lookEveryMs = 20

/** What looks is slow the first times, and the clock of the POSTs runs in the same process. */
const looksAhead = 20

/** Finds nothing, in each part: the server has carried out a deletion before, like any that has run for a while. */
const nothing = '/event/events?type=bench_None&dateTo=1970-01-02'

/** Longer than a file of a part takes to build, so that one under way is seen to end. */
const builtForMs = 3_000

/** Rounds one after the other, each on a fresh copy of the fleet. */
export const watchDeletions = async (
  fleet: Fleet,
  deletion: Deletion,
  seed: number,
): Promise<readonly DeletionRound[]> => {
  const rounds: DeletionRound[] = []
  while (rounds.length < deletionRounds) {
    const round = await watchDeletion(fleet, deletion, seed + rounds.length)
    rounds.push(round)
    const { isOver, tookMs, quietMs, busyMs, ratio } = round
    console.log(
      `round ${rounds.length}: ${isOver ? 'over' : 'not over'} after ${figure(tookMs)} ms, POST p99 ${figure(quietMs)} ms before and after, ${figure(busyMs)} ms meanwhile, ratio ${figure(ratio)}`,
    )
  }
  return rounds
}

/**
 * A server that has just begun is slower than later, and slower again for a while after others have worked: what is
 * quiet is therefore taken on both sides of the deletion.
 */
const watchDeletion = async (
  fleet: Fleet,
  deletion: Deletion,
  seed: number,
): Promise<DeletionRound> => {
  const server = await startOnCopy(fleet)
  const client = createHttpClient(server.url)
  const posts = driveSteadyPosts(server, fleet.sources, seed)
  await lookAhead(server, client)
  await setTimeout(warmUpMs + quietForMs)
  const bytesBefore = await readKeptBytes(server.folder)
  const beginMs = performance.now()
  await deletion.begin(client)
  const isOver = await waitUntil(beginMs + deadlineMs, () =>
    deletion.isOver({ server, client, folder: server.folder, bytesBefore }),
  )
  const tookMs = performance.now() - beginMs
  await setTimeout(Math.max(0, busyForMsMin - tookMs))
  const endMs = performance.now()
  await waitUntilBuilt(server)
  const afterMs = performance.now()
  await setTimeout(quietForMs)
  await posts.stop()
  client.close()
  await server.stop()
  const quietMs = percentile(
    [
      ...posts.latenciesBetween(beginMs - quietForMs, beginMs),
      ...posts.latenciesBetween(afterMs, afterMs + quietForMs),
    ],
    0.99,
  )
  const busyMs = percentile(posts.latenciesBetween(beginMs, endMs), 0.99)
  return { quietMs, busyMs, ratio: busyMs / quietMs, tookMs, isOver }
}

const lookAhead = async (
  server: RunningServer & { readonly folder: string },
  client: HttpClient,
): Promise<void> => {
  await client.expect(204, { method: 'DELETE', path: nothing })
  for (let look = 0; look < looksAhead; look += 1) {
    await hasJobs(client)
    await readMetrics(server, buildMetrics)
    await readKeptBytes(server.folder)
  }
}

const waitUntil = async (endMs: number, condition: () => Promise<boolean>): Promise<boolean> => {
  while (performance.now() < endMs) {
    if (await condition()) return true
    await setTimeout(lookEveryMs)
  }
  return false
}

const buildMetrics = [
  'belfry_event_dead_rows',
  'belfry_event_part_seals_total',
  'belfry_event_part_rewrites_total',
  'belfry_event_part_merges_total',
] as const

/** Until no file of a part has come for a while: what a deletion leaves behind is built anew after it. */
const waitUntilBuilt = async (server: RunningServer): Promise<void> => {
  const endMs = performance.now() + deadlineMs
  let seen = ''
  let sinceMs = performance.now()
  while (performance.now() < sinceMs + builtForMs) {
    if (performance.now() > endMs) throw new Error('files of parts are built without an end')
    await setTimeout(100)
    const now = (await readMetrics(server, buildMetrics)).join(' ')
    if (now !== seen) sinceMs = performance.now()
    seen = now
  }
}
