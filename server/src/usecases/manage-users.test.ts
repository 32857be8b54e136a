import { beforeEach, describe, expect, it } from 'vitest'
import { toTenantId, toUserName } from '../core/identity.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import { createSecrets } from '../outbound/system/secrets.ts'
import type { Passwords } from '../ports/passwords.ts'
import { createInTurn } from './in-turn.ts'
import { createProvePassword } from './prove-password.ts'
import type { ProvePassword } from './prove-password.ts'
import { rememberPasswords } from './remember-passwords.ts'
import { createManageUsers } from './manage-users.ts'
import type { KeyPrincipal, Principal, Role } from '../core/access.ts'
import type { TenantId } from '../core/identity.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { ManageUsers, UserDraft, UserUpdate } from './manage-users.ts'

const t1 = toTenantId('t1')
const t2 = toTenantId('t2')
const absentTenant = toTenantId('t9')

const userOf = (tenant: TenantId, name: string, ...roles: readonly Role[]): Principal => ({
  kind: 'user',
  tenant,
  user: toUserName(name),
  roles: new Set(roles),
})

const admin = userOf(t1, 'admin', 'ROLE_USER_MANAGEMENT_ADMIN', 'ROLE_USER_MANAGEMENT_READ')
const creator = userOf(t1, 'creator', 'ROLE_USER_MANAGEMENT_CREATE', 'ROLE_EVENT_READ')
const self = userOf(t1, 'device_1', 'ROLE_USER_MANAGEMENT_OWN_ADMIN')
const stranger = userOf(t1, 'stranger')
const foreigner = userOf(t2, 'admin', 'ROLE_USER_MANAGEMENT_ADMIN')
const key: KeyPrincipal = {
  kind: 'key',
  tenant: t1,
  keyPrefix: 'bfk_1',
  allTenants: false,
  devices: undefined,
}

const name = toUserName('device_1')

const draft: UserDraft = {
  name,
  password: 'secret1',
  enabled: true,
  roles: [],
  profile: { email: 'a@example.org' },
  more: {},
}

const noUpdate: UserUpdate = {
  password: undefined,
  enabled: undefined,
  roles: undefined,
  profile: undefined,
}

const denied = { ok: false, failure: { kind: 'forbidden', reason: 'role' } }

