import { cachedSourcesMax } from '../../core/limits.ts'
import { createReadCache } from './read-cache.ts'
import type { ApiKey, App, Tenant, User } from '../../core/account.ts'
import type { ManagedObjectId, TenantId } from '../../core/identity.ts'
import type { ExternalId } from '../../core/managed-object.ts'
import type { Source } from '../../ports/inventory.ts'
import type { ReadCache } from './read-cache.ts'

/** What both halves of the registry keep in memory: deleting a tenant forgets all of it. */
export type RegistryCaches = {
  readonly tenants: ReadCache<Tenant>
  readonly tenantLists: ReadCache<readonly Tenant[]>
  readonly users: ReadCache<User>
  readonly apps: ReadCache<App>
  readonly keys: ReadCache<ApiKey>
  readonly sources: ReadCache<Source>
  readonly externalIds: ReadCache<ManagedObjectId>
}

export const createRegistryCaches = (): RegistryCaches => ({
  tenants: createReadCache(cachedSourcesMax),
  tenantLists: createReadCache(1),
  users: createReadCache(cachedSourcesMax),
  apps: createReadCache(cachedSourcesMax),
  keys: createReadCache(cachedSourcesMax),
  sources: createReadCache(cachedSourcesMax),
  externalIds: createReadCache(cachedSourcesMax),
})

export const forgetEverything = (caches: RegistryCaches): void => {
  for (const cache of Object.values(caches)) cache.forgetAll()
}

/** The length keeps the tenant and what follows it apart, whatever characters they have. */
export const keyIn = (tenant: TenantId, name: string | number): string =>
  `${tenant.length}:${tenant}${name}`

export const externalIdKey = (tenant: TenantId, { type, externalId }: ExternalId): string =>
  keyIn(tenant, `${type.length}:${type}${externalId}`)
