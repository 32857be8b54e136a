import { nextId } from '../../core/event-id.ts'
import { conflict, notFound, success } from '../../core/failure.ts'
import {
  externalIdText,
  matchesManagedObject,
  changeManagedObject,
} from '../../core/managed-object.ts'
import { createFamily } from '../../core/family.ts'
import type { ChildLink } from '../../core/family.ts'
import { compareObjects } from '../../core/object-query.ts'
import { createMemoryFamilies, link } from './families.ts'
import { bindingKey, isPurgeOf } from './registry-state.ts'
import type { Result } from '../../core/failure.ts'
import { toManagedObjectId } from '../../core/identity.ts'
import type { ManagedObjectId, TenantId, UserName } from '../../core/identity.ts'
import type {
  ExternalId,
  ManagedObject,
  ManagedObjectChange,
  ManagedObjectDraft,
  ManagedObjectFilter,
} from '../../core/managed-object.ts'
import { withNote } from './audit-records.ts'
import type { Clock } from '../../ports/clock.ts'
import type {
  Inventory,
  ManagedObjectPage,
  ObjectUpdate,
  Purge,
  Source,
} from '../../ports/inventory.ts'
import type { RegistryState, TenantState } from './registry-state.ts'

/** The inventory half of the memory registry. */
export const createMemoryInventory = (state: RegistryState, clock: Clock): Inventory => {
  const inventory: Inventory = {
    noting: (note) => withNote(inventory, note, { state, clock }),
    ...createMemoryFamilies(state),
    createObjects: (tenant, owner, drafts, under) => {
      const creation = { state, tenant, owner, nowMs: clock.nowMs(), under }
      return Promise.resolve(createObjects(creation, drafts))
    },
    readObject: (tenant, id) => Promise.resolve(readObject(state, tenant, id)),
    readSources: (tenant, ids) => Promise.resolve(readSources(state, tenant, ids)),
    knownSource: (tenant, id) => {
      const object = state.tenants.get(tenant)?.objects.get(id)
      return object && toSource(object)
    },
    listObjects: (tenant, filter, skip, size) =>
      Promise.resolve(success(pageOf(matching(state, tenant, filter), skip, size))),
    countObjects: (tenant, filter) =>
      Promise.resolve(success(matching(state, tenant, filter).length)),
    listOwned: (tenant, owner, max) => {
      const owned = matching(state, tenant, { owner }).map(({ id }) => id)
      return Promise.resolve(success(owned.slice(0, max)))
    },
    changeObject: (tenant, id, change) =>
      Promise.resolve(changeObject(state, { tenant, id }, change, clock.nowMs())),
    changeObjects: (tenant, updates) =>
      Promise.resolve(changeObjects(state, tenant, updates, clock.nowMs())),
    deleteObject: (tenant, id) => Promise.resolve(deleteObject(state, tenant, id)),
    deleteObjects: (tenant, ids) => {
      for (const id of ids) deleteObject(state, tenant, id)
      return Promise.resolve(success(undefined))
    },
    listPurges: () => Promise.resolve(success(state.purges)),
    finishPurges: (purges) => Promise.resolve(finishPurges(state, purges)),
    bindExternalId: (tenant, object, externalId) =>
      Promise.resolve(bindExternalId(state, tenant, object, externalId)),
    resolveExternalId: (tenant, externalId) =>
      Promise.resolve(resolveExternalId(state, tenant, externalId)),
    listExternalIds: (tenant, object) => Promise.resolve(listExternalIds(state, tenant, object)),
    unbindExternalId: (tenant, externalId) =>
      Promise.resolve(unbindExternalId(state, tenant, externalId)),
  }
  return inventory
}

type Creation = {
  readonly state: RegistryState
  readonly tenant: TenantId
  readonly owner: UserName | undefined
  readonly nowMs: number
  readonly under: ChildLink | undefined
}

const createObjects = (
  creation: Creation,
  drafts: readonly ManagedObjectDraft[],
): Result<readonly ManagedObject[]> => {
  const home = creation.state.tenants.get(creation.tenant)
  if (home === undefined) return notFound('tenant', creation.tenant)
  const taken = firstTaken(
    home,
    drafts.flatMap(({ externalIds }) => externalIds),
  )
  if (taken !== undefined) return conflict('external-id', externalIdText(taken))
  const parent = creation.under?.parent
  if (parent !== undefined && !home.objects.has(parent)) return notFound('managed-object', parent)
  return success(drafts.map((draft) => createObject(creation, home, draft)))
}

/** The first pair that is bound already or stands twice in the list. */
const firstTaken = (
  home: TenantState,
  externalIds: readonly ExternalId[],
): ExternalId | undefined => {
  const seen = new Set<string>()
  for (const externalId of externalIds) {
    const key = bindingKey(externalId)
    if (home.bindings.has(key) || seen.has(key)) return externalId
    seen.add(key)
  }
  return undefined
}

const createObject = (
  { state, tenant, owner, nowMs, under }: Creation,
  home: TenantState,
  draft: ManagedObjectDraft,
): ManagedObject => {
  state.lastId = nextId(state.lastId, nowMs)
  const id = toManagedObjectId(state.lastId)
  const { name, type, fragments } = draft
  const times = { creationMs: nowMs, lastUpdatedMs: nowMs }
  const object = { tenant, id, name, type, owner, ...times, fragments }
  home.objects.set(id, object)
  for (const externalId of draft.externalIds) {
    home.bindings.set(bindingKey(externalId), { externalId, object: id })
  }
  if (under !== undefined) link(home, { ...under, child: id })
  return object
}

