import { beforeEach, describe, expect, it } from 'vitest'
import { managementTenant, toManagedObjectId, toTenantId, toUserName } from '../core/identity.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import { createSecrets } from '../outbound/system/secrets.ts'
import { createAuthenticate } from './authenticate.ts'
import { rememberPasswords } from './remember-passwords.ts'
import type { KnownPasswords } from './remember-passwords.ts'
import type { ApiKey, UserChange } from '../core/account.ts'
import type { Credentials } from '../core/credentials.ts'
import type { TenantId } from '../core/identity.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Passwords } from '../ports/passwords.ts'
import type { Authenticate } from './authenticate.ts'

const t1 = toTenantId('t1')
const t2 = toTenantId('t2')
const admin = toUserName('admin')

const bad = { ok: false, failure: { kind: 'unauthenticated', reason: 'bad-credentials' } }
const suspended = { ok: false, failure: { kind: 'forbidden', reason: 'suspended' } }
const forbiddenTenant = { ok: false, failure: { kind: 'forbidden', reason: 'tenant' } }

const noChange: UserChange = {
  passwordHash: undefined,
  enabled: undefined,
  roles: undefined,
  profile: undefined,
}

const basic = (
  tenant: string | undefined,
  user: string,
  password: string,
  host = 'localhost',
): Credentials => ({
  kind: 'basic',
  tenant: tenant === undefined ? undefined : toTenantId(tenant),
  user,
  password,
  host,
})

/** Always from the same address. */
const createFor = (...made: Parameters<typeof createAuthenticate>) => {
  const authenticate = createAuthenticate(...made)
  return (shown: Credentials) => authenticate(shown, { ip: '192.0.2.1' })
}

/** Quick hashes that note each slow check that would have been made. */
const createNotedPasswords = () => {
  const checks: (string | undefined)[] = []
  const slow: Passwords = {
    hash: (password) => Promise.resolve(`hash of ${password}`),
    verify: (password, hash) => {
      checks.push(hash)
      return Promise.resolve(hash === `hash of ${password}`)
    },
  }
  return { passwords: rememberPasswords(slow, createSecrets()), checks }
}

