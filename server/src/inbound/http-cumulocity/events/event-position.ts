import type { StoredEvent } from '../../../core/event.ts'

/** The opaque `position` of a link: relative to an event, so that the walk stays exact while others write. */
export const encodePosition = (
  from: 'after' | 'before',
  event: StoredEvent | undefined,
): string | undefined => (event === undefined ? undefined : `${from}.${event.time.ms}.${event.id}`)
