import { success } from '../../../core/failure.ts'
import type { ManagedObject, ManagedObjectFilter } from '../../../core/managed-object.ts'
import type { ObjectCondition } from '../../../core/object-query.ts'
import type { ManageChildren } from '../../../usecases/manage-children.ts'
import type { ManageInventory } from '../../../usecases/manage-inventory.ts'
import { decodeManagedObjectFilter } from './decode-managed-object-query.ts'
import { decodePaging } from '../ground/decode-paging.ts'
import { encodeCollection } from '../ground/encode-collection.ts'
import { encodeManagedObject } from './encode-managed-object.ts'
import type { Answer, Answerable, Exchange } from '../ground/exchange.ts'
import type { Resource } from '../ground/media-types.ts'
import { queryParametersOf } from '../ground/query-parameters.ts'
import { decodeFamilyWish, showRelatives } from './show-relatives.ts'

export type ListUseCases = {
  readonly manageInventory: ManageInventory
  readonly manageChildren: ManageChildren
}

/** Which objects are listed, and how an element of the list is written. */
export type ObjectList = {
  readonly resource: Resource
  /** The JSON member that holds the elements. */
  readonly name: string
  readonly url: string
  /** Takes the place of what the request says of the same. */
  readonly where: ManagedObjectFilter
  /** Holds together with all that the request asks for. */
  readonly among?: ObjectCondition
  readonly encode: (object: ManagedObject, text: string) => string
}

/** `GET /inventory/managedObjects` and the lists of children (docs/protocols/cumulocity.md, 6.1). */
export const listManagedObjects = async (
  { principal, request, base }: Exchange,
  { manageInventory, manageChildren }: ListUseCases,
  list: ObjectList,
): Promise<Answerable<Answer>> => {
  const parameters = queryParametersOf(request)
  const filter = decodeManagedObjectFilter(parameters)
  if (!filter.ok) return filter
  const paging = decodePaging(parameters)
  if (!paging.ok) return paging
  const { currentPage, pageSize, withTotalPages, withTotalElements } = paging.value
  const wanted = { ...filter.value, ...list.where, ...decideAmong(filter.value, list) }
  const page = { filter: wanted, skip: (currentPage - 1) * pageSize, size: pageSize }
  const withTotal = withTotalPages || withTotalElements
  const found = await manageInventory.list(principal, page, { withTotal })
  if (!found.ok) return found
  const wish = decodeFamilyWish(parameters, 'element')
  const shown = await showRelatives(manageChildren, principal, found.value.objects, wish)
  if (!shown.ok) return shown
  const body = encodeCollection({
    name: list.name,
    url: list.url,
    parameters,
    paging: paging.value,
    elements: found.value.objects.map((object) =>
      list.encode(object, encodeManagedObject(object, base, shown.value)),
    ),
    more: found.value.more,
    total: found.value.total,
  })
  return success({ status: 200, resource: list.resource, body })
}

const decideAmong = (
  { query }: ManagedObjectFilter,
  { among }: ObjectList,
): Pick<ManagedObjectFilter, 'query'> => {
  if (among === undefined) return {}
  const asked = query?.condition === undefined ? [] : [query.condition]
  return { query: { condition: { kind: 'and', of: [among, ...asked] }, order: query?.order ?? [] } }
}
