import type { Part } from '../tables/catalogue.ts'
import type { DiskReserve } from '../head/disk-reserve.ts'
import type { HeadPart } from '../head/head-part.ts'
import type { CoveredRows, JanitorTask } from '../between-threads/janitor-messages.ts'
import { findMergeable, livingBytes } from './mergeable-parts.ts'
import type { StoreState } from '../head/store-state.ts'

/**
 * Which file is to be built next. Building takes space before it gives any back, so a file for which there is no room
 * waits, and what needs none goes on: a file that would eat the reserve takes from deletions what they need.
 */
export type Builds = {
  /** Of the oldest closed part. */
  readonly seal: () => JanitorTask | undefined
  /** Of a worn part. */
  readonly rewrite: () => JanitorTask | undefined
  /**
   * Up to how many rows that a deletion covers are listed as dead, because a part without them is not worn; all of them
   * while none may be written anew.
   */
  readonly rowsListedMax: (part: Part) => number
  /** Of a part of which more than those are covered: at once without them. */
  readonly rewriteWithout: (
    part: Part,
    covered: CoveredRows,
    coveredRows: number,
  ) => JanitorTask | undefined
  /** Of several small parts one, where there is ample room: what is short is for what gives more back. */
  readonly merge: () => JanitorTask | undefined
  /** Whether closed parts have to wait, so that deletions must not wait for them. */
  readonly isHeldBack: () => boolean
  /** Whether to ask again in a while. */
  readonly isResting: () => boolean
  /** There was no room for the file of such a task, or for the commit that was to name it: it is not built again at once. */
  readonly refused: (kind: JanitorTask['kind']) => void
  /** These parts are not merged before the next start. */
  readonly leaveApart: (parts: readonly number[]) => void
  /** The janitor has answered: nothing is being built any more. */
  readonly ended: () => void
}

/** Parts of which more than one row in so many is dead are written anew; as soon as that, when space is short. */
const rewrittenFromShare = 4
const rewrittenFromShareWhenFull = 16

/** A file for which there was no room is tried again after this time. */
const restMs = 1_000

/** Nothing waits for a merge, and each try copies up to half of a full part. */
const mergeRestMs = 60_000

/** What any file takes, and how much larger one may become than its rows say. */
const leastFileBytes = 192 * 1024
const fileShare = 1.25

/** With so many times the room nobody needs to watch how large it becomes. */
const ampleRoom = 4

/** `partRows`: rows of a full part. */
export const createBuilds = (state: StoreState, reserve: DiskReserve, partRows: number): Builds => {
  const mergeable = createMergeable(state, partRows)
  let restUntilMs = -Infinity
  let mergeFromMs = -Infinity
  const rest = (): void => {
    restUntilMs = performance.now() + restMs
  }
  const restMerges = (ms: number): void => {
    mergeFromMs = performance.now() + ms
  }
  const isResting = (): boolean => performance.now() < restUntilMs
  /** Where space is short, what takes none comes first. */
  const mayRewrite = (): boolean => !isResting() && !reserve.isTouched()
  /** The room that there is for a file of so many bytes; when there is none, nothing is built for a while. */
  const roomFor = (bytes: number): Room | undefined => {
    const bytesMax = reserve.buildBytesMax()
    if (bytes > bytesMax) {
      rest()
      return undefined
    }
    reserve.promise(bytes)
    return bytes * ampleRoom <= bytesMax ? {} : { bytesMax }
  }
  return {
    seal: () => {
      const part = isResting() ? undefined : state.parts.closed().at(-1)
      const room = part && roomFor(sealedBytesOf(part))
      return part && room && { kind: 'seal', part: part.number, ...room }
    },
    rewrite: () => {
      const part = isResting() ? undefined : smallestWorn(state, reserve)
      const room = part && roomFor(rewrittenBytesOf(part))
      return room && { kind: 'rewrite', part: part.number, into: state.counter.takePart(), ...room }
    },
    rowsListedMax: (part) => (mayRewrite() ? rowsUntilWorn(part) : part.rows),
    rewriteWithout: (part, covered, coveredRows) => {
      if (!mayRewrite()) return undefined
      const room = roomFor(rewrittenBytesOf(partWithout(part, coveredRows)))
      if (!room) return undefined
      const into = state.counter.takePart()
      return { kind: 'rewrite', part: part.number, into, covered, ...room }
    },
    merge: () => {
      const mustWait = isResting() || performance.now() < mergeFromMs || reserve.isTouched()
      const parts = mustWait ? [] : mergeable.find()
      if (parts.length === 0) return undefined
      const bytes = mergedBytesOf(parts)
      if (bytes * ampleRoom > reserve.buildBytesMax()) {
        restMerges(restMs)
        return undefined
      }
      reserve.promise(bytes)
      const numbers = parts.map(({ number }) => number)
      return { kind: 'merge', parts: numbers, into: state.counter.takePart() }
    },
    isHeldBack: () => isResting() && state.parts.closed().length > 0,
    isResting,
    refused: (kind) => {
      if (kind === 'merge') restMerges(mergeRestMs)
      else rest()
    },
    leaveApart: mergeable.leaveApart,
    ended: () => reserve.promise(0),
  }
}

type Room = { readonly bytesMax?: number }

const sealedBytesOf = (part: HeadPart): number => part.bytes() * fileShare + leastFileBytes

const rewrittenBytesOf = (part: Part): number => livingBytes(part) + leastFileBytes

const mergedBytesOf = (parts: readonly Part[]): number =>
  parts.reduce((sum, part) => sum + livingBytes(part), leastFileBytes)

type Mergeable = {
  readonly find: () => readonly Part[]
  readonly leaveApart: (parts: readonly number[]) => void
}

/** Asked after each batch: nothing is looked through again until parts have come or gone. */
const createMergeable = ({ parts }: StoreState, partRows: number): Mergeable => {
  const apart = new Set<number>()
  let known: { readonly changes: number; readonly found: readonly Part[] } | undefined
  return {
    find: () => {
      const changes = parts.changes()
      if (known?.changes === changes) return known.found
      const candidates = parts.catalogue().parts.filter(({ number }) => !apart.has(number))
      known = { changes, found: findMergeable(candidates, partRows) }
      return known.found
    },
    leaveApart: (numbers) => {
      for (const number of numbers) apart.add(number)
      known = undefined
    },
  }
}

const partWithout = (part: Part, rows: number): Part => ({
  ...part,
  deadRows: part.deadRows + rows,
})

const rowsUntilWorn = ({ rows, deadRows }: Part): number =>
  Math.max(0, Math.floor(rows / rewrittenFromShare) - deadRows)

const isWorn = ({ rows, deadRows }: Part, share: number): boolean => deadRows * share > rows

/** The one whose new file is smallest, because that is the one there may be room for. */
const smallestWorn = ({ parts }: StoreState, reserve: DiskReserve): Part | undefined => {
  const share = reserve.isTouched() ? rewrittenFromShareWhenFull : rewrittenFromShare
  let smallest: Part | undefined
  for (const part of parts.catalogue().parts) {
    if (part.state !== 'sealed' || !isWorn(part, share)) continue
    if (!smallest || rewrittenBytesOf(part) < rewrittenBytesOf(smallest)) smallest = part
  }
  return smallest
}
