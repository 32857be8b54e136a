import { mayCreateEventsOf } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import { admitEvent } from '../core/admit-event.ts'
import type { EventDraft } from '../core/admit-event.ts'
import type { AdmittedEvent, StoredEvent } from '../core/event.ts'
import { denied, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import { toEventId } from '../core/identity.ts'
import type { TenantId } from '../core/identity.ts'
import type { Receipt } from '../ports/event-store.ts'
import type { Source } from '../ports/inventory.ts'
import type { EventPorts, SourcedEvent } from './event-ports.ts'
import { findSources } from './find-sources.ts'
import { hasGrantsBelow, reachObjects } from './reach-objects.ts'

/**
 * Takes in events of the caller's tenant, all or none, and answers them as stored: ok means on disk.
 * With `keep: false` (the processing modes TRANSIENT and CEP) everything is checked and answered, and
 * nothing is stored; the ids of such an answer never name an event.
 * Fails with `invalid`, `not-found` (source), `forbidden` and `unavailable`, checked in this order.
 */
export type IngestEvents = (
  principal: Principal,
  drafts: readonly EventDraft[],
  options: { readonly keep: boolean },
) => Promise<Result<readonly SourcedEvent[]>>

export const createIngestEvents = (ports: EventPorts): IngestEvents => {
  const passingReceipt = createPassingReceipts()
  return async (principal, drafts, { keep }) => {
    const { tenant } = principal
    const admitted = admitAll(drafts)
    if (!admitted.ok) return admitted
    const ids = drafts.map(({ source }) => source)
    // First, because nothing may come between finding the sources and storing their events.
    const reached = hasGrantsBelow(principal)
      ? await reachObjects(ports.inventory, principal, ids)
      : success(principal)
    if (!reached.ok) return reached
    const sources = await findSources(ports.inventory, tenant, ids)
    if (!sources.ok) return sources
    if (!sources.value.every((source) => mayCreateEventsOf(reached.value, source))) return denied
    const receipts = keep
      ? await ports.events.append(tenant, admitted.value)
      : success(admitted.value.map(() => passingReceipt(ports.clock.nowMs())))
    if (!receipts.ok) return receipts
    ports.meter.countEvents(tenant, 'accepted', receipts.value.length)
    return success(joinAll(tenant, admitted.value, sources.value, receipts.value))
  }
}

const admitAll = (drafts: readonly EventDraft[]): Result<readonly AdmittedEvent[]> => {
  const admitted: AdmittedEvent[] = []
  for (const draft of drafts) {
    const event = admitEvent(draft)
    if (!event.ok) return event
    admitted.push(event.value)
  }
  return success(admitted)
}

const joinAll = (
  tenant: TenantId,
  events: readonly AdmittedEvent[],
  sources: readonly Source[],
  receipts: readonly Receipt[],
): readonly SourcedEvent[] =>
  events.map((event, index) => {
    const source = sources[index]
    const receipt = receipts[index]
    if (!source || !receipt) throw new Error('each event has a source and a receipt')
    return { source, event: toStored(tenant, event, receipt) }
  })

/** The event as the store keeps it, without reading it back. */
export const toStored = (
  tenant: TenantId,
  { source, type, text, time, fragments }: AdmittedEvent,
  { id, creationMs }: Receipt,
): StoredEvent => ({
  tenant,
  id,
  source,
  type,
  text,
  time,
  creationMs,
  lastUpdatedMs: creationMs,
  fragments,
})

/** Ids counted down from the largest safe integer: the store's own count up and reach them in 2094. */
const createPassingReceipts = (): ((nowMs: number) => Receipt) => {
  let next = Number.MAX_SAFE_INTEGER
  return (nowMs) => {
    const id = toEventId(next)
    next -= 1
    return { id, creationMs: nowMs }
  }
}
