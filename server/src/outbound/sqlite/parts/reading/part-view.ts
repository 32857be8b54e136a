import type { EventFilter, InstantRange } from '../../../../core/event-query.ts'
import type { EventRow } from '../../events/decode-event.ts'
import type { Cover } from '../tables/part-row.ts'

/** What a call asks about: the tenant's events that its snapshot sees and that match, but for the time. */
export type Wanted = {
  readonly tenant: number
  /** The commit that the snapshot sees. */
  readonly version: number
  readonly covers: readonly Cover[]
  readonly filter: Omit<EventFilter, 'time'>
}

/** What is wanted of one part. Views live as long as the call. */
export type PartView = {
  /** Where the times of all that is wanted here lie, perhaps too wide, without overlaps. */
  readonly times: () => readonly Stretch[]
  /** Exact. */
  readonly count: (time: InstantRange | undefined) => number
  /** Whether counts come from roll-ups and indexes, and not from a look at every row. */
  readonly isCountCheap: () => boolean
  /** The time of about the element number `skip` of those in the range: a good guess, no more. */
  readonly guessTime: (stretch: Guess) => number | undefined
  /** Together all that is wanted, each in order. */
  readonly lanes: (walk: Walk) => readonly Lane[]
  readonly row: (id: number) => EventRow | undefined
}

export type Times = { readonly minMs: number; readonly maxMs: number }

/** Bounds of times; in the usual stretch of a part lie nearly all, in others those of wrong clocks. */
export type Stretch = Times & { readonly isUsual: boolean }

/** Where an event stands in the order by time and id. */
export type Place = { readonly timeMs: number; readonly id: number }

export type Walk = {
  readonly time: InstantRange | undefined
  readonly isAscending: boolean
  /** Only what stands behind it; it need not be there any more. */
  readonly place: Place | undefined
}

export type Guess = {
  readonly time: InstantRange | undefined
  readonly isAscending: boolean
  readonly skip: number
  /** How many there are in the range. */
  readonly among: number
}

export type Lane = {
  /** Bounds of the times of what is in it. */
  readonly times: Times
  /** The next at most `max` places in order; none when that was all. */
  readonly next: (max: number) => readonly Place[]
}

export const anyTime: Stretch = { minMs: -Infinity, maxMs: Infinity, isUsual: true }

export const isEmpty = (range: InstantRange | undefined): boolean =>
  (range?.fromMs ?? -Infinity) >= (range?.toMs ?? Infinity)

export const rangeOf = ({ minMs, maxMs }: Times): InstantRange =>
  // Bounds that are open have no millisecond after them.
  ({
    ...(minMs === -Infinity ? {} : { fromMs: minMs }),
    ...(maxMs === Infinity ? {} : { toMs: maxMs + 1 }),
  })

/** Whether something in these bounds can be in the range. */
export const meets = ({ minMs, maxMs }: Times, range: InstantRange | undefined): boolean =>
  minMs < (range?.toMs ?? Infinity) && maxMs >= (range?.fromMs ?? -Infinity)

/** Whether everything in these bounds is in the range. */
export const isWithin = ({ minMs, maxMs }: Times, range: InstantRange | undefined): boolean =>
  minMs >= (range?.fromMs ?? -Infinity) && maxMs < (range?.toMs ?? Infinity)

/** What is in both ranges. */
export const intersect = (
  left: InstantRange | undefined,
  right: InstantRange | undefined,
): InstantRange | undefined => {
  if (left === undefined || right === undefined) return left ?? right
  const fromMs = Math.max(left.fromMs ?? -Infinity, right.fromMs ?? -Infinity)
  const toMs = Math.min(left.toMs ?? Infinity, right.toMs ?? Infinity)
  return {
    ...(fromMs === -Infinity ? {} : { fromMs }),
    ...(toMs === Infinity ? {} : { toMs }),
  }
}
