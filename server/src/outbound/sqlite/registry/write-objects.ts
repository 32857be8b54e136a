import { nextId } from '../../../core/event-id.ts'
import { conflict, notFound, success } from '../../../core/failure.ts'
import { encodeFragments } from '../../../core/fragments.ts'
import { toManagedObjectId } from '../../../core/identity.ts'
import { externalIdText, changeManagedObject } from '../../../core/managed-object.ts'
import { createExternalIdTable } from './external-id-operations.ts'
import { createReferenceTable } from './family-operations.ts'
import { createObjectReads } from './read-objects.ts'
import { createTenantCheck } from './tenant-check.ts'
import type { Database } from 'better-sqlite3'
import type { Result } from '../../../core/failure.ts'
import type { ChildLink } from '../../../core/family.ts'
import type { Fragments } from '../../../core/fragments.ts'
import type { ManagedObjectId, TenantId, UserName } from '../../../core/identity.ts'
import type {
  ExternalId,
  ManagedObject,
  ManagedObjectChange,
  ManagedObjectDraft,
} from '../../../core/managed-object.ts'
import type { ObjectUpdate } from '../../../ports/inventory.ts'
import type { ObjectRow } from './decode-registry-row.ts'

const selectLastId = 'select id from last_managed_object_id where only_row = 1'

const updateLastId = 'update last_managed_object_id set id = ? where only_row = 1'

const insertObject = `
  insert into managed_object (id, tenant, name, type, owner, creation_ms, last_updated_ms, fragments)
  values (@id, @tenant, @name, @type, @owner, @creation_ms, @last_updated_ms, @fragments)`

const updateObject = `
  update managed_object
  set name = @name, type = @type, owner = @owner, last_updated_ms = @last_updated_ms,
    fragments = @fragments
  where tenant = @tenant and id = @id`

const deleteObject = 'delete from managed_object where tenant = ? and id = ?'

const insertFragment = `
  insert or ignore into managed_object_fragment (tenant, name, object) values (?, ?, ?)`

const deleteFragment = `
  delete from managed_object_fragment where tenant = ? and name = ? and object = ?`

const insertPurge = 'insert into purge (tenant, object) values (?, ?)'

/** Who creates objects for whom, and when. */
export type ObjectCreation = {
  readonly tenant: TenantId
  readonly owner: UserName | undefined
  readonly nowMs: number
  /** Where they are linked, if anywhere. */
  readonly under: ChildLink | undefined
}

export const createObjectWrites = (db: Database) => {
  const table = createObjectTable(db)
  const externalIds = createExternalIdTable(db)
  const hasTenant = createTenantCheck(db)
  const references = createReferenceTable(db)
  const { readObject } = createObjectReads(db)
  const removeObject = (object: ManagedObject): readonly ExternalId[] => {
    table.remove(object)
    references.removeAll(object.tenant, object.id)
    return externalIds.unbindAll(object.tenant, object.id)
  }
  return {
    createObjects: (
      creation: ObjectCreation,
      drafts: readonly ManagedObjectDraft[],
    ): Result<readonly ManagedObject[]> => {
      const { tenant } = creation
      if (!hasTenant(tenant)) return notFound('tenant', tenant)
      const wanted = drafts.flatMap((draft) => draft.externalIds)
      const taken = externalIds.firstTaken(tenant, wanted)
      if (taken !== undefined) return conflict('external-id', externalIdText(taken))
      const { under } = creation
      const parent = under === undefined ? undefined : readObject(tenant, under.parent)
      if (parent?.ok === false) return parent
      const objects = table.insert(creation, drafts)
      for (const [at, { id }] of objects.entries()) {
        externalIds.bind(tenant, id, drafts[at]?.externalIds ?? [])
      }
      if (under !== undefined) {
        const ids = objects.map(({ id }) => id)
        references.link(tenant, under, ids)
      }
      return success(objects)
    },
    ...createObjectChanges(db, table),
    /** Answers the external ids that went along, so that they can be forgotten too. */
    deleteObject: (tenant: TenantId, id: ManagedObjectId): Result<readonly ExternalId[]> => {
      const old = readObject(tenant, id)
      return old.ok ? success(removeObject(old.value)) : old
    },
    /** Those that exist; answers the external ids that went along. */
    deleteObjects: (
      tenant: TenantId,
      ids: readonly ManagedObjectId[],
    ): Result<readonly ExternalId[]> =>
      success(
        ids.flatMap((id) => {
          const old = readObject(tenant, id)
          return old.ok ? removeObject(old.value) : []
        }),
      ),
  }
}

