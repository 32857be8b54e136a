import type { Principal } from '../core/access.ts'
import { success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { ManagedObjectId, TenantId } from '../core/identity.ts'
import { hierarchyObjectsMax, parentsEachMax } from '../core/limits.ts'
import type { Permission } from '../core/permission.ts'
import type { Inventory } from '../ports/inventory.ts'

/** Whether `reachObjects` has anything to find out for this caller. */
export const hasGrantsBelow = (principal: Principal): boolean =>
  principal.kind === 'user' && (principal.grants?.below.size ?? 0) > 0

/**
 * The same caller, with what inventory roles on these objects and above them give it on these
 * (docs/protocols/cumulocity.md, 5.6). Roles go down over child assets and child devices. Of more than
 * `hierarchyObjectsMax` objects above, those that are furthest give nothing.
 */
export const reachObjects = async (
  inventory: Inventory,
  principal: Principal,
  ids: readonly ManagedObjectId[],
): Promise<Result<Principal>> => {
  if (principal.kind !== 'user' || principal.grants === undefined) return success(principal)
  const { on, below } = principal.grants
  if (below.size === 0) return success(principal)
  const parents = await readParents(inventory, principal.tenant, ids)
  if (!parents.ok) return parents
  const reached = new Map<ManagedObjectId, readonly Permission[]>(on)
  for (const id of new Set(ids)) {
    const inherited = aboveAndItself(id, parents.value).flatMap((above) => below.get(above) ?? [])
    if (inherited.length > 0) reached.set(id, [...(on.get(id) ?? []), ...inherited])
  }
  return success({ ...principal, grants: { on: reached, below } })
}

type Parents = ReadonlyMap<ManagedObjectId, readonly ManagedObjectId[]>

const upwards = [
  { to: 'parents', kind: 'asset' },
  { to: 'parents', kind: 'device' },
] as const

/** Level by level, each object once. */
const readParents = async (
  inventory: Inventory,
  tenant: TenantId,
  ids: readonly ManagedObjectId[],
): Promise<Result<Parents>> => {
  const parents = new Map<ManagedObjectId, ManagedObjectId[]>()
  let level = [...new Set(ids)]
  while (level.length > 0 && parents.size + level.length <= hierarchyObjectsMax) {
    for (const id of level) parents.set(id, [])
    const wanted = { relations: upwards, eachMax: parentsEachMax, withCount: false }
    const lists = await inventory.readRelatives(tenant, level, wanted)
    if (!lists.ok) return lists
    for (const { of, relatives } of lists.value) {
      parents.get(of)?.push(...relatives.map(({ id }) => id))
    }
    level = [...new Set([...parents.values()].flat())].filter((id) => !parents.has(id))
  }
  return success(parents)
}

const aboveAndItself = (id: ManagedObjectId, parents: Parents): readonly ManagedObjectId[] => {
  const found = new Set([id])
  // A set is walked in the order of arrival, also over what is added meanwhile.
  for (const each of found) for (const parent of parents.get(each) ?? []) found.add(parent)
  return [...found]
}
