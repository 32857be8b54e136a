import {
  changedTenant,
  createdApp,
  createdUser,
  endsSessions,
  mergeUser,
} from '../../core/account.ts'
import { conflict, notFound, success } from '../../core/failure.ts'
import { defaultRetentionRule } from '../../core/retention.ts'
import { createMemoryAuditRecords, withNote } from './audit-records.ts'
import { createMemoryDeviceRequests } from './device-requests.ts'
import { createMemoryGroups } from './groups.ts'
import { createMemoryTenantOptions } from './tenant-options.ts'
import { byText } from './by-text.ts'
import { createTenantState, isPurgeOf } from './registry-state.ts'
import { createMemoryRetentionRules, createRetentionRule } from './retention-rules.ts'
import { createMemorySessions, endSessionsOf } from './sessions.ts'
import type {
  ApiKey,
  App,
  AppChange,
  NewUser,
  Tenant,
  TenantChange,
  User,
  UserChange,
} from '../../core/account.ts'
import type { Result } from '../../core/failure.ts'
import type { TenantId, UserName } from '../../core/identity.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RegistryState } from './registry-state.ts'

/** The accounts half of the memory registry. */
export const createMemoryAccounts = (state: RegistryState, clock: Clock): Accounts => {
  let revision = 0
  const changing = (): RegistryState => {
    revision += 1
    return state
  }
  const accounts: Accounts = {
    noting: (note) => withNote(accounts, note, { state, clock }),
    revision: () => revision,
    ...createMemoryRetentionRules(state),
    ...createMemoryAuditRecords(state, clock),
    ...createMemorySessions(state, changing, clock),
    ...createMemoryGroups(state, changing, clock),
    ...createMemoryDeviceRequests(state, changing, clock),
    ...createMemoryTenantOptions(state),
    createTenant: (tenant, users) =>
      Promise.resolve(createTenant(changing(), { ...tenant, creationMs: clock.nowMs() }, users)),
    readTenant: (tenant) => Promise.resolve(readTenant(state, tenant)),
    knownTenant: (tenant) => state.tenants.get(tenant)?.tenant,
    listTenants: () => Promise.resolve(success(listTenants(state))),
    changeTenantState: (tenant, wanted) =>
      Promise.resolve(changeTenantState(changing(), tenant, wanted)),
    changeTenant: (tenant, change) => Promise.resolve(changeTenant(changing(), tenant, change)),
    deleteTenant: (tenant) => Promise.resolve(deleteTenant(changing(), tenant)),
    createUser: (user) => Promise.resolve(createUser(changing(), user, clock.nowMs())),
    readUser: (tenant, name) => Promise.resolve(readUser(state, tenant, name)),
    listUsers: (tenant) => Promise.resolve(success(listUsers(state, tenant))),
    changeUser: (tenant, name, change) =>
      Promise.resolve(changeUser(changing(), { tenant, name }, change, clock.nowMs())),
    deleteUser: (tenant, name) => Promise.resolve(deleteUser(changing(), tenant, name)),
    createApp: (app) => Promise.resolve(createApp(state, createdApp(app, clock.nowMs()))),
    findApp: (tenant, by) => Promise.resolve(findApp(state, tenant, by)),
    knownApp: (tenant, id) => state.tenants.get(tenant)?.apps.get(id),
    listApps: (tenant) => Promise.resolve(success(listApps(state, tenant))),
    changeApp: (tenant, id, change) => Promise.resolve(changeApp(state, { tenant, id }, change)),
    deleteApp: (tenant, id) => Promise.resolve(deleteApp(state, tenant, id)),
    createKey: (key) =>
      Promise.resolve(createKey(changing(), { ...key, creationMs: clock.nowMs() })),
    findKey: (hash) => Promise.resolve(findKey(state, hash)),
    listKeys: (tenant) => Promise.resolve(success(listKeys(state, tenant))),
    revokeKey: (tenant, prefix) => Promise.resolve(revokeKey(changing(), tenant, prefix)),
  }
  return accounts
}

const createTenant = (
  state: RegistryState,
  tenant: Tenant,
  users: readonly NewUser[],
): Result<Tenant> => {
  if (isTenantTaken(state, tenant)) return conflict('tenant', tenant.id)
  const names = users.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) return conflict('user', twice)
  const home = createTenantState(tenant)
  for (const user of users) {
    home.users.set(user.name, createdUser({ ...user, tenant: tenant.id }, tenant.creationMs))
  }
  state.tenants.set(tenant.id, home)
  createRetentionRule(state, { ...defaultRetentionRule, tenant: tenant.id })
  return success(tenant)
}

const isTenantTaken = (state: RegistryState, { id, domain }: Tenant): boolean =>
  state.tenants.has(id) ||
  listTenants(state).some((other) => other.domain === domain) ||
  state.purges.some((purge) => isPurgeOf(purge, { tenant: id, object: undefined }))

const readTenant = (state: RegistryState, id: TenantId): Result<Tenant> => {
  const home = state.tenants.get(id)
  return home === undefined ? notFound('tenant', id) : success(home.tenant)
}

const listTenants = (state: RegistryState): readonly Tenant[] =>
  [...state.tenants.values()].map(({ tenant }) => tenant).sort(byText(({ id }) => id))

