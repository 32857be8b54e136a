import { deadRowsSliceMax, partBytesMax, receiptKeptMs } from '../../../../core/limits.ts'
import { createBuilds } from './builds.ts'
import type { Builds } from './builds.ts'
import { columnSlots } from '../between-threads/columns.ts'
import type {
  JanitorAnswer,
  JanitorTask,
  PartSummary,
} from '../between-threads/janitor-messages.ts'
import { createDeletions } from './deletions.ts'
import type { Deletions } from './deletions.ts'
import type { DiskReserve } from '../head/disk-reserve.ts'
import { createLeftovers } from './leftovers.ts'
import type { Leftovers } from './leftovers.ts'
import type { Pace } from './pace.ts'
import { isPast } from '../between-threads/snapshots.ts'
import type { StoreNumberName, StoreNumbers } from '../between-threads/store-numbers.ts'
import type { StoreState } from '../head/store-state.ts'
import { createRetiredParts } from './retired-parts.ts'
import type { RetiredParts, RetiredPartsConfig } from './retired-parts.ts'
import { swapParts } from './swap-parts.ts'
import type { Swap } from './swap-parts.ts'

/**
 * What the writer does between two batches, one bounded step at a time, and what it has the janitor do meanwhile.
 * After each batch and each answer of the janitor it is called until it is idle:
 *
 * 0. A commit has failed that may be in the log all the same (`doubtfulFrom`): nothing but one that takes its place.
 * 1. The hot part is full: close it, begin the next one (when a slot of columns is free).
 * 2. A part is closed: have its file built, then seal it; then its tables in the head go.
 * 3. A deletion runs: for each part in order, have the rows found, and list them as dead, slice by slice, or have the
 *    part written anew without them, where it would be worn (5); in the hot part remove them. A tenant that loses all it
 *    has in a part is taken out of it in one step. Between two slices or parts a deletion rests while calls come
 *    (pace.ts), unless the disk is full.
 * 4. A part has nothing left: out of the catalogue; its file goes when no reader looks at it any more.
 * 5. Enough of a part is dead: have the rest written into a new part, then swap the two.
 * 6. Nothing else is to do: have the filters read that the duplicate check lacks (unique-filters.ts).
 * 7. Still nothing: have neighbours of which little is left written into one new part, then swap it for all of them
 *    (mergeable-parts.ts says which).
 *
 * Files are built only where there is room for them (builds.ts).
 *
 * The janitor has one task at a time. Nothing here is needed after a restart: every step leaves in the head what
 * the next one begins with, and what a crash leaves in the folder is in nobody's catalogue:
 *
 * - While a file is built, and until the commit that names it: the parts that it is made of are closed, worn or small, as
 *   before; the start removes the file, and it is built anew.
 * - After the commit of a seal: rows in the head that are left over; `Leftovers` finds them by the names of their tables.
 * - After the commit of a swap, or that takes a part out: files that are not named, which the start removes, whichever of
 *   them had gone; what was listed as dead in them, which `Leftovers` finds.
 * - Within a deletion: its row, which hides and says up to which part it is done; the part after that is matched anew. A
 *   part that was written anew without what it covers got the highest number then: it is come to once more, and nothing is
 *   found in it.
 */
export type Maintenance = {
  readonly step: (nowMs: number) => Due
  readonly receive: (answer: JanitorAnswer) => void
}

/** When the next step makes sense: now, after a while, or when something happens. */
export type Due = 'now' | 'later' | 'idle'

export type MaintenanceConfig = RetiredPartsConfig & {
  /** Rows from which the hot part is closed. */
  readonly partRows: number
  readonly numbers: StoreNumbers
  readonly reserve: DiskReserve
  /** Of deletions. */
  readonly pace: Pace
  readonly ask: (task: JanitorTask) => void
  readonly onStorageFailure: (cause: string) => void
  readonly onDiskFull: (cause: string) => void
  /** A merge, which nothing waits for, met a file that cannot be read, or could not write its own. */
  readonly onUnmergeable: (cause: string) => void
}

