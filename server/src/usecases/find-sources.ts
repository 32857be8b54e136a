import { notFound, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { ManagedObjectId, TenantId } from '../core/identity.ts'
import type { Inventory, Source } from '../ports/inventory.ts'

/**
 * The sources of these ids, in their order; without a wait when all are in memory. Fails with `not-found` (source) when
 * one does not exist.
 */
export const findSources = (
  inventory: Inventory,
  tenant: TenantId,
  ids: readonly ManagedObjectId[],
): Result<readonly Source[]> | Promise<Result<readonly Source[]>> => {
  const known: Source[] = []
  for (const id of ids) {
    const source = inventory.knownSource(tenant, id)
    if (source === undefined) return readSources(inventory, tenant, ids)
    known.push(source)
  }
  return success(known)
}

const readSources = async (
  inventory: Inventory,
  tenant: TenantId,
  ids: readonly ManagedObjectId[],
): Promise<Result<readonly Source[]>> => {
  const known = await inventory.readSources(tenant, ids)
  if (!known.ok) return known
  const byId = new Map(known.value.map((source) => [source.id, source]))
  const found: Source[] = []
  for (const id of ids) {
    const source = byId.get(id)
    if (source === undefined) return notFound('source', id)
    found.push(source)
  }
  return success(found)
}

/** Like `findSources`, with a bare id for an object that is gone while its last events are being removed. */
export const describeSources = async (
  inventory: Inventory,
  tenant: TenantId,
  ids: readonly ManagedObjectId[],
): Promise<Result<readonly Source[]>> => {
  const known = await inventory.readSources(tenant, [...new Set(ids)])
  if (!known.ok) return known
  const byId = new Map(known.value.map((source) => [source.id, source]))
  return success(ids.map((id) => byId.get(id) ?? unknownSource(id)))
}

const unknownSource = (id: ManagedObjectId): Source => ({
  id,
  name: undefined,
  type: undefined,
  owner: undefined,
})
