import { createdApp, endsSessions } from '../../core/account.ts'
import { createDeviceRequestCalls } from './device-request-calls.ts'
import { createGroupCalls } from './group-calls.ts'
import { forgetTenant, forgetUser, keyIn } from './registry-caches.ts'
import { notingCalls } from './registry-calls.ts'
import { createAuditCalls, createRetentionCalls } from './retention-calls.ts'
import { createTenantOptionCalls } from './tenant-option-calls.ts'
import { createSessionCalls } from './session-calls.ts'
import type { TenantId } from '../../core/identity.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RegistryCaches } from './registry-caches.ts'
import type { RegistryCalls } from './registry-calls.ts'

/** Accounts in `registry.db`. What proves a caller is kept in memory, so that a request costs no look into the file. */
export const createSqliteAccounts = (
  calls: RegistryCalls,
  caches: RegistryCaches,
  clock: Clock,
): Accounts => ({
  noting: (note) => createSqliteAccounts(notingCalls(calls, note, clock), caches, clock),
  revision: () =>
    caches.tenants.generation() +
    caches.tenantLists.generation() +
    caches.users.generation() +
    caches.accounts.generation() +
    caches.sessions.generation() +
    caches.keys.generation(),
  ...createTenantCalls(calls, caches, clock),
  ...createUserCalls(calls, caches, clock),
  ...createAppCalls(calls, caches, clock),
  ...createKeyCalls(calls, caches, clock),
  ...createSessionCalls(calls, caches, clock),
  ...createGroupCalls(calls, caches, clock),
  ...createDeviceRequestCalls(calls, caches, clock),
  ...createRetentionCalls(calls),
  ...createAuditCalls(calls, clock),
  ...createTenantOptionCalls(calls, caches),
})

type TenantCalls = Pick<
  Accounts,
  | 'createTenant'
  | 'readTenant'
  | 'knownTenant'
  | 'listTenants'
  | 'changeTenantState'
  | 'changeTenant'
  | 'deleteTenant'
>

/** All tenants are one entry. */
const listKey = 'all'

// A cache is told to forget whatever a write answers: after a failure nobody knows what the file has. Creating
// does it too: absence is never kept, but a read that found nothing may still be on its way and be joined.
const createTenantCalls = (
  { write, read }: RegistryCalls,
  caches: RegistryCaches,
  clock: Clock,
): TenantCalls => ({
  createTenant: async (tenant, users) => {
    const created = await write('createTenant', { ...tenant, creationMs: clock.nowMs() }, users)
    caches.tenants.forget(tenant.id)
    caches.tenantLists.forget(listKey)
    for (const { name } of users) forgetUser(caches, tenant.id, name)
    return created
  },
  knownTenant: (tenant) => caches.tenants.get(tenant),
  readTenant: (tenant) => caches.tenants.read(tenant, () => read('readTenant', tenant)),
  listTenants: () => caches.tenantLists.read(listKey, () => read('listTenants')),
  changeTenantState: async (tenant, state) => {
    const changed = await write('changeTenantState', tenant, state)
    caches.tenants.forget(tenant)
    caches.tenantLists.forget(listKey)
    return changed
  },
  changeTenant: async (tenant, change) => {
    const changed = await write('changeTenant', tenant, change)
    caches.tenants.forget(tenant)
    caches.tenantLists.forget(listKey)
    return changed
  },
  deleteTenant: async (tenant) => {
    const deleted = await write('deleteTenant', tenant)
    forgetTenant(caches, tenant)
    return deleted
  },
})

type UserCalls = Pick<
  Accounts,
  'createUser' | 'readUser' | 'listUsers' | 'changeUser' | 'deleteUser'
>

const createUserCalls = (
  { write, read }: RegistryCalls,
  caches: RegistryCaches,
  clock: Clock,
): UserCalls => ({
  createUser: async (user) => {
    const created = await write('createUser', user, clock.nowMs())
    forgetUser(caches, user.tenant, user.name)
    return created
  },
  readUser: (tenant, name) =>
    caches.users.read(keyIn(tenant, name), () => read('readUser', tenant, name)),
  listUsers: (tenant) => read('listUsers', tenant),
  changeUser: async (tenant, name, change) => {
    const changed = await write('changeUser', tenant, name, change, clock.nowMs())
    forgetUser(caches, tenant, name)
    if (endsSessions(change)) caches.sessions.forgetAll()
    return changed
  },
  deleteUser: async (tenant, name) => {
    const deleted = await write('deleteUser', tenant, name)
    forgetUser(caches, tenant, name)
    caches.sessions.forgetAll()
    return deleted
  },
})

type AppCalls = Pick<
  Accounts,
  'createApp' | 'findApp' | 'knownApp' | 'listApps' | 'changeApp' | 'deleteApp'
>

const createAppCalls = (
  { write, read }: RegistryCalls,
  { apps }: RegistryCaches,
  clock: Clock,
): AppCalls => ({
  createApp: async (app) => {
    const created = await write('createApp', createdApp(app, clock.nowMs()))
    apps.forgetAll()
    return created
  },
  findApp: (tenant, by) => {
    const key = 'id' in by ? appIdKey(tenant, by.id) : keyIn(tenant, `key ${by.key}`)
    return apps.read(key, () => read('findApp', tenant, by))
  },
  knownApp: (tenant, id) => apps.get(appIdKey(tenant, id)),
  listApps: (tenant) => read('listApps', tenant),
  changeApp: async (tenant, id, change) => {
    const changed = await write('changeApp', tenant, id, change)
    apps.forgetAll()
    return changed
  },
  deleteApp: async (tenant, id) => {
    const deleted = await write('deleteApp', tenant, id)
    apps.forgetAll()
    return deleted
  },
})

const appIdKey = (tenant: TenantId, id: string): string => keyIn(tenant, `id ${id}`)

type KeyCalls = Pick<Accounts, 'createKey' | 'findKey' | 'listKeys' | 'revokeKey'>

const createKeyCalls = (
  { write, read }: RegistryCalls,
  { keys }: RegistryCaches,
  clock: Clock,
): KeyCalls => ({
  createKey: async (key) => {
    const created = await write('createKey', { ...key, creationMs: clock.nowMs() })
    keys.forget(key.hash)
    return created
  },
  findKey: (hash) => keys.read(hash, () => read('findKey', hash)),
  listKeys: (tenant) => read('listKeys', tenant),
  revokeKey: async (tenant, prefix) => {
    const revoked = await write('revokeKey', tenant, prefix)
    keys.forgetAll()
    return revoked
  },
})