type Worker = MaintenanceConfig & {
  readonly state: StoreState
  readonly builds: Builds
  readonly deletions: Deletions
  readonly leftovers: Leftovers
  readonly retired: RetiredParts
  /** What the janitor is at. */
  task: JanitorTask | undefined
  /** It has just removed files, so that a full part comes before more of them. */
  hasUnlinked: boolean
  /** Of what takes turns it last worked for a deletion, so that what else is to do comes first, however many there are. */
  hasDeleted: boolean
  askedMs: number
  /** The catalogue that the numbers of parts were taken from. */
  countedCatalogue: number
  /** After a refusal the janitor is not asked again before. */
  restUntilMs: number
  /** From which version on a slot has no reader any more. */
  readonly slotFreeFrom: Map<number, number>
}

export const createMaintenance = (config: MaintenanceConfig, state: StoreState): Maintenance => {
  const builds = createBuilds(state, config.reserve, config.partRows)
  const worker: Worker = {
    ...config,
    state,
    builds,
    deletions: createDeletions(state, config.numbers, builds),
    leftovers: createLeftovers(state),
    retired: createRetiredParts(config, state),
    task: undefined,
    hasUnlinked: false,
    hasDeleted: false,
    askedMs: 0,
    countedCatalogue: -1,
    restUntilMs: 0,
    slotFreeFrom: new Map(),
  }
  return {
    step: (nowMs) => {
      const due = step(worker, nowMs)
      countParts(worker)
      return due
    },
    receive: (answer) => receive(worker, answer),
  }
}

/** Nothing to do as long as the catalogue is the same. */
const countParts = (worker: Worker): void => {
  const { state, numbers } = worker
  const catalogue = state.counter.catalogue()
  if (catalogue === worker.countedCatalogue) return
  worker.countedCatalogue = catalogue
  const { parts } = state.parts.catalogue()
  const sealed = parts.filter((part) => part.state === 'sealed')
  numbers.set('closedParts', state.parts.closed().length)
  numbers.set('sealedParts', sealed.length)
  numbers.set('partBytes', sum(sealed.map(({ bytes }) => bytes)))
  numbers.set('deadRows', sum(parts.map(({ deadRows }) => deadRows)))
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)

const step = (worker: Worker, nowMs: number): Due => {
  const { state, leftovers } = worker
  if (isInDoubt(state)) return endDoubt(worker)
  if (isFull(worker) && rollOver(worker)) return 'now'
  // Before deletions: these may have another step to do for as long as some tenant begins new ones.
  if (worker.task === undefined) askNext(worker)
  if (!areDeletionsResting(worker) && stepDeletions(worker)) return 'now'
  if (leftovers.step()) return 'now'
  if (state.journal.hasOldReceipts(nowMs - receiptKeptMs)) {
    state.commitUnsynced(() =>
      state.journal.forgetReceipts(nowMs - receiptKeptMs, deadRowsSliceMax),
    )
    return 'now'
  }
  return isWaiting(worker) ? 'later' : 'idle'
}

/** For a clock or a reader; for the janitor it need not look. */
const isWaiting = (worker: Worker): boolean => {
  const { pace, retired, builds, deletions, task } = worker
  if (pace.isResting() || deletions.isListing()) return true
  if (task !== undefined) return false
  return isFull(worker) || retired.areThere() || isResting(worker) || builds.isResting()
}

const stepDeletions = (worker: Worker): boolean => {
  const beginMs = performance.now()
  if (!worker.deletions.step(isSealingHeldBack(worker))) return false
  worker.retired.retireEmpty()
  rest(worker, beginMs)
  return true
}

const rest = ({ pace, numbers }: Worker, beginMs: number): void =>
  numbers.add('deletionRestMicroseconds', pace.worked(performance.now() - beginMs) * 1000)

