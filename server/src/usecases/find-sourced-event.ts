import type { Owned, Principal } from '../core/access.ts'
import { denied, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { EventId } from '../core/identity.ts'
import type { EventPorts, SourcedEvent } from './event-ports.ts'
import { describeSources } from './find-sources.ts'
import { reachObjects } from './reach-objects.ts'

/**
 * An event of the caller's tenant with its source, for a caller who `may` do something with the events of that source; what
 * inventory roles give above it counts. Fails with `not-found` (event) and `forbidden`.
 */
export const findSourcedEvent = async (
  { events, inventory }: Pick<EventPorts, 'events' | 'inventory'>,
  principal: Principal,
  id: EventId,
  may: (principal: Principal, source: Owned) => boolean,
): Promise<Result<SourcedEvent>> => {
  const event = await events.read(principal.tenant, id)
  if (!event.ok) return event
  const ids = [event.value.source]
  const sources = await describeSources(inventory, principal.tenant, ids)
  if (!sources.ok) return sources
  const reached = await reachObjects(inventory, principal, ids)
  if (!reached.ok) return reached
  const [source] = sources.value
  return source && may(reached.value, source) ? success({ event: event.value, source }) : denied
}