describe('users', () => {
  let accounts: Accounts
  let users: ManageUsers
  let provePassword: ProvePassword
  let checks: number

  beforeEach(async () => {
    const clock = { nowMs: () => 1000 }
    accounts = createMemoryRegistry(clock).accounts
    checks = 0
    const slow: Passwords = {
      hash: (password) => Promise.resolve(`hash of ${password}`),
      verify: (password, hash) => {
        checks += 1
        return Promise.resolve(hash === `hash of ${password}`)
      },
    }
    const secrets = createSecrets()
    const passwords = rememberPasswords(slow, secrets)
    const ports = { accounts, passwords, secrets, clock }
    provePassword = createProvePassword({ defaultTenant: undefined }, ports)
    users = createManageUsers({ ...ports, provePassword, inTurn: createInTurn() })
    for (const id of [t1, t2]) {
      await accounts.createTenant({ id, name: id, domain: id, state: 'active' }, [])
    }
  })

  describe('refuse', () => {
    it.each([
      ["another tenant's administrator", foreigner, t1],
      ['an administrator who names another tenant', admin, t2],
      ['an administrator who names no tenant that exists', admin, absentTenant],
      ['a user without a role', stranger, t1],
      ['an API key', key, t1],
    ])('%s', async (_, principal, tenant) => {
      await users.create(admin, t1, draft)
      expect(await users.list(principal, tenant)).toEqual(denied)
      expect(await users.read(principal, tenant, name)).toEqual(denied)
      expect(await users.create(principal, tenant, draft)).toEqual(denied)
      expect(await users.change(principal, tenant, name, noUpdate)).toEqual(denied)
      expect(await users.delete(principal, tenant, name)).toEqual(denied)
    })

    it('to give a role that the creator does not hold', async () => {
      const stronger: UserDraft = { ...draft, roles: ['ROLE_EVENT_ADMIN'] }
      expect(await users.create(creator, t1, stronger)).toEqual(denied)
      const equal: UserDraft = { ...draft, roles: ['ROLE_EVENT_READ'] }
      expect((await users.create(creator, t1, equal)).ok).toBe(true)
    })

    it('that a creator changes or deletes what it created', async () => {
      await users.create(creator, t1, draft)
      expect(await users.change(creator, t1, name, noUpdate)).toEqual(denied)
      expect(await users.delete(creator, t1, name)).toEqual(denied)
    })

    it('a password that is too short, and never repeat it', async () => {
      const result = await users.create(admin, t1, { ...draft, password: 'pwd12' })
      expect(result).toMatchObject({ ok: false, failure: { kind: 'invalid' } })
      expect(JSON.stringify(result)).not.toContain('pwd12')
      expect((await accounts.readUser(t1, name)).ok).toBe(false)
    })

    it('that a user changes itself without the right to', async () => {
      const update = { password: 'secret2', profile: undefined }
      expect(await users.changeSelf(stranger, update)).toEqual(denied)
      expect(await users.changeSelf(key, update)).toEqual(denied)
      expect(await users.readSelf(key)).toEqual(denied)
    })
  })

  it('are created with a hashed password, once', async () => {
    const created = await users.create(admin, t1, draft)
    expect(created).toMatchObject({ ok: true, value: { passwordHash: 'hash of secret1' } })
    expect(JSON.stringify(await accounts.readUser(t1, name))).not.toContain('"secret1"')
    expect(await users.create(admin, t1, draft)).toMatchObject({
      failure: { kind: 'conflict', what: 'user', id: name },
    })
  })

  it('change their own password and names, and nothing else', async () => {
    await users.create(admin, t1, draft)
    const forged = { password: 'secret2', profile: {}, roles: ['ROLE_SYSTEM'], enabled: false }
    const changed = await users.changeSelf(self, forged)
    expect(changed).toMatchObject({
      ok: true,
      value: { passwordHash: 'hash of secret2', profile: {}, roles: [], enabled: true },
    })
    expect(await users.readSelf(self)).toEqual(changed)
  })

  describe('log in with a password that was just set', () => {
    const logIn = async (password: string): Promise<boolean> => {
      const shown = { kind: 'basic', tenant: t1, user: name, password, host: '' } as const
      return (await provePassword.prove(shown, { ip: '192.0.2.1' })).ok
    }

    it('without a slow check, for the first time too', async () => {
      await users.create(admin, t1, draft)
      expect(await logIn('secret1')).toBe(true)
      await users.change(admin, t1, name, { ...noUpdate, password: 'secret2' })
      expect(await logIn('secret2')).toBe(true)
      await users.changeSelf(self, { password: 'secret3', profile: undefined })
      expect(await logIn('secret3')).toBe(true)
      expect(checks).toBe(0)
    })

    it('and with no former one, from the next request on', async () => {
      await users.create(admin, t1, draft)
      expect(await logIn('secret1')).toBe(true)
      await users.change(admin, t1, name, { ...noUpdate, password: 'secret2' })
      expect(await logIn('secret1')).toBe(false)
    })

    it('only while they are enabled and there', async () => {
      await users.create(admin, t1, draft)
      await users.change(admin, t1, name, { ...noUpdate, enabled: false })
      expect(await logIn('secret1')).toBe(false)
      await users.change(admin, t1, name, { ...noUpdate, enabled: true })
      expect(await logIn('secret1')).toBe(true)
      await users.delete(admin, t1, name)
      expect(await logIn('secret1')).toBe(false)
    })

    it('of a user that was not created because there is one of that name, never', async () => {
      await users.create(admin, t1, draft)
      expect((await users.create(admin, t1, { ...draft, password: 'secret2' })).ok).toBe(false)
      expect(await logIn('secret2')).toBe(false)
    })
  })

  it('are given roles and disabled by an administrator', async () => {
    await users.create(admin, t1, draft)
    const update: UserUpdate = { ...noUpdate, roles: ['ROLE_EVENT_READ'], enabled: false }
    expect(await users.change(admin, t1, name, update)).toMatchObject({
      ok: true,
      value: { roles: ['ROLE_EVENT_READ'], enabled: false, passwordHash: 'hash of secret1' },
    })
  })

  it('that are deleted are gone', async () => {
    await users.create(admin, t1, draft)
    expect((await users.delete(admin, t1, name)).ok).toBe(true)
    const gone = { ok: false, failure: { kind: 'not-found', what: 'user', id: name } }
    expect(await users.read(admin, t1, name)).toEqual(gone)
    expect(await users.delete(admin, t1, name)).toEqual(gone)
  })
})
