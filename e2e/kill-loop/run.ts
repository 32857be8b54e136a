import { setTimeout } from 'node:timers/promises'
import { createDevice, expectStatus, readMetric, textOf } from '../api.ts'
import { adminAuthorization, crashStart, startBelfry } from '../harness.ts'
import type { Belfry } from '../harness.ts'
import { createRandom } from '../random.ts'
import type { Random } from '../random.ts'
import { leaveLittle, runClient } from './client.ts'
import type { Target } from './target.ts'
import { killAtStep } from './forced-kill.ts'
import type { KillEnd } from './forced-kill.ts'
import { createLedger } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import { followParts } from './life-of-parts.ts'
import type { Counts, LifeOfParts } from './life-of-parts.ts'
import { runNeighbour } from './neighbour.ts'
import { createTurns } from './step-turns.ts'
import type { StepTurns } from './step-turns.ts'
import { countThings, verifyThings } from './thing.ts'
import type { ThingKind } from './thing.ts'
import { verifyLedger } from './verify.ts'

export type KillLoopOptions = {
  /** At least. */
  readonly rounds: number
  /** A machine with much else to do gets less into a round: more of them, up to `roundsMax` in all, until this holds. */
  readonly until?: {
    readonly hasSeenAll: (outcome: KillLoopOutcome) => boolean
    readonly roundsMax: number
  }
  readonly seed: number
  /** Each how many rounds the kill comes at a step of the store, which needs strace; 0 for never. */
  readonly forcedEvery: number
  readonly tell: (line: string) => void
}

export type KillLoopOutcome = {
  readonly acknowledged: number
  readonly events: number
  /** Things beside the events that were made, of each kind. */
  readonly things: Readonly<Record<ThingKind, number>>
  readonly parts: Counts
  /** Times that several small parts became one, each run of the server counted until its load began. */
  readonly merges: number
  /** Rounds that ended at a step of each kind, by its name. */
  readonly stepsMet: Readonly<Record<string, number>>
  /** Starts that a second crash cut before they were ready. */
  readonly startsCut: number
  /** Deletions that were cancelled, and events that were there again. */
  readonly cancelled: number
  readonly spared: number
  /** Empty when every promise held. */
  readonly problems: readonly string[]
}

/** So few that each round sees many parts come and go; and no bound on the disk, whatever it has. */
const environment = { BELFRY_PART_ROWS: '100', BELFRY_DISK_RESERVE: '0' }

/**
 * Starts, loads, kills with SIGKILL at a random moment or at a step of the store, restarts on the same folder and
 * compares, again and again. Ends at the first round with a difference.
 */
export const runKillLoop = async (options: KillLoopOptions): Promise<KillLoopOutcome> => {
  const { seed, forcedEvery, tell } = options
  const random = createRandom(seed)
  const followed = { ledger: createLedger(), life: followParts(), turns: createTurns() }
  const loop: Loop = { seed, random, ...followed, merges: 0, startMs: 0, startsCut: 0 }
  tell(`kill loop: ${options.rounds} rounds, seed ${seed}`)
  let belfry = await startBelfry({ environment })
  const prepared = await prepare(belfry)
  for (let round = 1; isWanted(options, loop, round); round += 1) {
    const isForced = forcedEvery > 0 && round % forcedEvery === 0
    const end = await loadAndKill(loop, belfry, prepared, { round, isForced })
    const damages = await loop.life.look(belfry.folder)
    belfry = await startAgain(loop, belfry.folder, round)
    const differences = await verify(belfry, prepared, loop.ledger)
    loop.merges += await countMerges(belfry)
    const problems = [...damages, ...differences]
    tell(
      `round ${round} (${end}): ${loop.ledger.acknowledged} acknowledged, ${problems.length} differences`,
    )
    if (problems.length > 0) return outcome(loop, problems)
  }
  await belfry.kill('SIGTERM')
  return outcome(loop, await loop.life.look(belfry.folder))
}

/** Every other time the first start is cut, at any moment of it: as long as the last one took, or somewhat longer. */
const startAgain = async (loop: Loop, folder: string, round: number): Promise<Belfry> => {
  if (round % 2 === 0) {
    const afterMs = loop.random.below(Math.max(startMsMin, loop.startMs))
    if (await crashStart({ folder, environment }, afterMs)) loop.startsCut += 1
  }
  const begin = performance.now()
  const belfry = await startBelfry({ folder, environment })
  loop.startMs = Math.round(performance.now() - begin)
  return belfry
}

const startMsMin = 300

