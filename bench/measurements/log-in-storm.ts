import { rmSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { createSources } from '../create-sources.ts'
import { createUsers } from '../create-users.ts'
import { createHttpClient } from '../http-client.ts'
import { figure, printMeasurement } from '../measurement.ts'
import { createSinglePosts } from '../single-posts.ts'
import { authorization, createScratchFolder, startBelfryOn } from '../start-server.ts'
import type { RunningServer } from '../start-server.ts'
import { median } from '../statistics.ts'

const clientCount = 200
const requestsPerClient = 20
const roundCount = 5
const warmUpRounds = 2

const folder = await createScratchFolder()
const first = await startBelfryOn(folder)
const maker = createHttpClient(first.url)
const sources = await createSources(maker, clientCount)
const users = await createUsers(maker, clientCount)
maker.close()
await first.stop()

/** Requests a second of as many clients as there are credentials, each on a connection of its own. */
const storm = async (
  { url }: RunningServer,
  credentials: readonly string[],
  seed: number,
): Promise<number> => {
  const nextPost = createSinglePosts(seed, sources)
  const clients = credentials.map((each) => createHttpClient(url, each))
  const start = performance.now()
  await Promise.all(
    clients.map(async (client) => {
      for (let sent = 0; sent < requestsPerClient; sent += 1) {
        await client.expect(201, { method: 'POST', ...nextPost() })
      }
    }),
  )
  const perSecond = (clientCount * requestsPerClient * 1000) / (performance.now() - start)
  for (const client of clients) client.close()
  return perSecond
}

const oneUser = users.map(() => authorization)
const rounds: { one: number; fresh: number; known: number; unknown: number }[] = []
while (rounds.length < roundCount) {
  const seed = 9_000 + rounds.length * 10
  // A start forgets whose password was right.
  const server = await startBelfryOn(folder)
  for (let turn = 0; turn < warmUpRounds; turn += 1) await storm(server, oneUser, seed + turn)
  const creator = createHttpClient(server.url)
  const created = await createUsers(creator, clientCount, `fresh-${rounds.length}`)
  creator.close()
  const one = await storm(server, oneUser, seed + 4)
  const fresh = await storm(server, created, seed + 5)
  const unknown = await storm(server, users, seed + 6)
  const known = await storm(server, users, seed + 7)
  rounds.push({ one, fresh, known, unknown })
  await server.stop()
  console.log(
    `round ${rounds.length}: one user ${figure(one)}, ${clientCount} users just created ${figure(fresh)}, others after a start ${figure(unknown)}, then ${figure(known)} requests/s`,
  )
}
rmSync(folder, { recursive: true, force: true })

const one = median(rounds.map((round) => round.one))
const fresh = median(rounds.map((round) => round.fresh))
const known = median(rounds.map((round) => round.known))
const unknown = median(rounds.map((round) => round.unknown))
const ratio = median(rounds.map((round) => round.known / round.one))
const freshRatio = median(rounds.map((round) => round.fresh / round.one))
const unknownRatio = median(rounds.map((round) => round.unknown / round.one))

printMeasurement({
  name: 'log-in-storm',
  about: `${clientCount} clients with Basic credentials, each with ${requestsPerClient} durable events, one a request: all as one user, against each as a user of its own; users who were created a moment ago have not sent anything before, and right after a start the ${clientCount} slow checks of a password are made as well`,
  columns: ['', 'requests/s', 'ratio'],
  rows: [
    ['one user', figure(one), ''],
    [`${clientCount} users, passwords proved before`, figure(known), figure(ratio)],
    [`${clientCount} users, created a moment ago`, figure(fresh), figure(freshRatio)],
    [`${clientCount} users, right after a start`, figure(unknown), figure(unknownRatio)],
  ],
  figures: { one, fresh, known, unknown, ratio, freshRatio, unknownRatio },
  targets: [
    {
      what: `requests a second, ${clientCount} users / one user`,
      value: ratio,
      unit: '',
      wanted: 'at least',
      must: 0.8,
      aim: 0.95,
    },
    {
      what: 'the same, users created a moment ago / one user',
      value: freshRatio,
      unit: '',
      wanted: 'at least',
      must: 0.8,
      aim: 0.9,
    },
  ],
})
