import { notFound, success } from '../../../core/failure.ts'
import { createTenantCheck } from './tenant-check.ts'
import type { Database } from 'better-sqlite3'
import type { Result } from '../../../core/failure.ts'
import type { TenantId } from '../../../core/identity.ts'
import type { OptionName, TenantOption } from '../../../core/tenant-option.ts'

const selectOptions = `
  select category, key, value from tenant_option where tenant = ? order by category, key`

const upsertOption = `
  insert into tenant_option (tenant, category, key, value)
  values (@tenant, @category, @key, @value)
  on conflict (tenant, category, key) do update set value = excluded.value`

const removeOption = 'delete from tenant_option where tenant = ? and category = ? and key = ?'

export const createTenantOptionReads = (db: Database) => {
  const all = db.prepare<[string], TenantOption>(selectOptions)
  return {
    listOptions: (tenant: TenantId): Result<readonly TenantOption[]> => success(all.all(tenant)),
  }
}

export const createTenantOptionWrites = (db: Database) => {
  const hasTenant = createTenantCheck(db)
  const upsert = db.prepare<[TenantOption & { readonly tenant: string }]>(upsertOption)
  const remove = db.prepare<[string, string, string]>(removeOption)
  return {
    putOptions: (tenant: TenantId, options: readonly TenantOption[]): Result<void> => {
      if (!hasTenant(tenant)) return notFound('tenant', tenant)
      for (const { category, key, value } of options) upsert.run({ tenant, category, key, value })
      return success(undefined)
    },
    deleteOption: (tenant: TenantId, { category, key }: OptionName): Result<void> =>
      remove.run(tenant, category, key).changes === 1
        ? success(undefined)
        : notFound('option', `${category}/${key}`),
  }
}
