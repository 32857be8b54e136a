import { success } from '../../core/failure.ts'
import { externalIdKey } from './registry-caches.ts'
import { notingCalls } from './registry-calls.ts'
import type { Result } from '../../core/failure.ts'
import type { ManagedObjectId, TenantId } from '../../core/identity.ts'
import type { ExternalId } from '../../core/managed-object.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Inventory, Source } from '../../ports/inventory.ts'
import type { RegistryCaches } from './registry-caches.ts'
import type { RegistryCalls } from './registry-calls.ts'

/** The inventory in `registry.db`. Sources and external ids are kept in memory: every event asks for them. */
export const createSqliteInventory = (
  calls: RegistryCalls,
  caches: RegistryCaches,
  clock: Clock,
): Inventory => ({
  noting: (note) => createSqliteInventory(notingCalls(calls, note, clock), caches, clock),
  ...createObjectCalls(calls, caches, clock),
  ...createExternalIdCalls(calls, caches),
  ...createFamilyCalls(calls),
  listPurges: () => calls.read('listPurges'),
  finishPurges: (purges) => calls.write('finishPurges', purges),
})

type ObjectCalls = Omit<
  Inventory,
  | 'noting'
  | 'listPurges'
  | 'finishPurges'
  | keyof ReturnType<typeof createExternalIdCalls>
  | keyof ReturnType<typeof createFamilyCalls>
>

// A cache is told to forget whatever a write answers: after a failure nobody knows what the file has.
const createObjectCalls = (
  { write, read }: RegistryCalls,
  caches: RegistryCaches,
  clock: Clock,
): ObjectCalls => ({
  // New ids are in no cache; a read that looked for one of the names in vain may still be on its way.
  createObjects: async (tenant, owner, drafts, under) => {
    const creation = { tenant, owner, nowMs: clock.nowMs(), under }
    const created = await write('createObjects', creation, drafts)
    for (const { externalIds } of drafts) {
      for (const pair of externalIds) caches.externalIds.forget(externalIdKey(tenant, pair))
    }
    return created
  },
  readObject: (tenant, id) => read('readObject', tenant, id),
  readSources: (tenant, ids) => readSources(read, caches, tenant, ids),
  knownSource: (tenant, id) => knownSource(caches.sources, tenant, id),
  listObjects: (tenant, filter, skip, size) => read('listObjects', tenant, filter, skip, size),
  countObjects: (tenant, filter) => read('countObjects', tenant, filter),
  listOwned: (tenant, owner, max) => read('listOwned', tenant, owner, max),
  changeObject: async (tenant, id, change) => {
    const changed = await write('changeObject', tenant, id, change, clock.nowMs())
    caches.sources.forget(id)
    return changed
  },
  changeObjects: async (tenant, updates) => {
    const changed = await write('changeObjects', tenant, updates, clock.nowMs())
    for (const { id } of updates) caches.sources.forget(id)
    return changed
  },
  deleteObject: async (tenant, id) =>
    forgetDeleted(caches, tenant, [id], await write('deleteObject', tenant, id)),
  deleteObjects: async (tenant, ids) =>
    forgetDeleted(caches, tenant, ids, await write('deleteObjects', tenant, ids)),
})

const forgetDeleted = (
  caches: RegistryCaches,
  tenant: TenantId,
  ids: readonly ManagedObjectId[],
  deleted: Result<readonly ExternalId[]>,
): Result<void> => {
  for (const id of ids) {
    caches.deletedMeanwhile.note(tenant, id)
    caches.sources.forget(id)
  }
  if (!deleted.ok) {
    caches.externalIds.forgetAll()
    return deleted
  }
  for (const externalId of deleted.value) {
    caches.externalIds.forget(externalIdKey(tenant, externalId))
  }
  return success(undefined)
}

const createFamilyCalls = ({
  write,
  read,
}: RegistryCalls): Pick<
  Inventory,
  'linkChildren' | 'unlinkChildren' | 'readRelatives' | 'readHierarchy' | 'readLinksAbove'
> => ({
  linkChildren: (tenant, to, children) => write('linkChildren', tenant, to, children),
  unlinkChildren: (tenant, from, children) => write('unlinkChildren', tenant, from, children),
  readRelatives: (tenant, ids, wanted) => read('readRelatives', tenant, ids, wanted),
  readHierarchy: (tenant, roots, kinds, max) => read('readHierarchy', tenant, roots, kinds, max),
  readLinksAbove: (tenant, ids, kinds, max) => read('readLinksAbove', tenant, ids, kinds, max),
})

const knownSource = (
  sources: RegistryCaches['sources'],
  tenant: TenantId,
  id: ManagedObjectId,
): Source | undefined => {
  const known = sources.get(id)
  return known?.tenant === tenant ? known.source : undefined
}

/** Asks the file only for the sources that are not kept, all of them in one read. */
const readSources = async (
  read: RegistryCalls['read'],
  { sources, deletedMeanwhile }: RegistryCaches,
  tenant: TenantId,
  ids: readonly ManagedObjectId[],
): Promise<Result<readonly Source[]>> => {
  const known: Source[] = []
  const unknown: ManagedObjectId[] = []
  for (const id of new Set(ids)) {
    const source = knownSource(sources, tenant, id)
    if (source === undefined) unknown.push(id)
    else known.push(source)
  }
  if (unknown.length === 0) return success(known)
  const loadedIn = sources.generation()
  const loaded = await deletedMeanwhile.leaveOut(tenant, () => read('readSources', tenant, unknown))
  if (!loaded.ok) return loaded
  for (const source of loaded.value) {
    sources.keep(source.id, { tenant, source }, loadedIn)
  }
  return success([...known, ...loaded.value])
}

const createExternalIdCalls = (
  { write, read }: RegistryCalls,
  { externalIds }: RegistryCaches,
): Pick<
  Inventory,
  'bindExternalId' | 'resolveExternalId' | 'listExternalIds' | 'unbindExternalId'
> => ({
  bindExternalId: async (tenant, object, externalId) => {
    const bound = await write('bindExternalId', tenant, object, externalId)
    externalIds.forget(externalIdKey(tenant, externalId))
    return bound
  },
  resolveExternalId: (tenant, externalId) =>
    externalIds.read(externalIdKey(tenant, externalId), () =>
      read('resolveExternalId', tenant, externalId),
    ),
  listExternalIds: (tenant, object) => read('listExternalIds', tenant, object),
  unbindExternalId: async (tenant, externalId) => {
    const unbound = await write('unbindExternalId', tenant, externalId)
    externalIds.forget(externalIdKey(tenant, externalId))
    return unbound
  },
})
