import { describe, expect, it } from 'vitest'
import { roles } from '../core/access.ts'
import { failed } from '../core/failure.ts'
import { managementTenant, type TenantId, type UserName } from '../core/identity.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import { createScryptPasswords } from '../outbound/system/passwords.ts'
import { createSecrets } from '../outbound/system/secrets.ts'
import { bootstrap } from './bootstrap.ts'
import { decodeConfig } from './decode-config.ts'

const configOf = (environment: Readonly<Record<string, string>>) => {
  const decoded = decodeConfig({ environment, flags: {} })
  if (!decoded.ok) throw new Error(decoded.problems.join())
  return decoded.config
}

const setUp = () => ({
  ...createMemoryRegistry({ nowMs: () => 0 }),
  passwords: createScryptPasswords(),
  secrets: createSecrets(),
})

const t1 = 't1' as TenantId
const admin = 'admin' as UserName

const passwordFits = async (
  { accounts, passwords }: ReturnType<typeof setUp>,
  tenant: TenantId,
  password: string,
) => {
  const user = await accounts.readUser(tenant, admin)
  return user.ok ? passwords.verify(password, user.value.passwordHash) : undefined
}

describe('bootstrap', () => {
  it('makes a tenant, an administrator, an operator, a device and an app', async () => {
    const ports = setUp()
    const first = await bootstrap(configOf({}), ports)
    if (!first.ok || first.value === undefined) throw new Error('nothing was made')
    const { madePassword = '', device } = first.value
    expect(madePassword).toMatch(/^[\w-]{24}$/)
    expect(await passwordFits(ports, t1, madePassword)).toBe(true)
    expect(await passwordFits(ports, managementTenant, madePassword)).toBe(true)
    expect(await ports.accounts.readUser(t1, admin)).toMatchObject({ value: { roles } })
    expect(await ports.inventory.readObject(t1, device)).toMatchObject({
      value: { name: 'first-device', owner: 'admin', fragments: [{ name: 'c8y_IsDevice' }] },
    })
    expect(await ports.accounts.listApps(t1)).toMatchObject({ value: [{ name: 'first-app' }] })
  })

  it('does nothing the second time', async () => {
    const ports = setUp()
    await bootstrap(configOf({}), ports)
    expect(await bootstrap(configOf({}), ports)).toEqual({ ok: true, value: undefined })
  })

  it('takes the names and the password that are configured, and never repeats that password', async () => {
    const ports = setUp()
    const config = configOf({
      BELFRY_BOOTSTRAP_TENANT: 'plant-7',
      BELFRY_BOOTSTRAP_USER: 'ann',
      BELFRY_BOOTSTRAP_PASSWORD: 'chosen',
    })
    const first = await bootstrap(config, ports)
    expect(first).toMatchObject({ value: { tenant: 'plant-7', user: 'ann' } })
    expect(JSON.stringify(first)).not.toContain('chosen')
    expect(await passwordFits(ports, managementTenant, 'chosen')).toBe(true)
  })

  it('completes what was cut short, wherever that was', async () => {
    const verbs = ['createApp', 'createObjects', 'createTenant'] as const
    for (const verb of verbs) {
      const ports = setUp()
      const refusal = { kind: 'unavailable', reason: 'busy', retryAfterS: 1 } as const
      const refuse = () => Promise.resolve(failed(refusal))
      const accounts = {
        ...ports.accounts,
        ...(verb === 'createApp' ? { createApp: refuse } : {}),
        ...(verb === 'createTenant' ? { createTenant: refuse } : {}),
      }
      const inventory = {
        ...ports.inventory,
        ...(verb === 'createObjects' ? { createObjects: refuse } : {}),
      }
      expect(await bootstrap(configOf({}), { ...ports, accounts, inventory })).toMatchObject({
        ok: false,
      })
      const first = await bootstrap(configOf({}), ports)
      const password = first.ok ? (first.value?.madePassword ?? '') : ''
      expect(await passwordFits(ports, t1, password)).toBe(true)
      expect(await ports.accounts.listApps(t1)).toMatchObject({ value: [{ name: 'first-app' }] })
    }
  })
})
