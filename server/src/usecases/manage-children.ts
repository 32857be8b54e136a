import { mayLinkChildren } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import { denied, invalid, notFound, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import { childText } from '../core/family.ts'
import type { ChildLink } from '../core/family.ts'
import type { ManagedObjectId } from '../core/identity.ts'
import { pageReferencesMax, referencesShownMax } from '../core/limits.ts'
import type { ManagedObject } from '../core/managed-object.ts'
import type { Inventory, Relatives, RelativesRequest } from '../ports/inventory.ts'
import { reachObjects } from './reach-objects.ts'
import { readChangeable, readVisible, visibleToWhom } from './visible-objects.ts'

/** Who is whose child. Ok means on disk. */
export type ManageChildren = {
  /**
   * Links all or none; needs the right to change the parent and the children, or to create and to change the children.
   * Fails with `not-found` (managed-object) for the first that does not exist, `forbidden`, and `invalid`.
   */
  readonly link: (
    principal: Principal,
    to: ChildLink,
    children: readonly ManagedObjectId[],
  ) => Promise<Result<readonly ManagedObject[]>>

  /** Unlinks all or none. Fails with `not-found` (managed-object or child) and `forbidden`. */
  readonly unlink: (
    principal: Principal,
    from: ChildLink,
    children: readonly ManagedObjectId[],
  ) => Promise<Result<void>>

  /** One child. Fails with `not-found` (managed-object, or child when it is not linked there) and `forbidden`. */
  readonly read: (
    principal: Principal,
    at: ChildLink,
    child: ManagedObjectId,
  ) => Promise<Result<ManagedObject>>

  /**
   * The lists of some objects that the caller has been shown, as far as it may see who is in them; at most
   * `referencesShownMax` of each. Fails with `invalid` when that is more than `pageReferencesMax` in all.
   */
  readonly relatives: (
    principal: Principal,
    ids: readonly ManagedObjectId[],
    wanted: Pick<RelativesRequest, 'relations' | 'withCount'> & { readonly withList: boolean },
  ) => Promise<Result<readonly Relatives[]>>
}

export const createManageChildren = (inventory: Inventory): ManageChildren => ({
  link: async (principal, to, children) => {
    const { tenant } = principal
    const parent = await inventory.readObject(tenant, to.parent)
    if (!parent.ok) return parent
    const objects = await readAll(inventory, principal, children)
    if (!objects.ok) return objects
    const reached = await reachObjects(inventory, principal, [to.parent, ...children])
    if (!reached.ok) return reached
    const mayLink = objects.value.every((child) =>
      mayLinkChildren(reached.value, parent.value, child),
    )
    if (!mayLink) return denied
    const linked = await inventory.linkChildren(tenant, to, children)
    return linked.ok ? objects : linked
  },

  unlink: async (principal, from, children) => {
    const parent = await readChangeable(inventory, principal, from.parent)
    return parent.ok ? inventory.unlinkChildren(principal.tenant, from, children) : parent
  },

  read: async (principal, at, child) => {
    const parent = await readVisible(inventory, principal, at.parent)
    if (!parent.ok) return parent
    const object = await readVisible(inventory, principal, child)
    if (!object.ok) return object
    const found = await inventory.countObjects(principal.tenant, { childOf: at, ids: [child] })
    if (!found.ok) return found
    return found.value > 0 ? object : notFound('child', childText(child, at.parent))
  },

  relatives: (principal, ids, wanted) => readRelatives(inventory, principal, ids, wanted),
})

/** The objects in the order of their ids. Fails with `not-found` (managed-object) for the first that does not exist. */
const readAll = async (
  inventory: Inventory,
  { tenant }: Principal,
  ids: readonly ManagedObjectId[],
): Promise<Result<readonly ManagedObject[]>> => {
  const page = await inventory.listObjects(tenant, { ids }, 0, ids.length)
  if (!page.ok) return page
  const byId = new Map(page.value.objects.map((object) => [object.id, object]))
  const objects: ManagedObject[] = []
  for (const id of ids) {
    const object = byId.get(id)
    if (object === undefined) return notFound('managed-object', id)
    objects.push(object)
  }
  return success(objects)
}

/** Objects whose lists are read at once, so that no answer between two threads is large. */
const relativesAtOnce = 50

const readRelatives: (
  inventory: Inventory,
  ...asked: Parameters<ManageChildren['relatives']>
) => ReturnType<ManageChildren['relatives']> = async (inventory, principal, ids, wanted) => {
  const visibleTo = visibleToWhom(principal)
  if (!visibleTo.ok) return visibleTo
  const request: RelativesRequest = {
    relations: wanted.relations,
    eachMax: wanted.withList ? referencesShownMax : 0,
    withCount: wanted.withCount,
    ...(visibleTo.value === undefined ? {} : { visibleTo: visibleTo.value }),
  }
  const all: Relatives[] = []
  let references = 0
  for (let at = 0; at < ids.length; at += relativesAtOnce) {
    const some = ids.slice(at, at + relativesAtOnce)
    const read = await inventory.readRelatives(principal.tenant, some, request)
    if (!read.ok) return read
    for (const list of read.value) references += list.relatives.length
    if (references > pageReferencesMax) return tooMany
    all.push(...read.value)
  }
  return success(all)
}

const tooMany = invalid(
  'pageSize',
  `these objects have more than ${pageReferencesMax} references: ask for fewer objects`,
)
