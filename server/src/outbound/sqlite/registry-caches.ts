import { cachedOptionListsMax, cachedSourcesMax } from '../../core/limits.ts'
import { createDeletedMeanwhile } from './deleted-meanwhile.ts'
import { createReadCache } from './read-cache.ts'
import type { Account, ApiKey, App, Tenant, User } from '../../core/account.ts'
import type { ManagedObjectId, TenantId, UserName } from '../../core/identity.ts'
import type { ExternalId } from '../../core/managed-object.ts'
import type { Session } from '../../core/session.ts'
import type { TenantOption } from '../../core/tenant-option.ts'
import type { Source } from '../../ports/inventory.ts'
import type { DeletedMeanwhile } from './deleted-meanwhile.ts'
import type { ReadCache } from './read-cache.ts'

/** What both halves of the registry keep in memory: deleting a tenant forgets all of it. */
export type RegistryCaches = {
  readonly tenants: ReadCache<Tenant>
  readonly tenantLists: ReadCache<readonly Tenant[]>
  readonly tenantOptions: ReadCache<readonly TenantOption[]>
  readonly users: ReadCache<User>
  readonly accounts: ReadCache<Account>
  readonly sessions: ReadCache<Session>
  readonly apps: ReadCache<App>
  readonly keys: ReadCache<ApiKey>
  /** By number alone: texts made of tenant and number for each event would cost more than the look. */
  readonly sources: ReadCache<OwnedSource, ManagedObjectId>
  readonly externalIds: ReadCache<ManagedObjectId>
  readonly deletedMeanwhile: DeletedMeanwhile
}

export type OwnedSource = { readonly tenant: TenantId; readonly source: Source }

export const createRegistryCaches = (): RegistryCaches => ({
  tenants: createReadCache(cachedSourcesMax),
  tenantLists: createReadCache(1),
  tenantOptions: createReadCache(cachedOptionListsMax),
  users: createReadCache(cachedSourcesMax),
  accounts: createReadCache(cachedSourcesMax),
  sessions: createReadCache(cachedSourcesMax),
  apps: createReadCache(cachedSourcesMax),
  keys: createReadCache(cachedSourcesMax),
  sources: createReadCache(cachedSourcesMax),
  externalIds: createReadCache(cachedSourcesMax),
  deletedMeanwhile: createDeletedMeanwhile(),
})

/** After the deletion of a tenant. */
export const forgetTenant = (caches: RegistryCaches, tenant: TenantId): void => {
  const { deletedMeanwhile, ...kept } = caches
  deletedMeanwhile.note(tenant)
  for (const cache of Object.values(kept)) cache.forgetAll()
}

/** After a change of a user; its sessions are another matter. */
export const forgetUser = (caches: RegistryCaches, tenant: TenantId, name: UserName): void => {
  caches.users.forget(keyIn(tenant, name))
  caches.accounts.forget(keyIn(tenant, name))
}

/** The length keeps the tenant and what follows it apart, whatever characters they have. */
export const keyIn = (tenant: TenantId, name: string | number): string =>
  `${tenant.length}:${tenant}${name}`

export const externalIdKey = (tenant: TenantId, { type, externalId }: ExternalId): string =>
  keyIn(tenant, `${type.length}:${type}${externalId}`)
