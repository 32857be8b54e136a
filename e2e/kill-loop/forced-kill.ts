import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { waitFor } from '../harness.ts'
import type { Belfry } from '../harness.ts'
import type { Random } from '../random.ts'
import { attachStrace } from '../strace.ts'
import type { Tracer } from '../strace.ts'
import { listPartPaths, toBuildPath } from './part-paths.ts'
import { stopAtMerge } from './stop-at-merge.ts'
import type { Cut, CutFiles, Step } from './step.ts'

/** A step that has not come by then is not coming in this round; what comes after other work may take longer. */
const deadlineMs = 2_000
const lateDeadlineMs = 6_000

export type Load = {
  readonly ms: number
  readonly stop: () => void
  /** Begins to make parts of which next to nothing is left. */
  readonly leaveLittle: () => void
}

export type ForcedKill = {
  readonly step: Step
  /** How often this kind of step has been missed in a row: each time it is to come sooner. */
  readonly missed: number
}

export type KillEnd = { readonly wasMet: boolean; readonly place: string }

/** Kills a server at a step, and answers which it was; some time later if the step does not come. */
export const killAtStep = async (
  belfry: Belfry,
  random: Random,
  { step, missed }: ForcedKill,
  load: Load,
): Promise<KillEnd> => {
  const cut = random.pick(step.cuts)
  const nth = 1 + random.below(Math.ceil(cut.nthMax / 4 ** missed))
  const way = step.during === 'load' && missed > 0 ? 'deletion' : step.during
  const { wasMet, without } = await ways[way](belfry, random, { cut, nth }, load)
  await belfry.kill('SIGKILL')
  return { wasMet, place: [`${step.name}, ${nth}`, ...without].join(', without ') }
}

type Place = { readonly cut: Cut; readonly nth: number }

type Way = (
  belfry: Belfry,
  random: Random,
  place: Place,
  load: Load,
) => Promise<{ readonly wasMet: boolean; readonly without: readonly string[] }>

/** Half of the kills come when the load has just ended: not until then does the server do what can wait. */
const killUnderLoad: Way = async (belfry, random, place, load) => {
  if (random.below(2) === 0) {
    const tracer = await attachKiller(belfry, place)
    return { wasMet: await waitForEnd(belfry, tracer), without: [] }
  }
  const wasMet = await killAfterLoad(belfry, place, load)
  return { wasMet, without: ['load'] }
}

/** A deletion takes its time as long as others write. */
const killAtDeletion: Way = async (belfry, _random, place, load) => {
  const wasMet = await killAfterLoad(belfry, place, load, load.leaveLittle)
  return { wasMet, without: [] }
}

const killAfterLoad = async (
  belfry: Belfry,
  place: Place,
  load: Load,
  goOn?: () => void,
): Promise<boolean> => {
  await setTimeout(load.ms)
  // Nothing must be done before somebody looks.
  process.kill(belfry.pid, 'SIGSTOP')
  load.stop()
  const tracer = await attachKiller(belfry, place)
  process.kill(belfry.pid, 'SIGCONT')
  goOn?.()
  return waitForEnd(belfry, tracer, goOn ? lateDeadlineMs : deadlineMs)
}

const killAtEnd: Way = async (belfry, _random, place, load) => {
  await setTimeout(load.ms)
  const tracer = await attachKiller(belfry, place)
  const wasMet = (await belfry.kill('SIGTERM')) === null
  await tracer.detach()
  return { wasMet, without: [] }
}

const killAtMerge: Way = async (belfry, _random, place, load) => {
  await setTimeout(load.ms)
  load.stop()
  if (!(await stopAtMerge(belfry, load.leaveLittle))) return { wasMet: false, without: ['a merge'] }
  const tracer = await attachKiller(belfry, place)
  process.kill(belfry.pid, 'SIGCONT')
  return { wasMet: await waitForEnd(belfry, tracer), without: [] }
}

const ways: Readonly<Record<Step['during'], Way>> = {
  load: killUnderLoad,
  deletion: killAtDeletion,
  end: killAtEnd,
  merge: killAtMerge,
}

const attachKiller = async ({ pid, folder }: Belfry, { cut, nth }: Place): Promise<Tracer> =>
  attachStrace(pid, join(folder, 'strace.log'), [
    ...['-e', `trace=${cut.calls}`, '-e', `inject=${cut.calls}:signal=SIGKILL:when=${nth}`],
    ...(await pathsOf(folder, cut.files)).flatMap((path) => ['-P', path]),
  ])

const pathsOf = async (folder: string, files: CutFiles): Promise<readonly string[]> => {
  if (files === 'any') return []
  if (files === 'parts') return listPartPaths(folder)
  if (files === 'parts being built') return (await listPartPaths(folder)).map(toBuildPath)
  return files.map((file) => join(folder, 'events', file))
}

/** Answers whether it came by itself. */
const waitForEnd = async (
  belfry: Belfry,
  tracer: Tracer,
  withinMs = deadlineMs,
): Promise<boolean> => {
  const wasMet = await waitFor('the step', belfry.hasEnded, withinMs).then(
    () => true,
    () => false,
  )
  await belfry.kill('SIGKILL')
  await tracer.detach()
  return wasMet
}