const isWanted = ({ rounds, until }: KillLoopOptions, loop: Loop, round: number): boolean =>
  round <= rounds ||
  (until !== undefined && round <= until.roundsMax && !until.hasSeenAll(outcome(loop, [])))

/** What the server said to it belongs to an answer that nobody expects. */
const verify = async (
  belfry: Belfry,
  prepared: Omit<Target, 'url'>,
  ledger: Ledger,
): Promise<readonly string[]> => {
  try {
    const target = { ...prepared, url: belfry.url }
    return [...(await verifyLedger(target, ledger)), ...(await verifyThings(target, ledger.things))]
  } catch (cause) {
    throw new Error(`the server cannot be compared:\n${belfry.stderr()}`, { cause })
  }
}

const countMerges = (belfry: Belfry): Promise<number> =>
  readMetric(belfry, 'belfry_event_part_merges_total')

type Loop = {
  readonly seed: number
  readonly random: Random
  readonly ledger: Ledger
  readonly life: LifeOfParts
  readonly turns: StepTurns
  merges: number
  /** What the last start took. */
  startMs: number
  startsCut: number
}

const outcome = (
  { ledger, life, turns, merges, startsCut }: Loop,
  problems: readonly string[],
): KillLoopOutcome => ({
  acknowledged: ledger.acknowledged,
  events: [...ledger.entries.values()].filter(({ possible }) => possible[0]?.present).length,
  things: countThings(ledger.things),
  parts: life.counts(),
  merges,
  stepsMet: turns.met(),
  startsCut,
  cancelled: ledger.cancelled.size,
  spared: ledger.spared,
  problems,
})

const clients = 8
const loadMsMin = 30
const loadMsMax = 700

const clientNames = (seed: number, round: number): readonly string[] =>
  Array.from({ length: clients }, (_, index) => `s${seed}r${round}c${index}`)

const neighbours = 3

const neighbourNames = (seed: number, round: number): readonly string[] =>
  Array.from({ length: neighbours }, (_, index) => `s${seed}r${round}n${index}`)

type Round = { readonly round: number; readonly isForced: boolean }

const loadAndKill = async (
  loop: Loop,
  belfry: Belfry,
  prepared: Omit<Target, 'url'>,
  { round, isForced }: Round,
): Promise<string> => {
  const { seed, random, ledger, turns } = loop
  const target = { ...prepared, url: belfry.url }
  const [stop, stopLitter] = [new AbortController(), new AbortController()]
  const left = random.below(5) === 0 ? [] : clientNames(seed, round - 1)
  const load = clientNames(seed, round).map((name, index) =>
    runClient(name, target, ledger, {
      random,
      signal: stop.signal,
      left: index === 0 && round > 1 ? left : [],
      keepsSome: round % 2 === 0,
    }),
  )
  const beside = neighbourNames(seed, round).map((name) =>
    runNeighbour(name, target, ledger, { random, signal: stop.signal }),
  )
  const litter: Promise<void>[] = []
  const failure = Promise.all([...load, ...beside])
  const loadMs = loadMsMin + random.below(loadMsMax - loadMsMin)
  const end: Promise<KillEnd> = isForced
    ? turns.take((forced) =>
        killAtStep(belfry, random, forced, {
          ms: loadMs,
          stop: () => stop.abort(),
          leaveLittle: () => {
            const name = `s${seed}r${round}litter`
            const options = { random, signal: stopLitter.signal }
            litter.push(leaveLittle(name, target, ledger, options))
          },
        }),
      )
    : setTimeout(loadMs, { wasMet: false, place: 'at random' })
  const ended = await Promise.race([failure.then(() => end), end])
  await belfry.kill('SIGKILL')
  stop.abort()
  stopLitter.abort()
  await Promise.all([failure, ...litter])
  return isForced && !ended.wasMet ? `${ended.place}, not met` : ended.place
}

const prepare = async (belfry: Belfry): Promise<Omit<Target, 'url'>> => {
  const first = await createDevice(belfry, 'kill-0')
  const more = await Promise.all([1, 2, 3].map((index) => createDevice(belfry, `kill-${index}`)))
  const app = await expectStatus(belfry, 201, 'POST', '/belfry/v1/tenants/t1/apps', {
    json: { name: 'kill loop' },
  })
  const key = await expectStatus(belfry, 201, 'POST', '/belfry/v1/tenants/t1/keys', {
    json: { name: 'kill loop' },
  })
  return {
    tenant: 't1',
    authorization: adminAuthorization,
    apiKey: textOf(key.body, 'key'),
    appId: textOf(app.body, 'id'),
    devices: [first, ...more],
  }
}
