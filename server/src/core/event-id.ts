import type { EventId, ManagedObjectId } from './identity.ts'

/** The first millisecond of 2025 in UTC: ids count from here, so that they fit 53 bits until 2094. */
const epochMs = Date.UTC(2025, 0, 1)

/** Ids in one millisecond before the sequence borrows from the next one. */
const idsPerMs = 4096

/**
 * The id after `last`: milliseconds since 2025 × 4096 plus a sequence. Strictly increasing even when
 * the clock is set back, so a page's order by id is the order of arrival, and an id tells nobody how
 * many events others have (ADR 0003).
 */
export const nextId = (last: number, nowMs: number): number =>
  Math.max(last + 1, Math.max(0, nowMs - epochMs) * idsPerMs)

/** Reads an id as it stands in a path or a body: 1 to 16 decimal digits. */
export const parseEventId = (text: string): EventId | undefined =>
  parseId(text) as EventId | undefined

export const parseManagedObjectId = (text: string): ManagedObjectId | undefined =>
  parseId(text) as ManagedObjectId | undefined

export const parseId = (text: string): number | undefined => {
  if (!/^[1-9]\d{0,15}$/.test(text)) return undefined
  const id = Number(text)
  return Number.isSafeInteger(id) ? id : undefined
}