/** On a full disk a deletion is what makes room, and calls that write wait for it. */
const areDeletionsResting = ({ pace, reserve }: Worker): boolean =>
  pace.isResting() && !reserve.isTouched()

const isInDoubt = ({ doubtfulFrom }: StoreState): boolean => doubtfulFrom() < Infinity

/** Files that no doubt is about go first: that takes no commit, and may make the room for this one. */
const endDoubt = (worker: Worker): Due => {
  if (worker.task === undefined) askNext(worker)
  worker.state.commit(() => undefined)
  return 'now'
}

/** While the janitor reads a closed part nothing may change in it. */
const isSealingHeldBack = ({ task, builds }: Worker): boolean =>
  task?.kind !== 'seal' && builds.isHeldBack()

const isFull = ({ state, partRows }: Worker): boolean => {
  const hot = state.parts.hot()
  return hot.length() >= partRows || hot.bytes() >= partBytesMax
}

const rollOver = ({ state, snapshots, slotFreeFrom }: Worker): boolean => {
  const used = new Set([state.parts.hot(), ...state.parts.closed()].map(({ slot }) => slot))
  for (let slot = 0; slot < columnSlots; slot += 1) {
    if (used.has(slot) || !isPast(snapshots, slotFreeFrom.get(slot) ?? 0)) continue
    state.commit(() => state.parts.rollOver(slot))
    return true
  }
  return false
}

const askNext = (worker: Worker): void => {
  if (isResting(worker)) return
  const task = nextTask(worker)
  if (!task) return
  worker.task = task
  worker.hasUnlinked = task.kind === 'unlink'
  if (takesTurns(task)) worker.hasDeleted = isOfDeletion(task)
  worker.askedMs = performance.now()
  worker.ask(task)
}

const nextTask = (worker: Worker): JanitorTask | undefined => {
  const { state, deletions, builds, reserve } = worker
  const unlink = unlinkTask(worker)
  if (isInDoubt(state)) return unlink
  if (unlink && !worker.hasUnlinked) return unlink
  const sealOrUnlink = builds.seal() ?? unlink
  if (sealOrUnlink || areDeletionsResting(worker)) return sealOrUnlink
  // For as long as a deletion lists rows of a part, no file is made of that part; its task may be to begin with that.
  const unlessListing = (task: () => JanitorTask | undefined): JanitorTask | undefined =>
    deletions.isListing() ? undefined : task()
  const other = (): JanitorTask | undefined => unlessListing(builds.rewrite) ?? siftTask(state)
  // On a full disk lists of the dead must not grow over all parts before the first of them gives space back.
  const next =
    worker.hasDeleted || reserve.isTouched()
      ? (other() ?? deletions.task())
      : (deletions.task() ?? other())
  return next ?? unlessListing(builds.merge)
}

/** With deletions; the others come first or last. */
const takesTurns = ({ kind }: JanitorTask): boolean =>
  kind === 'match' || kind === 'rewrite' || kind === 'sift'

const isOfDeletion = (task: JanitorTask): boolean =>
  task.kind === 'match' || (task.kind === 'rewrite' && task.covered !== undefined)

const unlinkTask = ({ retired }: Worker): JanitorTask | undefined => {
  const parts = retired.removable()
  return parts.length === 0 ? undefined : { kind: 'unlink', parts }
}

const siftTask = ({ uniqueFilters, parts }: StoreState): JanitorTask | undefined => {
  const part = uniqueFilters.missing(parts.catalogue())
  return part === undefined ? undefined : { kind: 'sift', part }
}

const receive = (worker: Worker, answer: JanitorAnswer): void => {
  const { task } = worker
  worker.task = undefined
  if (!task) throw new Error('the janitor answers what it was asked')
  worker.builds.ended()
  if (answer.kind === 'refused') return refused(worker, task, answer)
  countTask(worker, task)
  if (answer.kind === 'unlinked') {
    if (task.kind === 'unlink') worker.retired.removed(task.parts)
  } else if (answer.kind === 'matched') {
    worker.deletions.receive(answer.matches)
    worker.retired.retireEmpty()
  } else if (answer.kind === 'sifted') {
    const { uniqueFilters, parts } = worker.state
    uniqueFilters.add(answer.part, answer.filter, parts.catalogue())
  } else {
    putInForce(worker, task, answer)
  }
  if (isOfDeletion(task)) rest(worker, worker.askedMs)
}

