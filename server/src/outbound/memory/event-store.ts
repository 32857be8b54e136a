import { changeEvent } from '../../core/change-event.ts'
import { nextId } from '../../core/event-id.ts'
import { compareEvents, matchesEvent } from '../../core/event-query.ts'
import { failed, notFound, success } from '../../core/failure.ts'
import { toEventId, toJobId, toReceiptId } from '../../core/identity.ts'
import { pageCharactersMax, receiptKeptMs, retryAfterS } from '../../core/limits.ts'
import type { AdmittedEvent, EventChange, StoredEvent, UniqueEvent } from '../../core/event.ts'
import type { EventFilter, EventPage, EventPageRequest } from '../../core/event-query.ts'
import type { Result } from '../../core/failure.ts'
import type { EventId, TenantId } from '../../core/identity.ts'
import type { Clock } from '../../ports/clock.ts'
import type {
  AcceptedState,
  EventStore,
  Receipt,
  StoreHealth,
  UniqueReceipt,
} from '../../ports/event-store.ts'

/**
 * The reference: the plainest thing that keeps the promises of the port, save durability. Every call
 * takes effect before it returns its promise, accepted events and deletions included.
 */
export const createMemoryEventStore = (clock: Clock, limits: MemoryLimits = {}): EventStore => {
  const { tenantBytesMax = 0 } = limits
  const kept: Kept = { clock, tenants: new Map(), highWater: 0, tenantBytesMax }
  let isOpen = true
  const whenOpen = <T>(run: () => Result<T>): Promise<Result<T>> =>
    Promise.resolve(
      isOpen ? run() : failed({ kind: 'unavailable', reason: 'stopping', retryAfterS }),
    )
  return {
    append: (tenant, events) =>
      whenOpen(() => {
        if (isFull(kept, tenant)) return tenantFull
        return success(events.map((event) => store(kept, tenant, event)))
      }),
    appendUnique: (tenant, event) => whenOpen(() => storeUnique(kept, tenant, event)),
    accept: (tenant, event) =>
      whenOpen(() => {
        if (isFull(kept, tenant)) return tenantFull
        const stored = storeUnique(kept, tenant, event)
        if (!stored.ok) return stored
        const { outcome, id } = stored.value
        const receipt = outcome === 'stored' ? id : takeId(kept)
        const accepted = { state: { status: outcome, id }, acceptedMs: clock.nowMs() }
        dataOf(kept, tenant).accepted.set(receipt, accepted)
        return success(toReceiptId(receipt))
      }),
    readAccepted: (tenant, receipt) =>
      whenOpen(() => {
        const accepted = dataOf(kept, tenant).accepted.get(receipt)
        const isKept = accepted && accepted.acceptedMs >= clock.nowMs() - receiptKeptMs
        return isKept ? success(accepted.state) : notFound('receipt', receipt)
      }),
    read: (tenant, id) =>
      whenOpen(() => {
        const event = dataOf(kept, tenant).events.get(id)?.event
        return event ? success(event) : notFound('event', id)
      }),
    readPage: (tenant, request) =>
      whenOpen(() => {
        const page = pageOf(matching(kept, tenant, request.filter), request)
        return sum(page.events.map(charactersOf)) > pageCharactersMax
          ? failed({ kind: 'too-large', bytesMax: pageCharactersMax })
          : success(page)
      }),
    count: (tenant, filter) => whenOpen(() => success(matching(kept, tenant, filter).length)),
    change: (tenant, id, change) => whenOpen(() => changeKept(kept, tenant, id, change)),
    delete: (tenant, id) =>
      whenOpen(() =>
        dataOf(kept, tenant).events.delete(id) ? success(undefined) : notFound('event', id),
      ),
    deleteMatching: (tenant, filter) =>
      whenOpen(() => {
        const job = toJobId(takeId(kept))
        const { events } = dataOf(kept, tenant)
        for (const event of matching(kept, tenant, filter)) events.delete(event.id)
        return success(job)
      }),
    listDeletions: () => whenOpen(() => success([])),
    // A deletion has finished before it is answered.
    cancelDeletion: (_, job) => whenOpen(() => notFound('job', job)),
    health: (): StoreHealth => ({ state: 'ok', queuedEvents: 0 }),
    close: () => {
      isOpen = false
      return Promise.resolve()
    },
  }
}

export type MemoryLimits = {
  /** Bytes of events that each tenant may have: from there on it is answered `tenant-full`. No limit unless set. */
  readonly tenantBytesMax?: number
}

type KeptEvent = { readonly event: StoredEvent; readonly digest: string | undefined }

