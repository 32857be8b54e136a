import { mayChangeEventsOf, mayDeleteEvents } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import type { EventChange } from '../core/event.ts'
import type { EventFilter } from '../core/event-query.ts'
import { denied, failed, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import { fragmentIssues } from '../core/fragments.ts'
import type { ChildKind } from '../core/family.ts'
import type { EventId, JobId } from '../core/identity.ts'
import type { EventPorts, SourcedEvent } from './event-ports.ts'
import { includeBelow } from './find-hierarchy.ts'
import { findSourcedEvent } from './find-sourced-event.ts'

/** Correcting and deleting events. Ok means on disk. */
export type ChangeEvents = {
  /** A partial update. Fails with `invalid`, `not-found` (event) and `forbidden`. */
  readonly change: (
    principal: Principal,
    id: EventId,
    change: EventChange,
  ) => Promise<Result<SourcedEvent>>

  /** Fails with `not-found` (event) and `forbidden`. */
  readonly delete: (principal: Principal, id: EventId) => Promise<Result<void>>

  /**
   * Hides what matches at once and removes it in the background, together with what matches below the filter's sources
   * over the kinds of `below`. Fails with `forbidden`, with `invalid` for too large a hierarchy, and with `too-many` beyond
   * `runningDeletionsMax`.
   */
  readonly deleteMatching: (
    principal: Principal,
    filter: EventFilter,
    below?: readonly ChildKind[],
  ) => Promise<Result<JobId>>
}

/** An event's source never changes, so what is allowed when it is read is allowed when the change is written. */
export const createChangeEvents = (ports: EventPorts): ChangeEvents => ({
  change: async (principal, id, change) => {
    const issues = fragmentIssues(change.fragments)
    if (issues.length > 0) return failed({ kind: 'invalid', issues })
    const found = await findSourcedEvent(ports, principal, id, mayChangeEventsOf)
    if (!found.ok) return found
    const event = await ports.events.change(principal.tenant, id, change)
    return event.ok ? success({ event: event.value, source: found.value.source }) : event
  },

  delete: async (principal, id) => {
    const found = await findSourcedEvent(ports, principal, id, mayChangeEventsOf)
    return found.ok ? ports.events.delete(principal.tenant, id) : found
  },

  deleteMatching: async (principal, filter, below = []) => {
    if (!mayDeleteEvents(principal)) return denied
    const whole = await includeBelow(ports.inventory, principal.tenant, filter, below)
    return whole.ok ? ports.events.deleteMatching(principal.tenant, whole.value) : whole
  },
})
