import type { AdmittedEvent, EventChange, StoredEvent, UniqueEvent } from '../core/event.ts'
import type { EventFilter, EventPage, EventPageRequest } from '../core/event-query.ts'
import type { Failure, Result } from '../core/failure.ts'
import type { EventId, JobId, ReceiptId, TenantId } from '../core/identity.ts'

/** An event that has been stored: what the store itself added. */
export type Receipt = {
  readonly id: EventId
  /** Creation time and first `lastUpdated`, milliseconds since 1970. */
  readonly creationMs: number
}

/** `duplicate` names the event that was there first. */
export type UniqueReceipt = Receipt & { readonly outcome: 'stored' | 'duplicate' }

/** What became of an event that was accepted with a 202. */
export type AcceptedState =
  | { readonly status: 'pending' }
  | { readonly status: 'stored' | 'duplicate'; readonly id: EventId }
  | { readonly status: 'rejected'; readonly failure: Failure }

/** A background deletion: it hides its events at once and removes them in slices. */
export type DeletionJob = {
  readonly id: JobId
  readonly tenant: TenantId
  readonly filter: EventFilter
  readonly startedMs: number
  readonly removedEvents: number
  /** Parts of the store that it has not been through yet, at most; 0 shortly before it ends. */
  readonly partsLeft: number
}

export type StoreHealth = {
  /** `degraded`: the disk is full, reads work. `failed`: nothing is taken in until a restart. */
  readonly state: 'ok' | 'degraded' | 'failed'
  /** Events that are not committed yet; another call counts as one. */
  readonly queuedEvents: number
}

/**
 * Keeps the events of all tenants. The tenant comes first in every call, and nothing of another
 * tenant is ever seen, counted or touched.
 *
 * Durable on return: when a promise of `append`, `appendUnique`, `accept`, `change`, `delete`,
 * `deleteMatching` or `cancelDeletion` answers ok, the change survives a power cut. When it answers a failure, nothing
 * of the call is in force (after `storage-failed` this is decided by the next start).
 * Order: calls take effect in the order in which they were made, one at a time; a read that begins
 * after a call's answer sees its effect.
 * Failures of every call: `unavailable` (busy, disk-full, storage-failed, stopping); those named at
 * a call come on top. Reads go on while writes are refused.
 * Where tenants have a limit, `append`, `appendUnique`, `accept` and `change` answer `unavailable` (tenant-full) while
 * the tenant's events have reached it: their types, texts and fragments' values in UTF-8, and about 120 bytes for each.
 * What reaches it is stored; a duplicate is still named; deleting makes room, for `deleteMatching` as it comes along.
 */
export type EventStore = {
  /** Stores all events or none, in order, with ascending ids. Never looks for duplicates. */
  readonly append: (
    tenant: TenantId,
    events: readonly AdmittedEvent[],
  ) => Promise<Result<readonly Receipt[]>>

  /**
   * Stores the event unless one with the same source, type, time and digest exists, accepted ones
   * that are still pending included. Of any number of equal calls exactly one stores.
   */
  readonly appendUnique: (tenant: TenantId, event: UniqueEvent) => Promise<Result<UniqueReceipt>>

  /** Writes the event to the journal: safe, and stored soon after in the order of acceptance. */
  readonly accept: (tenant: TenantId, event: UniqueEvent) => Promise<Result<ReceiptId>>

  /** Fails with `not-found` (receipt): never handed out to this tenant, or older than `receiptKeptMs`. */
  readonly readAccepted: (tenant: TenantId, receipt: ReceiptId) => Promise<Result<AcceptedState>>

  /** Fails with `not-found` (event). */
  readonly read: (tenant: TenantId, id: EventId) => Promise<Result<StoredEvent>>

  /** Fails with `too-large` when the page has more than `pageCharactersMax`: never a part of it, which would hide the rest. */
  readonly readPage: (tenant: TenantId, request: EventPageRequest) => Promise<Result<EventPage>>

  /** Exact at some moment during the call. */
  readonly count: (tenant: TenantId, filter: EventFilter) => Promise<Result<number>>

  /**
   * Applies a partial update and answers the whole event. Fails with `not-found` (event) and with `invalid`
   * when the event would outgrow its bounds (core/change-event.ts).
   */
  readonly change: (
    tenant: TenantId,
    id: EventId,
    change: EventChange,
  ) => Promise<Result<StoredEvent>>

  /** Fails with `not-found` (event). */
  readonly delete: (tenant: TenantId, id: EventId) => Promise<Result<void>>

  /**
   * Deletes what matches now, however much it is: on return no read, count or duplicate check sees
   * those events; their space is freed in the background, also after a restart. Events stored or
   * changed later are untouched. Fails with `too-many` beyond `runningDeletionsMax`.
   */
  readonly deleteMatching: (tenant: TenantId, filter: EventFilter) => Promise<Result<JobId>>

  /** The deletions still running, oldest first. */
  readonly listDeletions: (tenant: TenantId) => Promise<Result<readonly DeletionJob[]>>

  /**
   * Ends a running deletion. What it has not removed yet is there again as it was, also beside equal events that were
   * stored meanwhile; what it has removed stays gone. Fails with `not-found` (job), also for one that has finished.
   */
  readonly cancelDeletion: (tenant: TenantId, job: JobId) => Promise<Result<void>>

  readonly health: () => StoreHealth

  /** Finishes what was taken in, then lets go of everything. Later calls answer `stopping`. */
  readonly close: () => Promise<void>
}
