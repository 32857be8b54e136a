import { mayReadAllEvents, mayReadEventsOf } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import type { StoredEvent } from '../core/event.ts'
import type { EventFilter, EventPageRequest } from '../core/event-query.ts'
import { denied, invalid, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { ChildKind } from '../core/family.ts'
import type { EventId, ManagedObjectId, TenantId } from '../core/identity.ts'
import { judgedSourcesMax, listedSourcesMax, pageCharactersMax } from '../core/limits.ts'
import type { EventPorts, SourcedEvent } from './event-ports.ts'
import { coveredKinds, objectsWith } from '../core/grants.ts'
import { reachObjects } from './reach-objects.ts'
import { includeBelow } from './find-hierarchy.ts'
import { findSourcedEvent } from './find-sourced-event.ts'
import { describeSources } from './find-sources.ts'

export type EventList = {
  readonly events: readonly SourcedEvent[]
  readonly more: boolean
  /** Whether it goes on before the first of them. */
  readonly earlier: boolean
  /** How many events the caller could see in all pages together; only when asked for. */
  readonly total: number | undefined
}

export type ListOptions = {
  readonly withTotal: boolean
  /** Events of what hangs below the filter's sources over these kinds come along. */
  readonly below?: readonly ChildKind[]
}

export type QueryEvents = {
  /** Fails with `not-found` (event) and `forbidden`. */
  readonly read: (principal: Principal, id: EventId) => Promise<Result<SourcedEvent>>

  /**
   * One page. Without a role that reads everything the list holds only events of the caller's own
   * sources, totals included (docs/protocols/cumulocity.md, 3.2). Fails with `forbidden` when the caller
   * has none, and with `invalid` when it has more than `listedSourcesMax` and names none, or when the
   * page would be larger than `pageCharactersMax`.
   */
  readonly list: (
    principal: Principal,
    request: EventPageRequest,
    options: ListOptions,
  ) => Promise<Result<EventList>>
}

export const createQueryEvents = (ports: EventPorts): QueryEvents => ({
  read: (principal, id) => findSourcedEvent(ports, principal, id, mayReadEventsOf),

  list: async (principal, request, { withTotal, below = [] }) => {
    const { tenant } = principal
    const whole = await includeBelow(ports.inventory, tenant, request.filter, below)
    if (!whole.ok) return whole
    const filter = await restrictToReadable(ports, principal, whole.value)
    if (!filter.ok) return filter
    const [page, total] = await Promise.all([
      ports.events.readPage(tenant, { ...request, filter: filter.value }),
      withTotal ? ports.events.count(tenant, filter.value) : success(undefined),
    ])
    if (!page.ok) return page.failure.kind === 'too-large' ? tooLarge : page
    if (!total.ok) return total
    const { events, more } = page.value
    const earlier = await goesOnBefore(ports, tenant, { ...request, filter: filter.value }, events)
    if (!earlier.ok) return earlier
    const ids = events.map(({ source }) => source)
    const sources = await describeSources(ports.inventory, tenant, ids)
    if (!sources.ok) return sources
    const sourced = events.flatMap((event, index) => {
      const source = sources.value[index]
      return source ? [{ event, source }] : []
    })
    return success({ events: sourced, more, earlier: earlier.value, total: total.value })
  },
})

/**
 * Only a page before something must be looked at: late events may have come between it and the first page, so that
 * its number says nothing about what is left.
 */
const goesOnBefore = async (
  { events: store }: EventPorts,
  tenant: TenantId,
  request: EventPageRequest,
  events: readonly StoredEvent[],
): Promise<Result<boolean>> => {
  const { position, size } = request
  if (position.from === 'start') return success(position.skip > 0)
  if (position.from === 'after') return success(true)
  const [first] = events
  if (first === undefined || events.length < size) return success(false)
  const before = { from: 'before', timeMs: first.time.ms, id: first.id } as const
  const page = await store.readPage(tenant, { ...request, position: before, size: 1 })
  return page.ok ? success(page.value.events.length > 0) : page
}

const tooLarge = invalid(
  'pageSize',
  `this page has more than ${pageCharactersMax} characters: ask for fewer events`,
)

const restrictToReadable = async (
  ports: EventPorts,
  principal: Principal,
  filter: EventFilter,
): Promise<Result<EventFilter>> => {
  if (mayReadAllEvents(principal)) return success(filter)
  const sources = await findReadable(ports, principal, filter.sources)
  if (!sources.ok) return sources
  if (sources.value.length === 0) return denied
  if (sources.value.length > listedSourcesMax) {
    return invalid('source', `name a source: you may read more than ${listedSourcesMax}`)
  }
  return success({ ...filter, sources: sources.value })
}

/** A few that are named are judged one by one: what else the caller may read is no matter, and may be much. */
const findReadable = async (
  ports: EventPorts,
  principal: Principal,
  named: EventFilter['sources'],
): Promise<Result<readonly ManagedObjectId[]>> => {
  if (named !== undefined && named.length <= judgedSourcesMax) {
    return pickReadable(ports, principal, named)
  }
  const readable = await listReadable(ports, principal)
  if (!readable.ok) return readable
  return success(named ? named.filter((id) => readable.value.has(id)) : [...readable.value])
}

const pickReadable = async (
  { inventory }: EventPorts,
  principal: Principal,
  named: readonly ManagedObjectId[],
): Promise<Result<readonly ManagedObjectId[]>> => {
  const sources = await describeSources(inventory, principal.tenant, named)
  if (!sources.ok) return sources
  const reached = await reachObjects(inventory, principal, named)
  if (!reached.ok) return reached
  const readable = sources.value.filter((source) => mayReadEventsOf(reached.value, source))
  return success(readable.map(({ id }) => id))
}

const listReadable = async (
  { inventory }: EventPorts,
  principal: Principal,
): Promise<Result<ReadonlySet<ManagedObjectId>>> => {
  if (principal.kind === 'key') return success(principal.devices ?? new Set())
  const owned = await inventory.listOwned(principal.tenant, principal.user, listedSourcesMax + 1)
  if (!owned.ok || principal.grants === undefined) {
    return owned.ok ? success(new Set(owned.value)) : owned
  }
  const { on, below } = principal.grants
  const roots = objectsWith(below, 'EVENT', 'READ')
  const inherited = await inventory.readHierarchy(
    principal.tenant,
    roots,
    coveredKinds,
    listedSourcesMax + 1,
  )
  if (!inherited.ok) return inherited
  return success(new Set([...owned.value, ...objectsWith(on, 'EVENT', 'READ'), ...inherited.value]))
}