type TenantData = {
  readonly events: Map<EventId, KeptEvent>
  readonly accepted: Map<number, { readonly state: AcceptedState; readonly acceptedMs: number }>
}

type Kept = {
  readonly clock: Clock
  readonly tenants: Map<TenantId, TenantData>
  /** The last number handed out for an event, a receipt or a job. */
  highWater: number
  readonly tenantBytesMax: number
}

const dataOf = (kept: Kept, tenant: TenantId): TenantData => {
  const present = kept.tenants.get(tenant)
  if (present) return present
  const added: TenantData = { events: new Map(), accepted: new Map() }
  kept.tenants.set(tenant, added)
  return added
}

const takeId = (kept: Kept): EventId => {
  kept.highWater = nextId(kept.highWater, kept.clock.nowMs())
  return toEventId(kept.highWater)
}

const store = (kept: Kept, tenant: TenantId, admitted: AdmittedEvent): Receipt => {
  const { digest, ...draft } = admitted
  const id = takeId(kept)
  const creationMs = kept.clock.nowMs()
  const event: StoredEvent = { ...draft, tenant, id, creationMs, lastUpdatedMs: creationMs }
  dataOf(kept, tenant).events.set(id, { event, digest })
  return { id, creationMs }
}

const storeUnique = (kept: Kept, tenant: TenantId, event: UniqueEvent): Result<UniqueReceipt> => {
  const first = findEqual(kept, tenant, event)
  if (first) return success({ outcome: 'duplicate', id: first.id, creationMs: first.creationMs })
  if (isFull(kept, tenant)) return tenantFull
  return success({ outcome: 'stored', ...store(kept, tenant, event) })
}

const tenantFull: Result<never> = failed({
  kind: 'unavailable',
  reason: 'tenant-full',
  retryAfterS,
})

const isFull = (kept: Kept, tenant: TenantId): boolean =>
  kept.tenantBytesMax > 0 &&
  sum([...dataOf(kept, tenant).events.values()].map(bytesOf)) >= kept.tenantBytesMax

/** What an event takes beside its texts: numbers, and entries in indexes, if there were any here. */
const eventOverheadBytes = 120

const bytesOf = ({ event: { type, text, fragments } }: KeptEvent): number =>
  sum([type, text, ...fragments.map(({ value }) => value)].map((part) => Buffer.byteLength(part))) +
  eventOverheadBytes

/** The map keeps the order of arrival, so the first equal one has the lowest id. */
const findEqual = (kept: Kept, tenant: TenantId, wanted: UniqueEvent): StoredEvent | undefined => {
  for (const { event, digest } of dataOf(kept, tenant).events.values()) {
    const isEqual =
      digest === wanted.digest &&
      event.source === wanted.source &&
      event.type === wanted.type &&
      event.time.ms === wanted.time.ms
    if (isEqual) return event
  }
  return undefined
}

const changeKept = (
  kept: Kept,
  tenant: TenantId,
  id: EventId,
  change: EventChange,
): Result<StoredEvent> => {
  const { events } = dataOf(kept, tenant)
  const old = events.get(id)
  if (!old) return notFound('event', id)
  if (isFull(kept, tenant)) return tenantFull
  const changed = changeEvent(old.event, change)
  if (!changed.ok) return changed
  takeId(kept)
  const event = { ...old.event, ...changed.value, lastUpdatedMs: kept.clock.nowMs() }
  events.set(id, { event, digest: old.digest })
  return success(event)
}

const matching = (kept: Kept, tenant: TenantId, filter: EventFilter): readonly StoredEvent[] =>
  [...dataOf(kept, tenant).events.values()]
    .map(({ event }) => event)
    .filter((event) => matchesEvent(filter, event))

const pageOf = (matches: readonly StoredEvent[], request: EventPageRequest): EventPage => {
  const { order, position, size } = request
  const compare = compareEvents(order)
  const list = matches.toSorted((left, right) => compare(placeOf(left), placeOf(right)))
  const isBefore = (event: StoredEvent): boolean =>
    position.from !== 'start' && compare(placeOf(event), position) < 0
  const isUpTo = (event: StoredEvent): boolean =>
    position.from !== 'start' && compare(placeOf(event), position) <= 0
  if (position.from === 'before') {
    const end = list.filter(isBefore).length
    return { events: list.slice(Math.max(0, end - size), end), more: end < list.length }
  }
  const start = position.from === 'start' ? position.skip : list.filter(isUpTo).length
  return { events: list.slice(start, start + size), more: start + size < list.length }
}

const charactersOf = ({ text, fragments }: StoredEvent): number =>
  text.length + sum(fragments.map(({ value }) => value.length))

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

const placeOf = ({ time, id }: StoredEvent) => ({ timeMs: time.ms, id })
