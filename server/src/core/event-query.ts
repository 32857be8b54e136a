import { isFragmentValue } from './fragments.ts'
import { hasWords } from './has-words.ts'
import type { StoredEvent } from './event.ts'
import type { EventId, ManagedObjectId } from './identity.ts'

/** From inclusive, to exclusive, milliseconds since 1970; an absent bound is open. */
export type InstantRange = {
  readonly fromMs?: number
  readonly toMs?: number
}

/** All conditions must hold; an absent one always does. */
export type EventFilter = {
  /** Any of these sources; an empty list matches nothing. */
  readonly sources?: readonly ManagedObjectId[]
  readonly type?: string
  /** The event has a fragment of this name. */
  readonly fragmentType?: string
  /** That fragment is a string with this value. Only together with `fragmentType`. */
  readonly fragmentValue?: string
  /** Each of its words occurs in the event's text, whatever the case. */
  readonly text?: string
  readonly time?: InstantRange
  readonly creation?: InstantRange
  readonly lastUpdated?: InstantRange
}

/** Events are ordered by time, then by id. */
export type EventOrder = 'newest-first' | 'oldest-first'

/**
 * Where a page begins: `start` skips elements of the whole list and promises nothing while others
 * write; `after` and `before` are relative to an event (which may be gone by now), so that whoever follows
 * them meets every event that existed throughout exactly once.
 */
export type PagePosition =
  | { readonly from: 'start'; readonly skip: number }
  | { readonly from: 'after' | 'before'; readonly timeMs: number; readonly id: EventId }

export type EventPageRequest = {
  readonly filter: EventFilter
  readonly order: EventOrder
  readonly position: PagePosition
  /** At least 1, at most `pageSizeMax`. */
  readonly size: number
}

export type EventPage = {
  /** In the order asked for, also for a page `before` something. */
  readonly events: readonly StoredEvent[]
  /** Whether the list goes on behind the last of these events. */
  readonly more: boolean
}

/** The reference meaning of a filter: every store must agree with it. */
export const matchesEvent = (filter: EventFilter, event: StoredEvent): boolean =>
  (filter.sources === undefined || filter.sources.includes(event.source)) &&
  (filter.type === undefined || filter.type === event.type) &&
  matchesFragment(filter, event) &&
  (filter.text === undefined || hasWords(filter.text, event.text)) &&
  isInRange(filter.time, event.time.ms) &&
  isInRange(filter.creation, event.creationMs) &&
  isInRange(filter.lastUpdated, event.lastUpdatedMs)

const matchesFragment = (filter: EventFilter, event: StoredEvent): boolean => {
  if (filter.fragmentType === undefined) return true
  const fragment = event.fragments.find(({ name }) => name === filter.fragmentType)
  if (fragment === undefined) return false
  return filter.fragmentValue === undefined || isFragmentValue(fragment.value, filter.fragmentValue)
}

export const isInRange = (range: InstantRange | undefined, ms: number): boolean =>
  range === undefined ||
  ((range.fromMs === undefined || ms >= range.fromMs) &&
    (range.toMs === undefined || ms < range.toMs))

/** Negative when `left` comes first. */
export const compareEvents =
  (order: EventOrder) =>
  (left: EventPlace, right: EventPlace): number => {
    const ascending = left.timeMs - right.timeMs || left.id - right.id
    return order === 'oldest-first' ? ascending : -ascending
  }

export type EventPlace = { readonly timeMs: number; readonly id: EventId }
