import type { Principal } from '../core/access.ts'
import { success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import { coveredKinds } from '../core/grants.ts'
import type { ManagedObjectId } from '../core/identity.ts'
import { linksAboveMax } from '../core/limits.ts'
import type { Permission } from '../core/permission.ts'
import type { Inventory } from '../ports/inventory.ts'

/** Whether `reachObjects` has anything to find out for this caller. */
export const hasGrantsBelow = (principal: Principal): boolean =>
  principal.kind === 'user' && (principal.grants?.below.size ?? 0) > 0

/**
 * The same caller, with what inventory roles on these objects and above them give it on these
 * (docs/protocols/cumulocity.md, 5.6). Roles go down over child assets and child devices. Of more than
 * `linksAboveMax` references that lead upwards, those that are furthest give nothing.
 */
export const reachObjects = async (
  inventory: Inventory,
  principal: Principal,
  ids: readonly ManagedObjectId[],
): Promise<Result<Principal>> => {
  if (principal.kind !== 'user' || principal.grants === undefined) return success(principal)
  const { on, below } = principal.grants
  if (below.size === 0) return success(principal)
  const links = await inventory.readLinksAbove(principal.tenant, ids, coveredKinds, linksAboveMax)
  if (!links.ok) return links
  const children = new Map<ManagedObjectId, ManagedObjectId[]>()
  for (const { parent, child } of links.value) addChild(children, parent, child)
  const wanted = new Set(ids)
  const reached = new Map<ManagedObjectId, readonly Permission[]>(on)
  for (const [root, permissions] of below) {
    for (const id of belowAndItself(root, children)) {
      if (wanted.has(id)) reached.set(id, [...(reached.get(id) ?? []), ...permissions])
    }
  }
  return success({ ...principal, grants: { on: reached, below } })
}

type Children = ReadonlyMap<ManagedObjectId, readonly ManagedObjectId[]>

const addChild = (
  children: Map<ManagedObjectId, ManagedObjectId[]>,
  parent: ManagedObjectId,
  child: ManagedObjectId,
): void => {
  const others = children.get(parent)
  if (others === undefined) children.set(parent, [child])
  else others.push(child)
}

/** Downwards from what is given, because there are few roles and may be many objects. */
const belowAndItself = (root: ManagedObjectId, children: Children): Iterable<ManagedObjectId> => {
  const found = new Set([root])
  // A set is walked in the order of arrival, also over what is added meanwhile.
  for (const each of found) for (const child of children.get(each) ?? []) found.add(child)
  return found
}
