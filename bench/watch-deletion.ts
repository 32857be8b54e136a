import { setTimeout } from 'node:timers/promises'
import type { Fleet } from './decode-fleet.ts'
import { readKeptBytes } from './folder-size.ts'
import { createHttpClient } from './http-client.ts'
import type { HttpClient } from './http-client.ts'
import { startOnCopy } from './open-fleet.ts'
import { percentile } from './statistics.ts'
import { driveSteadyPosts } from './steady-posts.ts'

/** A deletion and how to see that it is over. */
export type Deletion = {
  readonly begin: (client: HttpClient) => Promise<void>
  readonly isOver: (seen: {
    readonly client: HttpClient
    readonly folder: string
    readonly bytesBefore: number
  }) => Promise<boolean>
}

/** What a deletion does to POSTs at a fixed rate. */
export type DeletionRound = {
  /** 99th percentile of POST before the deletion and while it ran. */
  readonly quietMs: number
  readonly busyMs: number
  /** From the request until it was over; as long as was waited when it was not. */
  readonly tookMs: number
  readonly isOver: boolean
}

const warmUpMs = 4_000
const quietForMs = 6_000
/** A deletion of a few milliseconds is watched as long, because its requests alone have no 99th percentile. */
const busyForMsMin = 2_000
const deadlineMs = 120_000
const lookEveryMs = 20

/** One round on a fresh copy of the fleet. */
export const watchDeletion = async (
  fleet: Fleet,
  deletion: Deletion,
  seed: number,
): Promise<DeletionRound> => {
  const server = await startOnCopy(fleet)
  const client = createHttpClient(server.url)
  const posts = driveSteadyPosts(server, fleet.sources, seed)
  await setTimeout(warmUpMs + quietForMs)
  const bytesBefore = await readKeptBytes(server.folder)
  const beginMs = performance.now()
  await deletion.begin(client)
  const isOver = await waitUntil(beginMs + deadlineMs, () =>
    deletion.isOver({ client, folder: server.folder, bytesBefore }),
  )
  const tookMs = performance.now() - beginMs
  await setTimeout(Math.max(0, busyForMsMin - tookMs))
  const endMs = performance.now()
  await posts.stop()
  client.close()
  await server.stop()
  return {
    quietMs: percentile(posts.latenciesBetween(beginMs - quietForMs, beginMs), 0.99),
    busyMs: percentile(posts.latenciesBetween(beginMs, endMs), 0.99),
    tookMs,
    isOver,
  }
}

const waitUntil = async (endMs: number, condition: () => Promise<boolean>): Promise<boolean> => {
  while (performance.now() < endMs) {
    if (await condition()) return true
    await setTimeout(lookEveryMs)
  }
  return false
}
