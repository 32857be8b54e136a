import type { Principal } from '../core/access.ts'
import { success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { ManagedObjectId, TenantId } from '../core/identity.ts'
import { hierarchyObjectsMax, parentsEachMax, parentsReadAtOnce } from '../core/limits.ts'
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
  const children = await readFamilyAbove(inventory, principal.tenant, ids)
  if (!children.ok) return children
  const wanted = new Set(ids)
  const reached = new Map<ManagedObjectId, readonly Permission[]>(on)
  for (const [root, permissions] of below) {
    for (const id of belowAndItself(root, children.value)) {
      if (wanted.has(id)) reached.set(id, [...(reached.get(id) ?? []), ...permissions])
    }
  }
  return success({ ...principal, grants: { on: reached, below } })
}

type Children = ReadonlyMap<ManagedObjectId, readonly ManagedObjectId[]>

const upwards = [
  { to: 'parents', kind: 'asset' },
  { to: 'parents', kind: 'device' },
] as const

/** The objects and all above them, level by level and each once, as who has which of them as children. */
const readFamilyAbove = async (
  inventory: Inventory,
  tenant: TenantId,
  ids: readonly ManagedObjectId[],
): Promise<Result<Children>> => {
  const children = new Map<ManagedObjectId, ManagedObjectId[]>()
  const known = new Set(ids)
  let level = [...known]
  while (level.length > 0 && known.size <= hierarchyObjectsMax) {
    const links = await readLinks(inventory, tenant, level)
    if (!links.ok) return links
    level = []
    for (const { parent, child } of links.value) {
      addChild(children, parent, child)
      if (!known.has(parent)) level.push(parent)
      known.add(parent)
    }
  }
  return success(children)
}

type Link = { readonly parent: ManagedObjectId; readonly child: ManagedObjectId }

const readLinks = async (
  inventory: Inventory,
  tenant: TenantId,
  ids: readonly ManagedObjectId[],
): Promise<Result<readonly Link[]>> => {
  const links: Link[] = []
  const wanted = { relations: upwards, eachMax: parentsEachMax, withCount: false }
  for (let at = 0; at < ids.length; at += parentsReadAtOnce) {
    const some = ids.slice(at, at + parentsReadAtOnce)
    const lists = await inventory.readRelatives(tenant, some, wanted)
    if (!lists.ok) return lists
    for (const { of, relatives } of lists.value) {
      links.push(...relatives.map(({ id }) => ({ parent: id, child: of })))
    }
  }
  return success(links)
}

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