const readObject = (
  state: RegistryState,
  tenant: TenantId,
  id: ManagedObjectId,
): Result<ManagedObject> => {
  const object = state.tenants.get(tenant)?.objects.get(id)
  return object === undefined ? notFound('managed-object', id) : success(object)
}

const readSources = (
  state: RegistryState,
  tenant: TenantId,
  ids: readonly ManagedObjectId[],
): Result<readonly Source[]> => {
  const objects = state.tenants.get(tenant)?.objects
  const found = [...new Set(ids)].flatMap((id) => objects?.get(id) ?? [])
  return success(found.map(toSource))
}

const toSource = ({ id, name, type, owner }: ManagedObject): Source => ({ id, name, type, owner })

const matching = (
  state: RegistryState,
  tenant: TenantId,
  filter: ManagedObjectFilter,
): readonly ManagedObject[] => {
  const home = state.tenants.get(tenant)
  if (home === undefined) return []
  const searchesText = filter.text !== undefined
  const family = createFamily([...home.references.values()])
  const find = (id: ManagedObjectId) => home.objects.get(id)
  return [...home.objects.values()]
    .filter((object) => {
      const externalIds = searchesText ? externalIdsOf(home, object.id) : []
      return matchesManagedObject(filter, object, { externalIds, family, find })
    })
    .sort(compareObjects(filter.query?.order ?? []))
}

const externalIdsOf = (home: TenantState, object: ManagedObjectId): readonly ExternalId[] =>
  [...home.bindings.values()]
    .filter((binding) => binding.object === object)
    .map(({ externalId }) => externalId)

const pageOf = (
  matches: readonly ManagedObject[],
  skip: number,
  size: number,
): ManagedObjectPage => ({
  objects: matches.slice(skip, skip + size),
  more: matches.length > skip + size,
})

const changeObject = (
  state: RegistryState,
  { tenant, id }: Pick<ManagedObject, 'tenant' | 'id'>,
  change: ManagedObjectChange,
  nowMs: number,
): Result<ManagedObject> => {
  const home = state.tenants.get(tenant)
  const old = home?.objects.get(id)
  if (home === undefined || old === undefined) return notFound('managed-object', id)
  const changed = changeManagedObject(old, change, nowMs)
  if (changed.ok) home.objects.set(id, changed.value)
  return changed
}

const changeObjects = (
  state: RegistryState,
  tenant: TenantId,
  updates: readonly ObjectUpdate[],
  nowMs: number,
): Result<readonly ManagedObject[]> => {
  const before = new Map(state.tenants.get(tenant)?.objects)
  const changed: ManagedObject[] = []
  for (const { id, change } of updates) {
    const result = changeObject(state, { tenant, id }, change, nowMs)
    if (!result.ok) {
      for (const [known, object] of before) state.tenants.get(tenant)?.objects.set(known, object)
      return result
    }
    changed.push(result.value)
  }
  return success(changed)
}

const deleteObject = (
  state: RegistryState,
  tenant: TenantId,
  id: ManagedObjectId,
): Result<void> => {
  const home = state.tenants.get(tenant)
  if (home?.objects.delete(id) !== true) return notFound('managed-object', id)
  for (const [key, binding] of home.bindings) {
    if (binding.object === id) home.bindings.delete(key)
  }
  for (const [key, { parent, child }] of home.references) {
    if (parent === id || child === id) home.references.delete(key)
  }
  state.purges = [...state.purges, { tenant, object: id }]
  return success(undefined)
}

const finishPurges = (state: RegistryState, purges: readonly Purge[]): Result<void> => {
  state.purges = state.purges.filter(
    (waiting) => !purges.some((purge) => isPurgeOf(waiting, purge)),
  )
  return success(undefined)
}

const bindExternalId = (
  state: RegistryState,
  tenant: TenantId,
  object: ManagedObjectId,
  externalId: ExternalId,
): Result<void> => {
  const home = state.tenants.get(tenant)
  if (home?.objects.has(object) !== true) return notFound('managed-object', object)
  const key = bindingKey(externalId)
  if (home.bindings.has(key)) return conflict('external-id', externalIdText(externalId))
  home.bindings.set(key, { externalId, object })
  return success(undefined)
}

const resolveExternalId = (
  state: RegistryState,
  tenant: TenantId,
  externalId: ExternalId,
): Result<ManagedObjectId> => {
  const binding = state.tenants.get(tenant)?.bindings.get(bindingKey(externalId))
  if (binding === undefined) return notFound('external-id', externalIdText(externalId))
  return success(binding.object)
}

const listExternalIds = (
  state: RegistryState,
  tenant: TenantId,
  object: ManagedObjectId,
): Result<readonly ExternalId[]> => {
  const home = state.tenants.get(tenant)
  if (home?.objects.has(object) !== true) return notFound('managed-object', object)
  return success(externalIdsOf(home, object))
}

const unbindExternalId = (
  state: RegistryState,
  tenant: TenantId,
  externalId: ExternalId,
): Result<void> =>
  state.tenants.get(tenant)?.bindings.delete(bindingKey(externalId)) === true
    ? success(undefined)
    : notFound('external-id', externalIdText(externalId))