type Counted = Partial<
  Record<JanitorTask['kind'], readonly [count: StoreNumberName, time: StoreNumberName]>
>

const counted: Counted = {
  seal: ['seals', 'sealMicroseconds'],
  rewrite: ['rewrites', 'rewriteMicroseconds'],
  merge: ['merges', 'mergeMicroseconds'],
}

const countTask = ({ numbers, askedMs }: Worker, { kind }: JanitorTask): void => {
  const [count, time] = counted[kind] ?? []
  if (count) numbers.add(count, 1)
  if (time) numbers.add(time, (performance.now() - askedMs) * 1000)
}

const isResting = ({ restUntilMs }: Worker): boolean => performance.now() < restUntilMs

/** A full disk may have room later; anything else is decided by a restart. */
const restMs = 1_000

const refused = (
  worker: Worker,
  task: JanitorTask,
  { isFull: isDiskFull, cause }: Extract<JanitorAnswer, { kind: 'refused' }>,
): void => {
  if (!isDiskFull && task.kind === 'merge') {
    worker.builds.leaveApart(task.parts)
    return worker.onUnmergeable(cause)
  }
  if (!isDiskFull) return worker.onStorageFailure(cause)
  if ('bytesMax' in task || task.kind === 'merge') worker.builds.refused(task.kind)
  if (isOfDeletion(task)) worker.deletions.ended()
  // The file outgrew the room it was given, which says nothing about the disk.
  if ('bytesMax' in task) return
  worker.restUntilMs = performance.now() + restMs
  worker.onDiskFull(cause)
}

type Built = Extract<JanitorAnswer, { kind: 'built' }>

/** To build a file costs far more than the commit that names it: when that fails, the next try has to wait. */
const putInForce = (worker: Worker, task: JanitorTask, built: Built): void => {
  let isDone = false
  try {
    if (task.kind === 'seal') seal(worker, built.part, built.summary)
    else if (task.kind === 'rewrite') {
      swap(worker, { from: [task.part], built, job: task.covered?.job })
    } else if (task.kind === 'merge') swap(worker, { from: task.parts, built })
    isDone = true
  } finally {
    if (!isDone) worker.builds.refused(task.kind)
    if (isOfDeletion(task)) worker.deletions.ended()
  }
}

const seal = (worker: Worker, part: number, summary: PartSummary): void => {
  const { state, leftovers, retired, slotFreeFrom } = worker
  const closed = state.parts.closed().find(({ number }) => number === part)
  if (!closed) throw new Error(`part ${part} was closed when it was given to the janitor`)
  const version = state.counter.version()
  state.commit(() => state.parts.seal(part, summary))
  const filter = closed.uniqueFilter(summary.uniqueRows)
  if (filter) state.uniqueFilters.add(part, filter, state.parts.catalogue())
  slotFreeFrom.set(closed.slot, version)
  leftovers.add(part, closed.headBytes())
  retired.retireEmpty()
}

/**
 * The old files have to go or the new one, in any case, also when the commit fails: the next try has a number and a file of
 * its own. A new one that the log may name all the same goes when that is over.
 */
const swap = (worker: Worker, { from, built, job }: Swap): void => {
  const { state, retired, numbers } = worker
  const version = state.counter.version()
  let unnamed: readonly number[] = [built.part]
  try {
    if (swapParts(state, { from, built, job })) {
      unnamed = from
      numbers.add('removedEvents', built.coveredRows)
    }
  } finally {
    retired.add(unnamed, version)
  }
  retired.retireEmpty()
}
