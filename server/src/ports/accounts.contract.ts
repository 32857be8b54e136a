import { beforeEach, describe, expect, it } from 'vitest'
import { createdApp, createdUser } from '../core/account.ts'
import { toGroupId, toInventoryRoleId, toManagedObjectId, toUserName } from '../core/identity.ts'
import {
  absent,
  accountsUnderTest,
  admin,
  noChange,
  t1,
  t2,
  t3,
  tenantOf,
  userOf,
} from './accounts-under-test.contract.ts'
import { auditRecordCases } from './audit-records.contract.ts'
import { deviceRequestCases } from './device-requests.contract.ts'
import { groupCases } from './groups.contract.ts'
import { missing, taken, valueOf } from './registry-samples.contract.ts'
import { retentionRuleCases } from './retention-rules.contract.ts'
import { knownAccountCases } from './known-accounts.contract.ts'
import { sessionCases } from './sessions.contract.ts'
import { tenantChangeCases } from './tenant-changes.contract.ts'
import { tenantOptionCases } from './tenant-options.contract.ts'
import type { ApiKey, NewApp } from '../core/account.ts'
import type { TenantId } from '../core/identity.ts'
import type { Accounts } from './accounts.ts'
import type { Clock } from './clock.ts'
import type { OpenRegistry } from './registry-samples.contract.ts'

const appOf = (tenant: TenantId, id: string, key: string): NewApp => ({
  tenant,
  id,
  name: `app ${id}`,
  key,
})

const keyOf = (
  tenant: TenantId,
  prefix: string,
  over: Partial<ApiKey> = {},
): Omit<ApiKey, 'creationMs'> => ({
  tenant,
  prefix,
  hash: `hash of ${prefix}`,
  name: 'a key',
  allTenants: false,
  devices: undefined,
  expiresMs: undefined,
  ...over,
})