const changeTenantState = (
  state: RegistryState,
  id: TenantId,
  wanted: Tenant['state'],
): Result<Tenant> => {
  const home = state.tenants.get(id)
  if (home === undefined) return notFound('tenant', id)
  home.tenant = { ...home.tenant, state: wanted }
  return success(home.tenant)
}

const changeTenant = (state: RegistryState, id: TenantId, change: TenantChange): Result<Tenant> => {
  const home = state.tenants.get(id)
  if (home === undefined) return notFound('tenant', id)
  home.tenant = changedTenant(home.tenant, change)
  return success(home.tenant)
}

const deleteTenant = (state: RegistryState, id: TenantId): Result<void> => {
  if (!state.tenants.delete(id)) return notFound('tenant', id)
  state.purges = [
    ...state.purges.filter(({ tenant }) => tenant !== id),
    { tenant: id, object: undefined },
  ]
  return success(undefined)
}

const createUser = (state: RegistryState, user: NewUser, nowMs: number): Result<User> => {
  const users = state.tenants.get(user.tenant)?.users
  if (users === undefined) return notFound('tenant', user.tenant)
  if (users.has(user.name)) return conflict('user', user.name)
  const created = createdUser(user, nowMs)
  users.set(user.name, created)
  return success(created)
}

const readUser = (state: RegistryState, tenant: TenantId, name: UserName): Result<User> => {
  const user = state.tenants.get(tenant)?.users.get(name)
  return user === undefined ? notFound('user', name) : success(user)
}

const listUsers = (state: RegistryState, tenant: TenantId): readonly User[] =>
  [...(state.tenants.get(tenant)?.users.values() ?? [])].sort(byText(({ name }) => name))

const changeUser = (
  state: RegistryState,
  { tenant, name }: Pick<User, 'tenant' | 'name'>,
  change: UserChange,
  nowMs: number,
): Result<User> => {
  const home = state.tenants.get(tenant)
  const old = home?.users.get(name)
  if (home === undefined || old === undefined) return notFound('user', name)
  const changed = mergeUser(old, change, nowMs)
  home.users.set(name, changed)
  if (endsSessions(change)) endSessionsOf(home, name)
  return success(changed)
}

const deleteUser = (state: RegistryState, tenant: TenantId, name: UserName): Result<void> => {
  const home = state.tenants.get(tenant)
  if (home?.users.delete(name) !== true) return notFound('user', name)
  endSessionsOf(home, name)
  return success(undefined)
}

const createApp = (state: RegistryState, app: App): Result<App> => {
  const apps = state.tenants.get(app.tenant)?.apps
  if (apps === undefined) return notFound('tenant', app.tenant)
  const taken = [...apps.values()].some(({ id, key }) => id === app.id || key === app.key)
  if (taken) return conflict('app', app.id)
  apps.set(app.id, app)
  return success(app)
}

const findApp = (
  state: RegistryState,
  tenant: TenantId,
  by: { readonly id: string } | { readonly key: string },
): Result<App> => {
  const apps = state.tenants.get(tenant)?.apps
  if ('id' in by) {
    const app = apps?.get(by.id)
    return app === undefined ? notFound('app', by.id) : success(app)
  }
  const app = [...(apps?.values() ?? [])].find(({ key }) => key === by.key)
  return app === undefined ? notFound('app', by.key) : success(app)
}

const listApps = (state: RegistryState, tenant: TenantId): readonly App[] =>
  [...(state.tenants.get(tenant)?.apps.values() ?? [])].sort(byText(({ id }) => id))

const changeApp = (
  state: RegistryState,
  { tenant, id }: Pick<App, 'tenant' | 'id'>,
  change: AppChange,
): Result<App> => {
  const apps = state.tenants.get(tenant)?.apps
  const old = apps?.get(id)
  if (apps === undefined || old === undefined) return notFound('app', id)
  const taken = [...apps.values()].some((other) => other.id !== id && other.key === change.key)
  if (taken) return conflict('app', id)
  const changed = { ...old, ...change }
  apps.set(id, changed)
  return success(changed)
}

const deleteApp = (state: RegistryState, tenant: TenantId, id: string): Result<void> =>
  state.tenants.get(tenant)?.apps.delete(id) === true ? success(undefined) : notFound('app', id)

const createKey = (state: RegistryState, key: ApiKey): Result<ApiKey> => {
  const keys = state.tenants.get(key.tenant)?.keys
  if (keys === undefined) return notFound('tenant', key.tenant)
  if (keys.has(key.prefix) || findKey(state, key.hash).ok) return conflict('key', key.prefix)
  keys.set(key.prefix, key)
  return success(key)
}

const findKey = (state: RegistryState, hash: string): Result<ApiKey> => {
  for (const { keys } of state.tenants.values()) {
    const key = [...keys.values()].find((candidate) => candidate.hash === hash)
    if (key !== undefined) return success(key)
  }
  // The digest of a secret is no name to repeat to a caller.
  return notFound('key', '')
}

const listKeys = (state: RegistryState, tenant: TenantId): readonly ApiKey[] =>
  [...(state.tenants.get(tenant)?.keys.values() ?? [])].sort(byText(({ prefix }) => prefix))

const revokeKey = (state: RegistryState, tenant: TenantId, prefix: string): Result<void> =>
  state.tenants.get(tenant)?.keys.delete(prefix) === true
    ? success(undefined)
    : notFound('key', prefix)
