import { conflict, notFound, success } from '../../../core/failure.ts'
import { encodePermission } from '../../../core/permission.ts'
import { decodeInventoryRoleRow } from './decode-account-row.ts'
import { createTenantCheck } from './tenant-check.ts'
import type { Database } from 'better-sqlite3'
import type { Result } from '../../../core/failure.ts'
import type { InventoryRoleId, TenantId } from '../../../core/identity.ts'
import type {
  InventoryRoleChange,
  NewInventoryRole,
  OwnInventoryRole,
} from '../../../core/inventory-role.ts'
import type { InventoryRoleRow } from './decode-account-row.ts'

const columns = 'id, tenant, name, description, permissions'

const selectRole = `select ${columns} from inventory_role where tenant = ? and id = ?`

const selectByName = `select ${columns} from inventory_role where tenant = ? and name = ?`

const selectRoles = `select ${columns} from inventory_role where tenant = ? order by id`

const insertRole = `
  insert into inventory_role (tenant, name, description, permissions)
  values (@tenant, @name, @description, @permissions)
  returning ${columns}`

const updateRole = `
  update inventory_role
  set name = @name, description = @description, permissions = @permissions
  where tenant = @tenant and id = @id`

const deleteRole = 'delete from inventory_role where tenant = ? and id = ?'

export const createInventoryRoleReads = (db: Database) => {
  const all = db.prepare<[string], InventoryRoleRow>(selectRoles)
  return {
    listInventoryRoles: (tenant: TenantId): Result<readonly OwnInventoryRole[]> =>
      success(all.all(tenant).map(decodeInventoryRoleRow)),
  }
}

type NewRow = Omit<InventoryRoleRow, 'id'>

export const createInventoryRoleWrites = (db: Database) => {
  const hasTenant = createTenantCheck(db)
  const one = db.prepare<[string, number], InventoryRoleRow>(selectRole)
  const byName = db.prepare<[string, string], InventoryRoleRow>(selectByName)
  const insert = db.prepare<[NewRow], InventoryRoleRow>(insertRole)
  const update = db.prepare<[InventoryRoleRow]>(updateRole)
  const remove = db.prepare<[string, number]>(deleteRole)
  return {
    createInventoryRole: (role: NewInventoryRole): Result<OwnInventoryRole> => {
      if (!hasTenant(role.tenant)) return notFound('tenant', role.tenant)
      if (byName.get(role.tenant, role.name)) return conflict('inventory-role', role.name)
      const row = insert.get(encodeNewRow(role))
      if (row === undefined) throw new Error('an insert answers its row')
      return success(decodeInventoryRoleRow(row))
    },
    changeInventoryRole: (
      tenant: TenantId,
      id: InventoryRoleId,
      change: InventoryRoleChange,
    ): Result<OwnInventoryRole> => {
      const row = one.get(tenant, id)
      if (row === undefined) return notFound('inventory-role', id)
      const changed = { ...decodeInventoryRoleRow(row), ...change }
      const named = byName.get(tenant, changed.name)
      if (named !== undefined && named.id !== row.id)
        return conflict('inventory-role', changed.name)
      update.run({ ...encodeNewRow(changed), id })
      return success(changed)
    },
    deleteInventoryRole: (tenant: TenantId, id: InventoryRoleId): Result<void> =>
      remove.run(tenant, id).changes === 1 ? success(undefined) : notFound('inventory-role', id),
  }
}

const encodeNewRow = (role: NewInventoryRole): NewRow => ({
  tenant: role.tenant,
  name: role.name,
  description: role.description,
  permissions: JSON.stringify(role.permissions.map(encodePermission)),
})
