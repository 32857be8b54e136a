import type { Things } from './thing.ts'

/** What an event may be after a crash: not there, or there with this text. */
export type EventState =
  { readonly present: false } | { readonly present: true; readonly text: string }

/**
 * One event as its sender knows it. Before an answer arrives both the old and the new state are possible;
 * an answer leaves one. Only its own client touches an entry, one request at a time.
 */
export type Entry = {
  readonly marker: string
  readonly dialect: 'cumulocity' | 'tenant-device'
  /** The request body, for sending the very same again. */
  readonly body: string
  readonly device: string
  /** The type, so that a deletion by filter finds its batch. */
  readonly type: string
  id: string | undefined
  /** The receipt of a 202 that has not been seen settled yet. */
  receipt: string | undefined
  /** Sent for a 202: it may come into force after a deletion that was asked for later. */
  isAsync: boolean
  possible: readonly EventState[]
}

export const absent: EventState = { present: false }

export const withText = (text: string): EventState => ({ present: true, text })

/** All that the clients of a run believe. */
export type Ledger = {
  readonly entries: Map<string, Entry>
  readonly things: Things
  /** Deletions that were cancelled, by the ids of their jobs, and events that were there again after it. */
  readonly cancelled: Set<string>
  spared: number
  acknowledged: number
}

export const createLedger = (): Ledger => ({
  entries: new Map(),
  things: new Map(),
  cancelled: new Set(),
  spared: 0,
  acknowledged: 0,
})

/** Sends a request that moves `entries` to a new state; an answer that is not ok leaves both possible. */
export const attempt = async (
  ledger: Ledger,
  entries: readonly Entry[],
  next: EventState,
  send: () => Promise<boolean>,
): Promise<boolean> => {
  const targets = entries.filter(({ possible }) => possible.some((state) => !isSame(state, next)))
  for (const entry of targets) entry.possible = [...entry.possible, next]
  const isAcknowledged = await send()
  if (!isAcknowledged) return false
  ledger.acknowledged += 1
  for (const entry of entries) entry.possible = [next]
  return true
}

export const isSame = (left: EventState, right: EventState): boolean =>
  left.present === right.present && (!left.present || !right.present || left.text === right.text)
