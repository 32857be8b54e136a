import type { ApiKey, App, Tenant } from '../../core/account.ts'
import type { DeletionJob } from '../../ports/event-store.ts'
import type { CreatedKey } from '../../usecases/manage-keys.ts'
import type { CreatedTenant } from '../../usecases/manage-tenants.ts'

const instant = (ms: number): string => new Date(ms).toISOString()

export const encodeTenant = ({ id, name, domain, state, creationMs }: Tenant) => ({
  id,
  name,
  domain,
  state,
  creationTime: instant(creationMs),
})

export const encodeCreatedTenant = ({ tenant, administrator, madePassword }: CreatedTenant) => ({
  ...encodeTenant(tenant),
  administrator: { name: administrator, password: madePassword },
})

export const encodeApp = ({ id, name, key, creationMs }: App) => ({
  id,
  name,
  key,
  creationTime: instant(creationMs),
})

export const encodeKey = (key: ApiKey) => ({
  id: key.prefix,
  prefix: key.prefix,
  name: key.name,
  tenant: key.tenant,
  allTenants: key.allTenants,
  devices: key.devices?.map(String),
  expires: key.expiresMs === undefined ? undefined : instant(key.expiresMs),
  creationTime: instant(key.creationMs),
})

export const encodeCreatedKey = ({ key, kept }: CreatedKey) => ({ key, ...encodeKey(kept) })

export const encodeJob = ({ id, filter, startedMs, removedEvents, partsLeft }: DeletionJob) => ({
  id: String(id),
  started: instant(startedMs),
  removedEvents,
  partsLeft,
  filter: {
    ...filter,
    sources: filter.sources?.map(String),
  },
})