const createObjectChanges = (db: Database, table: ReturnType<typeof createObjectTable>) => {
  const { readObject } = createObjectReads(db)
  return {
    changeObject: (
      tenant: TenantId,
      id: ManagedObjectId,
      change: ManagedObjectChange,
      nowMs: number,
    ): Result<ManagedObject> => {
      const old = readObject(tenant, id)
      if (!old.ok) return old
      const changed = changeManagedObject(old.value, change, nowMs)
      if (changed.ok) table.update(old.value, changed.value)
      return changed
    },
    /** All are judged before the first is written; an object that comes twice is changed twice. */
    changeObjects: (
      tenant: TenantId,
      updates: readonly ObjectUpdate[],
      nowMs: number,
    ): Result<readonly ManagedObject[]> => {
      const steps: { readonly old: ManagedObject; readonly changed: ManagedObject }[] = []
      const latest = new Map<ManagedObjectId, ManagedObject>()
      for (const { id, change } of updates) {
        const known = latest.get(id)
        const old = known === undefined ? readObject(tenant, id) : success(known)
        if (!old.ok) return old
        const changed = changeManagedObject(old.value, change, nowMs)
        if (!changed.ok) return changed
        steps.push({ old: old.value, changed: changed.value })
        latest.set(id, changed.value)
      }
      for (const { old, changed } of steps) table.update(old, changed)
      return success(steps.map(({ changed }) => changed))
    },
  }
}

/** The rows of the objects together with those that find them by the names of their fragments. */
const createObjectTable = (db: Database) => {
  const selectLast = db.prepare<[], { id: number }>(selectLastId)
  const updateLast = db.prepare<[number]>(updateLastId)
  const insert = db.prepare<[ObjectRow]>(insertObject)
  const update = db.prepare<[ObjectRow]>(updateObject)
  const remove = db.prepare<[string, number]>(deleteObject)
  const insertName = db.prepare<[string, string, number]>(insertFragment)
  const deleteName = db.prepare<[string, string, number]>(deleteFragment)
  const notePurge = db.prepare<[string, number]>(insertPurge)
  return {
    insert: (creation: ObjectCreation, drafts: readonly ManagedObjectDraft[]) => {
      let last = selectLast.get()?.id ?? 0
      const objects = drafts.map((draft) => {
        last = nextId(last, creation.nowMs)
        const object = createObject(creation, draft, toManagedObjectId(last))
        insert.run(encodeObjectRow(object))
        for (const { name } of object.fragments) insertName.run(object.tenant, name, object.id)
        return object
      })
      updateLast.run(last)
      return objects
    },
    update: (old: ManagedObject, changed: ManagedObject): void => {
      update.run(encodeObjectRow(changed))
      const before = namesOf(old.fragments)
      const after = namesOf(changed.fragments)
      for (const name of before) if (!after.has(name)) deleteName.run(old.tenant, name, old.id)
      for (const name of after) if (!before.has(name)) insertName.run(old.tenant, name, old.id)
    },
    remove: ({ tenant, id, fragments }: ManagedObject): void => {
      remove.run(tenant, id)
      for (const { name } of fragments) deleteName.run(tenant, name, id)
      notePurge.run(tenant, id)
    },
  }
}

const createObject = (
  { tenant, owner, nowMs }: ObjectCreation,
  { name, type, fragments }: ManagedObjectDraft,
  id: ManagedObjectId,
): ManagedObject => ({
  tenant,
  id,
  name,
  type,
  owner,
  creationMs: nowMs,
  lastUpdatedMs: nowMs,
  fragments,
})

const encodeObjectRow = (object: ManagedObject): ObjectRow => ({
  id: object.id,
  tenant: object.tenant,
  name: object.name ?? null,
  type: object.type ?? null,
  owner: object.owner ?? null,
  creation_ms: object.creationMs,
  last_updated_ms: object.lastUpdatedMs,
  fragments: encodeFragments(object.fragments),
})

const namesOf = (fragments: Fragments): ReadonlySet<string> =>
  new Set(fragments.map(({ name }) => name))
