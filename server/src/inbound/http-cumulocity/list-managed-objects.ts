import { success } from '../../core/failure.ts'
import type { ManageInventory } from '../../usecases/manage-inventory.ts'
import { decodeManagedObjectFilter } from './decode-managed-object-query.ts'
import { decodePaging } from './decode-paging.ts'
import { encodeCollection } from './encode-collection.ts'
import { encodeManagedObject } from './encode-managed-object.ts'
import type { Answer, Answerable, Exchange } from './exchange.ts'
import { queryParametersOf } from './query-parameters.ts'

/** `GET /inventory/managedObjects` (docs/protocols/cumulocity.md, 6.1). */
export const listManagedObjects = async (
  { principal, request, base }: Exchange,
  manageInventory: ManageInventory,
): Promise<Answerable<Answer>> => {
  const parameters = queryParametersOf(request)
  const filter = decodeManagedObjectFilter(parameters)
  if (!filter.ok) return filter
  const paging = decodePaging(parameters)
  if (!paging.ok) return paging
  const { currentPage, pageSize, withTotalPages, withTotalElements } = paging.value
  const page = { filter: filter.value, skip: (currentPage - 1) * pageSize, size: pageSize }
  const withTotal = withTotalPages || withTotalElements
  const list = await manageInventory.list(principal, page, { withTotal })
  if (!list.ok) return list
  const body = encodeCollection({
    name: 'managedObjects',
    url: `${base}/inventory/managedObjects`,
    parameters,
    paging: paging.value,
    elements: list.value.objects.map((object) => encodeManagedObject(object, base)),
    more: list.value.more,
    total: list.value.total,
  })
  return success({ status: 200, resource: 'managedObjectCollection', body })
}
