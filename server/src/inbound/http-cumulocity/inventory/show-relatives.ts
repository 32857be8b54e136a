import type { Principal } from '../../../core/access.ts'
import { success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { ManagedObjectId } from '../../../core/identity.ts'
import type { ManagedObject } from '../../../core/managed-object.ts'
import type { Relatives } from '../../../ports/inventory.ts'
import type { ManageChildren } from '../../../usecases/manage-children.ts'
import type { ShownRelatives } from './encode-managed-object.ts'
import { childLists, parentLists } from './object-relations.ts'
import { firstValue } from '../ground/query-parameters.ts'
import type { QueryParameters } from '../ground/query-parameters.ts'

/** What a request wants to see of an object's family (docs/protocols/cumulocity.md, 6.1). */
export type FamilyWish = {
  readonly withChildren: boolean
  readonly withChildrenCount: boolean
  readonly withNames: boolean
  readonly parents: 'none' | 'groups' | 'all'
}

/** One object is shown with its family unless the request says otherwise, an element of a list without. */
export const decodeFamilyWish = (
  parameters: QueryParameters,
  shownAs: 'object' | 'element',
): FamilyWish => {
  const byDefault = String(shownAs === 'object')
  const wants = (name: string, otherwise = 'false'): boolean =>
    (firstValue(parameters, name) ?? otherwise) === 'true'
  const withGroups = wants('withGroups') ? 'groups' : 'none'
  return {
    withChildren: wants('withChildren', byDefault),
    withChildrenCount: wants('withChildrenCount'),
    withNames: !wants('skipChildrenNames'),
    parents: wants('withParents', byDefault) ? 'all' : withGroups,
  }
}

export const wholeFamily: FamilyWish = decodeFamilyWish([], 'object')

/** Reads what is to be shown of these objects; nothing is asked for when nothing is wanted. */
export const showRelatives = async (
  manageChildren: ManageChildren,
  principal: Principal,
  objects: readonly ManagedObject[],
  wish: FamilyWish,
): Promise<Result<ShownRelatives>> => {
  const ids = objects.map(({ id }) => id)
  const { withChildren: withList, withChildrenCount: withCount, withNames } = wish
  const children =
    withList || withCount
      ? await manageChildren.relatives(principal, ids, {
          relations: Object.values(childLists),
          withList,
          withCount,
        })
      : success([])
  if (!children.ok) return children
  const relations = parentsOf(wish)
  const parents =
    relations.length > 0
      ? await manageChildren.relatives(principal, ids, {
          relations,
          withList: true,
          withCount: false,
        })
      : success([])
  if (!parents.ok) return parents
  return success({ lists: byObject([...children.value, ...parents.value]), withNames })
}

/** A large page asks for the lists of each of its objects, so that they must not be looked for. */
const byObject = (lists: readonly Relatives[]): ShownRelatives['lists'] => {
  const found = new Map<ManagedObjectId, Relatives[]>()
  for (const list of lists) {
    const known = found.get(list.of)
    if (known === undefined) found.set(list.of, [list])
    else known.push(list)
  }
  return found
}

const parentsOf = ({ parents }: FamilyWish) => {
  if (parents === 'groups') return [parentLists.assetParents]
  return parents === 'all' ? Object.values(parentLists) : []
}
