import { conflict, notFound, success } from '../../../core/failure.ts'
import { decodeGroupRow } from './decode-account-row.ts'
import { createTenantCheck } from './tenant-check.ts'
import type { Database } from 'better-sqlite3'
import type { Result } from '../../../core/failure.ts'
import type { Group, GroupChange, NewGroup } from '../../../core/group.ts'
import type { GroupId, TenantId } from '../../../core/identity.ts'
import type { GroupRow } from './decode-account-row.ts'

const columns =
  'id, tenant, name, description, roles, device_permissions, custom_properties, creation_ms'

const selectGroup = `select ${columns} from user_group where tenant = ? and id = ?`

const selectByName = `select ${columns} from user_group where tenant = ? and name = ?`

const selectGroups = `select ${columns} from user_group where tenant = ? order by id`

const insertGroup = `
  insert into user_group
    (tenant, name, description, roles, device_permissions, custom_properties, creation_ms)
  values
    (@tenant, @name, @description, @roles, @device_permissions, @custom_properties, @creation_ms)
  returning ${columns}`

const updateGroup = `
  update user_group
  set name = @name, description = @description, roles = @roles,
    device_permissions = @device_permissions, custom_properties = @custom_properties
  where tenant = @tenant and id = @id`

const deleteGroup = 'delete from user_group where tenant = ? and id = ?'

const deleteMembers = `
  update user
  set group_ids = (select json_group_array(value) from json_each(group_ids) where value <> @id)
  where tenant = @tenant and exists (select 1 from json_each(group_ids) where value = @id)`

export const createGroupReads = (db: Database) => {
  const one = db.prepare<[string, number], GroupRow>(selectGroup)
  const all = db.prepare<[string], GroupRow>(selectGroups)
  return {
    readGroup: (tenant: TenantId, id: GroupId): Result<Group> => {
      const row = one.get(tenant, id)
      return row === undefined ? notFound('group', id) : success(decodeGroupRow(row))
    },
    listGroups: (tenant: TenantId): Result<readonly Group[]> =>
      success(all.all(tenant).map(decodeGroupRow)),
  }
}

type NewGroupRow = Omit<GroupRow, 'id'>

export const createGroupWrites = (db: Database) => {
  const hasTenant = createTenantCheck(db)
  const byName = db.prepare<[string, string], GroupRow>(selectByName)
  const insert = db.prepare<[NewGroupRow], GroupRow>(insertGroup)
  const update = db.prepare<[GroupRow]>(updateGroup)
  const remove = db.prepare<[string, number]>(deleteGroup)
  const removeMembers = db.prepare<[{ tenant: string; id: number }]>(deleteMembers)
  const { readGroup } = createGroupReads(db)
  return {
    createGroup: (group: NewGroup, nowMs: number): Result<Group> => {
      if (!hasTenant(group.tenant)) return notFound('tenant', group.tenant)
      if (byName.get(group.tenant, group.name)) return conflict('group', group.name)
      const row = insert.get(encodeNewGroup({ ...group, creationMs: nowMs }))
      if (row === undefined) throw new Error('an insert answers its row')
      return success(decodeGroupRow(row))
    },
    changeGroup: (tenant: TenantId, id: GroupId, change: GroupChange): Result<Group> => {
      const old = readGroup(tenant, id)
      if (!old.ok) return old
      const changed = { ...old.value, ...change }
      const named = byName.get(tenant, changed.name)
      if (named !== undefined && named.id !== id) return conflict('group', changed.name)
      update.run({ ...encodeNewGroup(changed), id })
      return success(changed)
    },
    deleteGroup: (tenant: TenantId, id: GroupId): Result<void> => {
      if (remove.run(tenant, id).changes === 0) return notFound('group', id)
      removeMembers.run({ tenant, id })
      return success(undefined)
    },
  }
}

const encodeNewGroup = (group: Omit<Group, 'id'>): NewGroupRow => ({
  tenant: group.tenant,
  name: group.name,
  description: group.description,
  roles: JSON.stringify(group.roles),
  device_permissions: JSON.stringify(group.devicePermissions),
  custom_properties: group.customProperties,
  creation_ms: group.creationMs,
})