describe('authenticate', () => {
  const secrets = createSecrets()
  let nowMs: number
  let accounts: Accounts
  let checks: (string | undefined)[]
  let passwords: KnownPasswords
  let authenticate: (shown: Credentials) => ReturnType<Authenticate>

  beforeEach(async () => {
    nowMs = 1_000_000
    const clock = { nowMs: () => nowMs }
    accounts = createMemoryRegistry(clock).accounts
    const noted = createNotedPasswords()
    checks = noted.checks
    passwords = noted.passwords
    authenticate = createFor({ defaultTenant: undefined }, { accounts, passwords, secrets, clock })
    await createTenant(managementTenant)
    await createTenant(t1)
  })

  const createTenant = (id: TenantId, domain: string = id) =>
    accounts.createTenant({ id, name: id, domain, state: 'active' }, [
      {
        tenant: id,
        name: admin,
        passwordHash: 'hash of secret',
        enabled: true,
        roles: ['ROLE_EVENT_READ'],
        profile: {},
      },
    ])

  const createKey = async (over: Partial<ApiKey> = {}): Promise<Credentials> => {
    const { key, prefix, hash } = secrets.createApiKey()
    const name = 'a key'
    const unlimited = { allTenants: false, devices: undefined, expiresMs: undefined }
    await accounts.createKey({ tenant: t1, prefix, hash, name, ...unlimited, ...over })
    return { kind: 'key', key }
  }

  const tenantOf = async (credentials: Credentials): Promise<string> => {
    const result = await authenticate(credentials)
    return result.ok ? result.value.tenant : JSON.stringify(result.failure)
  }

  describe('the same credentials again', () => {
    const shown = basic('t1', 'admin', 'secret')

    it('count on, without a look at the accounts', async () => {
      const first = await authenticate(shown)
      const readAccount = accounts.readAccount.bind(accounts)
      let reads = 0
      const watched = createFor(
        { defaultTenant: undefined },
        {
          accounts: {
            ...accounts,
            readAccount: (...names) => {
              reads += 1
              return readAccount(...names)
            },
          },
          passwords,
          secrets,
          clock: { nowMs: () => nowMs },
        },
      )
      for (let nth = 0; nth < 3; nth += 1) expect(await watched(shown)).toEqual(first)
      expect(reads).toBe(1)
    })

    it.each([
      ['password', { passwordHash: 'hash of other' }, bad],
      ['user who is disabled', { enabled: false }, bad],
    ])('count no longer after a change of the %s', async (_, change, refusal) => {
      expect((await authenticate(shown)).ok).toBe(true)
      await accounts.changeUser(t1, admin, { ...noChange, ...change })
      expect(await authenticate(shown)).toEqual(refusal)
    })

    it('count no longer when the user, or the tenant, is gone or suspended', async () => {
      expect((await authenticate(shown)).ok).toBe(true)
      await accounts.changeTenantState(t1, 'suspended')
      expect(await authenticate(shown)).toEqual(suspended)
      await accounts.changeTenantState(t1, 'active')
      expect((await authenticate(shown)).ok).toBe(true)
      await accounts.deleteUser(t1, admin)
      expect(await authenticate(shown)).toEqual(bad)
    })

    it('of a change that is made while they are checked count for that check alone', async () => {
      const checking = authenticate(shown)
      await accounts.changeUser(t1, admin, { ...noChange, passwordHash: 'hash of other' })
      await checking
      expect(await authenticate(shown)).toEqual(bad)
    })
  })

  describe('refuses', () => {
    it.each([
      ['a wrong password', basic('t1', 'admin', 'wrong')],
      ['an unknown user', basic('t1', 'nobody', 'secret')],
      ['an unknown tenant', basic('t9', 'admin', 'secret')],
      ['a name that nobody can have', basic('t1', 'ad/min', 'secret')],
      ['an empty tenant', basic('', 'admin', 'secret')],
    ])('%s, always after one slow check', async (_, credentials) => {
      expect(await authenticate(credentials)).toEqual(bad)
      expect(checks).toHaveLength(1)
    })

    it('a disabled user like an unknown one', async () => {
      await accounts.changeUser(t1, admin, { ...noChange, enabled: false })
      expect(await authenticate(basic('t1', 'admin', 'secret'))).toEqual(bad)
      expect(checks).toEqual([undefined])
    })

    it('a user of a suspended tenant, and says so only to who knows the password', async () => {
      await accounts.changeTenantState(t1, 'suspended')
      expect(await authenticate(basic('t1', 'admin', 'wrong'))).toEqual(bad)
      expect(await authenticate(basic('t1', 'admin', 'secret'))).toEqual(suspended)
    })

    it('when too many passwords wait to be checked', async () => {
      const verify = (): Promise<'busy'> => Promise.resolve('busy')
      const clock = { nowMs: () => nowMs }
      const crowded = createFor(
        { defaultTenant: undefined },
        { accounts, passwords: { ...passwords, verify }, secrets, clock },
      )
      const busy = { ok: false, failure: { kind: 'unavailable', reason: 'busy' } }
      expect(await crowded(basic('t1', 'admin', 'secret'))).toMatchObject(busy)
      expect(await crowded(basic('t1', 'nobody', 'secret'))).toMatchObject(busy)
    })

    it('what is no key, an unknown key and an expired one', async () => {
      expect(await authenticate({ kind: 'key', key: 'bfk_nonsense' })).toEqual(bad)
      const { key } = secrets.createApiKey()
      expect(await authenticate({ kind: 'key', key })).toEqual(bad)
      expect(await authenticate(await createKey({ expiresMs: nowMs }))).toEqual(bad)
    })

    it('a key of a suspended tenant', async () => {
      const key = await createKey()
      await accounts.changeTenantState(t1, 'suspended')
      expect(await authenticate(key)).toEqual(suspended)
    })
  })

  describe('finds the tenant of Basic credentials', () => {
    it('in the name before the slash, whatever the host', async () => {
      await createTenant(t2, 'acme')
      expect(await tenantOf(basic('t1', 'admin', 'secret', 'acme.example.org'))).toBe('t1')
    })

    it('in the first label of the host, whatever its case', async () => {
      await createTenant(t2, 'acme')
      expect(await tenantOf(basic(undefined, 'admin', 'secret', 'ACME.example.org'))).toBe('t2')
    })

    it('never in a tenant id that is not a domain', async () => {
      await createTenant(t2, 'acme')
      const credentials = basic(undefined, 'admin', 'secret', 't2.example.org')
      expect(await authenticate(credentials)).toEqual(forbiddenTenant)
    })

    it('as the only one besides management', async () => {
      expect(await tenantOf(basic(undefined, 'admin', 'secret'))).toBe('t1')
      await createTenant(t2)
      expect(await authenticate(basic(undefined, 'admin', 'secret'))).toEqual(bad)
    })

    it('as the configured default, behind a host that names one', async () => {
      await createTenant(t2)
      const clock = { nowMs: () => nowMs }
      authenticate = createFor({ defaultTenant: t2 }, { accounts, passwords, secrets, clock })
      expect(await tenantOf(basic(undefined, 'admin', 'secret'))).toBe('t2')
      expect(await tenantOf(basic(undefined, 'admin', 'secret', 't1.example.org'))).toBe('t1')
    })
  })

  describe('remembers a right password', () => {
    const credentials = basic('t1', 'admin', 'secret')

    it('so that the slow check is made once', async () => {
      for (let nth = 0; nth < 3; nth += 1) expect((await authenticate(credentials)).ok).toBe(true)
      expect(checks).toHaveLength(1)
    })

    it('and shares one check among equal requests that come at once', async () => {
      const answers = await Promise.all(Array.from({ length: 64 }, () => authenticate(credentials)))
      expect(answers.every(({ ok }) => ok)).toBe(true)
      expect(checks).toHaveLength(1)
    })

    it('and a wrong one too, until the password changes', async () => {
      await authenticate(basic('t1', 'admin', 'wrong'))
      expect(await authenticate(basic('t1', 'admin', 'wrong'))).toEqual(bad)
      expect(checks).toHaveLength(1)
      await accounts.changeUser(t1, admin, { ...noChange, passwordHash: 'hash of wrong' })
      expect((await authenticate(basic('t1', 'admin', 'wrong'))).ok).toBe(true)
    })

    it('not beyond a change of it', async () => {
      await authenticate(credentials)
      await accounts.changeUser(t1, admin, { ...noChange, passwordHash: 'hash of other' })
      expect(await authenticate(credentials)).toEqual(bad)
      expect((await authenticate(basic('t1', 'admin', 'other'))).ok).toBe(true)
    })

    it('not beyond the deletion, the disabling or the suspension', async () => {
      await authenticate(credentials)
      await accounts.changeTenantState(t1, 'suspended')
      expect(await authenticate(credentials)).toEqual(suspended)
      await accounts.changeTenantState(t1, 'active')
      await accounts.changeUser(t1, admin, { ...noChange, enabled: false })
      expect(await authenticate(credentials)).toEqual(bad)
      await accounts.changeUser(t1, admin, { ...noChange, enabled: true })
      expect((await authenticate(credentials)).ok).toBe(true)
      await accounts.deleteUser(t1, admin)
      expect(await authenticate(credentials)).toEqual(bad)
    })

    it('and gives the roles of now', async () => {
      await authenticate(credentials)
      await accounts.changeUser(t1, admin, { ...noChange, roles: ['ROLE_EVENT_ADMIN'] })
      expect(await authenticate(credentials)).toEqual({
        ok: true,
        value: { kind: 'user', tenant: t1, user: admin, roles: new Set(['ROLE_EVENT_ADMIN']) },
      })
    })

    it('for its own tenant only', async () => {
      await authenticate(credentials)
      await createTenant(t2)
      await accounts.changeUser(t2, admin, { ...noChange, passwordHash: 'hash of other' })
      expect(await authenticate(basic('t2', 'admin', 'secret'))).toEqual(bad)
    })
  })

  describe('knows a key', () => {
    it('with the devices that it is limited to', async () => {
      const devices = [toManagedObjectId(5)]
      const result = await authenticate(await createKey({ devices }))
      expect(result).toMatchObject({
        ok: true,
        value: { kind: 'key', tenant: t1, allTenants: false, devices: new Set(devices) },
      })
    })

    it('until it expires or is revoked', async () => {
      const key = await createKey({ expiresMs: nowMs + 10 })
      expect((await authenticate(key)).ok).toBe(true)
      nowMs += 10
      expect(await authenticate(key)).toEqual(bad)
      nowMs -= 1
      const kept = await accounts.listKeys(t1)
      const [record] = kept.ok ? kept.value : []
      expect((await authenticate(key)).ok).toBe(true)
      await accounts.revokeKey(t1, record?.prefix ?? '')
      expect(await authenticate(key)).toEqual(bad)
    })

    it('for all tenants only when it belongs to the operators', async () => {
      const operators = await createKey({ tenant: managementTenant, allTenants: true })
      expect(await authenticate(operators)).toMatchObject({ value: { allTenants: true } })
      const forged = await createKey({ allTenants: true })
      expect(await authenticate(forged)).toMatchObject({ value: { allTenants: false } })
    })

    it('without a slow check', async () => {
      await authenticate(await createKey())
      expect(checks).toEqual([])
    })
  })
})
