import type { EventFilter } from '../core/event-query.ts'
import { invalid, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { ChildKind } from '../core/family.ts'
import type { TenantId } from '../core/identity.ts'
import { hierarchyObjectsMax } from '../core/limits.ts'
import type { Inventory } from '../ports/inventory.ts'

/**
 * The same filter for its sources and all that hangs below them over these kinds, as it is now
 * (docs/protocols/cumulocity.md, 3.2). Fails with `invalid` for more than `hierarchyObjectsMax` objects.
 */
export const includeBelow = async (
  inventory: Inventory,
  tenant: TenantId,
  filter: EventFilter,
  kinds: readonly ChildKind[],
): Promise<Result<EventFilter>> => {
  const { sources: roots } = filter
  if (roots === undefined || kinds.length === 0) return success(filter)
  const max = hierarchyObjectsMax + 1
  const sources = await inventory.readHierarchy(tenant, roots, kinds, max)
  if (!sources.ok) return sources
  return sources.value.length < max ? success({ ...filter, sources: sources.value }) : tooLarge
}

const tooLarge = invalid(
  'source',
  `more than ${hierarchyObjectsMax} objects hang below it: name one further down`,
)