/** What every keeper of accounts promises, negative cases first. */
export const accountsContract = (
  name: string,
  open: (clock: Clock) => Promise<OpenRegistry>,
): void => {
  describe(`accounts (${name})`, () => {
    const test = accountsUnderTest(open)
    const { clock } = test
    let registry: OpenRegistry
    let accounts: Accounts

    beforeEach(() => {
      registry = test.registry
      accounts = test.accounts
    })
    describe('sessions', () => sessionCases(test))
    describe('groups and accounts', () => groupCases(test))
    describe('device requests', () => deviceRequestCases(test))
    describe('retention rules', () => retentionRuleCases(test))
    describe('audit records', () => auditRecordCases(test))
    describe('options', () => tenantOptionCases(test))
    describe('what is known without a wait', () => knownAccountCases(test))
    describe('what is said about a tenant', () => tenantChangeCases(test))

    describe('the revision', () => {
      const changes: readonly (readonly [string, () => Promise<unknown>])[] = [
        ['a new tenant', () => accounts.createTenant(tenantOf(t3), [])],
        ['a suspended tenant', () => accounts.changeTenantState(t1, 'suspended')],
        ['a deleted tenant', () => accounts.deleteTenant(t1)],
        ['a new user', () => accounts.createUser(userOf(t1, absent))],
        ['a changed user', () => accounts.changeUser(t1, admin, { ...noChange, enabled: false })],
        ['a deleted user', () => accounts.deleteUser(t1, admin)],
        ['a new key', () => accounts.createKey(keyOf(t1, 'bfk_2'))],
        ['an ended session', () => accounts.endSession('session')],
        ['a changed group', () => accounts.changeGroup(t1, toGroupId(1), { roles: [] })],
        ['a deleted group', () => accounts.deleteGroup(t1, toGroupId(1))],
        [
          'a changed inventory role',
          () => accounts.changeInventoryRole(t1, toInventoryRoleId(5), { permissions: [] }),
        ],
        ['a deleted inventory role', () => accounts.deleteInventoryRole(t1, toInventoryRoleId(5))],
        ['a delivered device', () => accounts.deliverDeviceRequest(t1, 'a', userOf(t1, admin))],
        ['a revoked key', () => accounts.revokeKey(t1, 'bfk_1')],
      ]

      it.each(changes)('grows with %s, before the answer', async (_, change) => {
        valueOf(await accounts.createUser(userOf(t1, admin)))
        valueOf(await accounts.createKey(keyOf(t1, 'bfk_1')))
        const session = { tenant: t1, user: admin, hash: 'session', expiresMs: clock.ms + 1000 }
        valueOf(await accounts.createSession(session, 'hash'))
        const before = accounts.revision()
        await change()
        expect(accounts.revision()).toBeGreaterThan(before)
      })

      it('stays while accounts are only read', async () => {
        valueOf(await accounts.createUser(userOf(t1, admin)))
        const before = accounts.revision()
        valueOf(await accounts.readUser(t1, admin))
        valueOf(await accounts.listTenants())
        await accounts.findKey('hash of none')
        expect(accounts.revision()).toBe(before)
      })
    })

    describe('across tenants', () => {
      it("answers another tenant's user exactly like one that does not exist", async () => {
        valueOf(await accounts.createUser(userOf(t1, admin)))
        for (const wanted of [admin, absent]) {
          const gone = missing('user', wanted)
          expect(await accounts.readUser(t2, wanted)).toEqual(gone)
          expect(await accounts.changeUser(t2, wanted, noChange)).toEqual(gone)
          expect(await accounts.deleteUser(t2, wanted)).toEqual(gone)
        }
        expect(valueOf(await accounts.listUsers(t2))).toEqual([])
        expect(valueOf(await accounts.listUsers(t1))).toHaveLength(1)
      })

      it("answers another tenant's app exactly like one that does not exist", async () => {
        valueOf(await accounts.createApp(appOf(t1, 'app1', 'key1')))
        for (const [id, key] of [
          ['app1', 'key1'],
          ['app2', 'key2'],
        ] as const) {
          expect(await accounts.findApp(t2, { id })).toEqual(missing('app', id))
          expect(await accounts.findApp(t2, { key })).toEqual(missing('app', key))
          expect(await accounts.deleteApp(t2, id)).toEqual(missing('app', id))
        }
        expect(valueOf(await accounts.listApps(t2))).toEqual([])
        expect(valueOf(await accounts.listApps(t1))).toHaveLength(1)
      })

      it("answers another tenant's key exactly like one that does not exist", async () => {
        valueOf(await accounts.createKey(keyOf(t1, 'bfk_1')))
        for (const prefix of ['bfk_1', 'bfk_2']) {
          expect(await accounts.revokeKey(t2, prefix)).toEqual(missing('key', prefix))
        }
        expect(valueOf(await accounts.listKeys(t2))).toEqual([])
        expect(valueOf(await accounts.findKey('hash of bfk_1')).tenant).toBe(t1)
      })

      it('lets two tenants use the same names, app ids and app keys', async () => {
        for (const tenant of [t1, t2]) {
          valueOf(await accounts.createUser(userOf(tenant, admin)))
          valueOf(await accounts.createApp(appOf(tenant, 'app1', 'key1')))
        }
        valueOf(await accounts.deleteUser(t1, admin))
        valueOf(await accounts.deleteApp(t1, 'app1'))
        expect((await accounts.readUser(t2, admin)).ok).toBe(true)
        expect((await accounts.findApp(t2, { key: 'key1' })).ok).toBe(true)
      })
    })

    describe('tenants', () => {
      it('that do not exist are not found', async () => {
        const gone = missing('tenant', t3)
        expect(await accounts.readTenant(t3)).toEqual(gone)
        expect(await accounts.changeTenantState(t3, 'suspended')).toEqual(gone)
        expect(await accounts.deleteTenant(t3)).toEqual(gone)
        expect(await accounts.createUser(userOf(t3, admin))).toEqual(gone)
        expect(await accounts.createApp(appOf(t3, 'a', 'k'))).toEqual(gone)
        expect(await accounts.createKey(keyOf(t3, 'bfk_1'))).toEqual(gone)
      })

      it('conflict by id and by domain', async () => {
        expect(await accounts.createTenant(tenantOf(t1, 'other'), [])).toEqual(taken('tenant', t1))
        expect(await accounts.createTenant(tenantOf(t3, 't2'), [])).toEqual(taken('tenant', t3))
        expect(valueOf(await accounts.listTenants()).map(({ id }) => id)).toEqual([t1, t2])
      })

      it('are not created when two of their users have one name', async () => {
        const users = [userOf(t3, admin), userOf(t3, admin)]
        expect(await accounts.createTenant(tenantOf(t3), users)).toEqual(taken('user', admin))
        expect((await accounts.readTenant(t3)).ok).toBe(false)
        expect(valueOf(await accounts.listUsers(t3))).toEqual([])
      })

      it('are created with their first users', async () => {
        const tenant = valueOf(await accounts.createTenant(tenantOf(t3), [userOf(t3, admin)]))
        expect(tenant).toEqual({ ...tenantOf(t3), creationMs: clock.ms })
        expect(valueOf(await accounts.readTenant(t3))).toEqual(tenant)
        expect(valueOf(await accounts.readUser(t3, admin)).creationMs).toBe(clock.ms)
      })

      it('that were looked for in vain are found once created', async () => {
        expect((await accounts.readTenant(t3)).ok).toBe(false)
        expect(valueOf(await accounts.listTenants())).toHaveLength(2)
        valueOf(await accounts.createTenant(tenantOf(t3), []))
        expect((await accounts.readTenant(t3)).ok).toBe(true)
        expect(valueOf(await accounts.listTenants())).toHaveLength(3)
      })

      it('are suspended and resumed, and the next read says so', async () => {
        valueOf(await accounts.readTenant(t1))
        valueOf(await accounts.listTenants())
        expect(valueOf(await accounts.changeTenantState(t1, 'suspended')).state).toBe('suspended')
        expect(valueOf(await accounts.readTenant(t1)).state).toBe('suspended')
        expect(valueOf(await accounts.listTenants())[0]?.state).toBe('suspended')
        valueOf(await accounts.changeTenantState(t1, 'active'))
        expect(valueOf(await accounts.readTenant(t1)).state).toBe('active')
      })

      it('go with their users, apps and keys, and leave a note that their events have to go', async () => {
        valueOf(await accounts.createUser(userOf(t1, admin)))
        valueOf(await accounts.createApp(appOf(t1, 'app1', 'key1')))
        valueOf(await accounts.createKey(keyOf(t1, 'bfk_1')))
        valueOf(await accounts.readUser(t1, admin))
        valueOf(await accounts.findApp(t1, { key: 'key1' }))
        valueOf(await accounts.findKey('hash of bfk_1'))
        valueOf(await accounts.deleteTenant(t1))
        expect((await accounts.readTenant(t1)).ok).toBe(false)
        expect(await accounts.readUser(t1, admin)).toEqual(missing('user', admin))
        expect(await accounts.findApp(t1, { key: 'key1' })).toEqual(missing('app', 'key1'))
        expect((await accounts.findKey('hash of bfk_1')).ok).toBe(false)
        expect(valueOf(await registry.inventory.listPurges())).toEqual([
          { tenant: t1, object: undefined },
        ])
      })

      it('come back under an old id only when the old events are gone, and then empty', async () => {
        valueOf(await accounts.createUser(userOf(t1, admin)))
        valueOf(await accounts.deleteTenant(t1))
        expect(await accounts.createTenant(tenantOf(t1), [])).toEqual(taken('tenant', t1))
        valueOf(await registry.inventory.finishPurges([{ tenant: t1, object: undefined }]))
        valueOf(await accounts.createTenant(tenantOf(t1), []))
        expect(valueOf(await accounts.listUsers(t1))).toEqual([])
      })

      it('when deleted take over the notes of their deleted objects', async () => {
        const draft = { name: undefined, type: undefined, fragments: [], externalIds: [] }
        const { inventory } = registry
        const created = valueOf(await inventory.createObjects(t1, admin, [draft, draft]))
        for (const { id } of created) valueOf(await inventory.deleteObject(t1, id))
        valueOf(await accounts.deleteTenant(t1))
        expect(valueOf(await inventory.listPurges())).toEqual([{ tenant: t1, object: undefined }])
      })
    })

    describe('users', () => {
      it('conflict by name and leave the first as it was', async () => {
        const first = valueOf(await accounts.createUser(userOf(t1, admin)))
        const second = userOf(t1, admin, { passwordHash: 'other' })
        expect(await accounts.createUser(second)).toEqual(taken('user', admin))
        expect(valueOf(await accounts.readUser(t1, admin))).toEqual(first)
      })

      it('keep all that they were created with', async () => {
        const user = userOf(t1, admin, { enabled: false, profile: { ünï: '"x"' } })
        const created = valueOf(await accounts.createUser(user))
        expect(created).toEqual(createdUser(user, clock.ms))
        expect(valueOf(await accounts.readUser(t1, admin))).toEqual(created)
      })

      it('that were looked for in vain are found once created', async () => {
        expect((await accounts.readUser(t1, admin)).ok).toBe(false)
        valueOf(await accounts.createUser(userOf(t1, admin)))
        expect((await accounts.readUser(t1, admin)).ok).toBe(true)
      })

      it('are listed by ascending name', async () => {
        for (const user of ['b', 'a', 'B'] as const) {
          valueOf(await accounts.createUser(userOf(t1, toUserName(user))))
        }
        const names = valueOf(await accounts.listUsers(t1)).map((user) => user.name)
        expect(names).toEqual(['B', 'a', 'b'])
      })

      it('change only where the change says so', async () => {
        const created = valueOf(await accounts.createUser(userOf(t1, admin)))
        clock.ms += 1000
        const disabled = valueOf(
          await accounts.changeUser(t1, admin, { ...noChange, enabled: false, roles: [] }),
        )
        expect(disabled).toEqual({ ...created, enabled: false, roles: [] })
        expect(valueOf(await accounts.readUser(t1, admin))).toEqual(disabled)
      })

      it('with a new password note when it changed, and the next read has it', async () => {
        const created = valueOf(await accounts.createUser(userOf(t1, admin)))
        valueOf(await accounts.readUser(t1, admin))
        clock.ms += 1000
        const change = { ...noChange, passwordHash: 'new' }
        valueOf(await accounts.changeUser(t1, admin, change))
        expect(valueOf(await accounts.readUser(t1, admin))).toEqual({
          ...created,
          passwordHash: 'new',
          lastPasswordChangeMs: clock.ms,
        })
      })

      it('that are deleted are gone for the next read and can be created anew', async () => {
        valueOf(await accounts.createUser(userOf(t1, admin)))
        valueOf(await accounts.readUser(t1, admin))
        valueOf(await accounts.deleteUser(t1, admin))
        expect(await accounts.readUser(t1, admin)).toEqual(missing('user', admin))
        expect(await accounts.deleteUser(t1, admin)).toEqual(missing('user', admin))
        valueOf(await accounts.createUser(userOf(t1, admin, { passwordHash: 'new' })))
        expect(valueOf(await accounts.readUser(t1, admin)).passwordHash).toBe('new')
      })
    })

    describe('apps', () => {
      it('conflict by id and by key', async () => {
        valueOf(await accounts.createApp(appOf(t1, 'app1', 'key1')))
        expect(await accounts.createApp(appOf(t1, 'app1', 'key2'))).toEqual(taken('app', 'app1'))
        expect(await accounts.createApp(appOf(t1, 'app2', 'key1'))).toEqual(taken('app', 'app2'))
      })

      it('are found by id and by key, and only by what was asked', async () => {
        expect((await accounts.findApp(t1, { key: 'key1' })).ok).toBe(false)
        const app = valueOf(await accounts.createApp(appOf(t1, 'app1', 'key1')))
        expect(app).toEqual(createdApp(appOf(t1, 'app1', 'key1'), clock.ms))
        expect(valueOf(await accounts.findApp(t1, { id: 'app1' }))).toEqual(app)
        expect(valueOf(await accounts.findApp(t1, { key: 'key1' }))).toEqual(app)
        expect(await accounts.findApp(t1, { id: 'key1' })).toEqual(missing('app', 'key1'))
        expect(await accounts.findApp(t1, { key: 'app1' })).toEqual(missing('app', 'app1'))
      })

      it('change where told, and are found by their new key only', async () => {
        valueOf(await accounts.createApp(appOf(t1, 'app1', 'key1')))
        valueOf(await accounts.createApp(appOf(t1, 'app2', 'key2')))
        valueOf(await accounts.findApp(t1, { key: 'key1' }))
        expect(await accounts.changeApp(t2, 'app1', {})).toEqual(missing('app', 'app1'))
        expect(await accounts.changeApp(t1, 'app1', { key: 'key2' })).toEqual(taken('app', 'app1'))
        const change = { key: 'key3', name: 'x', contextPath: 'door' }
        const changed = valueOf(await accounts.changeApp(t1, 'app1', change))
        expect(changed).toMatchObject({ ...change, kind: 'EXTERNAL', id: 'app1' })
        expect((await accounts.findApp(t1, { key: 'key1' })).ok).toBe(false)
        expect(valueOf(await accounts.findApp(t1, { key: 'key3' }))).toEqual(changed)
      })

      it('that are deleted are gone for the next look', async () => {
        valueOf(await accounts.createApp(appOf(t1, 'app1', 'key1')))
        valueOf(await accounts.findApp(t1, { id: 'app1' }))
        valueOf(await accounts.findApp(t1, { key: 'key1' }))
        valueOf(await accounts.deleteApp(t1, 'app1'))
        expect((await accounts.findApp(t1, { id: 'app1' })).ok).toBe(false)
        expect((await accounts.findApp(t1, { key: 'key1' })).ok).toBe(false)
        expect(await accounts.deleteApp(t1, 'app1')).toEqual(missing('app', 'app1'))
      })

      it('are listed by ascending id', async () => {
        valueOf(await accounts.createApp(appOf(t1, 'b', '1')))
        valueOf(await accounts.createApp(appOf(t1, 'a', '2')))
        expect(valueOf(await accounts.listApps(t1)).map(({ id }) => id)).toEqual(['a', 'b'])
      })
    })

    describe('keys', () => {
      it('conflict by prefix and by hash', async () => {
        valueOf(await accounts.createKey(keyOf(t1, 'bfk_1')))
        expect(await accounts.createKey(keyOf(t1, 'bfk_1', { hash: 'x' }))).toEqual(
          taken('key', 'bfk_1'),
        )
        const sameHash = keyOf(t2, 'bfk_2', { hash: 'hash of bfk_1' })
        expect(await accounts.createKey(sameHash)).toEqual(taken('key', 'bfk_2'))
      })

      it('keep all that they were created with', async () => {
        const limited = keyOf(t1, 'bfk_1', {
          devices: [toManagedObjectId(5)],
          expiresMs: clock.ms + 5,
        })
        const none = keyOf(t1, 'bfk_2', { devices: [], allTenants: true })
        for (const key of [limited, none]) {
          expect(valueOf(await accounts.createKey(key))).toEqual({ ...key, creationMs: clock.ms })
          expect(valueOf(await accounts.findKey(key.hash))).toEqual({
            ...key,
            creationMs: clock.ms,
          })
        }
        expect(valueOf(await accounts.listKeys(t1)).map(({ prefix }) => prefix)).toEqual([
          'bfk_1',
          'bfk_2',
        ])
      })

      it('that are revoked are gone for the next look, and the failure repeats no digest', async () => {
        valueOf(await accounts.createKey(keyOf(t1, 'bfk_1')))
        valueOf(await accounts.findKey('hash of bfk_1'))
        valueOf(await accounts.revokeKey(t1, 'bfk_1'))
        expect(await accounts.findKey('hash of bfk_1')).toEqual(missing('key', ''))
        expect(await accounts.revokeKey(t1, 'bfk_1')).toEqual(missing('key', 'bfk_1'))
      })
    })
  })
}
