import { describe, expect, it } from 'vitest'
import { roles, type Principal, type Role } from '../core/access.ts'
import { managementTenant, type TenantId, type UserName } from '../core/identity.ts'
import { createMemoryEventStore } from '../outbound/memory/event-store.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import { createSecrets } from '../outbound/system/secrets.ts'
import { createFinishPurges } from './finish-purges.ts'
import { createManageTenants } from './manage-tenants.ts'

const clock = { nowMs: () => 1_000 }

const userOf = (tenant: TenantId, ...held: readonly Role[]): Principal => ({
  kind: 'user',
  tenant,
  user: 'u' as UserName,
  roles: new Set(held),
})

const operator = userOf(managementTenant, ...roles)

const setUp = () => {
  const { accounts, inventory } = createMemoryRegistry(clock)
  const events = createMemoryEventStore(clock)
  const passwords = {
    hash: (password: string) => Promise.resolve(`hash of ${password}`),
    verify: () => Promise.resolve(false),
  }
  const secrets = { ...createSecrets(), randomText: (bytes: number) => `random ${bytes}` }
  const finishPurges = createFinishPurges({ inventory, events })
  const tenants = createManageTenants({ accounts, finishPurges, passwords, secrets })
  return { tenants, accounts, inventory, events }
}

const draft = (id: string) => ({
  id,
  name: undefined,
  domain: undefined,
  administrator: { name: 'admin', password: undefined },
})

const t2 = 't2' as TenantId

describe('manage-tenants', () => {
  it('creates a tenant with an administrator who holds every role, and makes the password', async () => {
    const { tenants, accounts } = setUp()
    expect(await tenants.create(operator, draft('t2'))).toMatchObject({
      ok: true,
      value: { tenant: { id: 't2', name: 't2', domain: 't2' }, madePassword: 'random 18' },
    })
    const user = await accounts.readUser(t2, 'admin' as UserName)
    expect(user).toMatchObject({ value: { roles, passwordHash: 'hash of random 18' } })
  })

  it.each([
    ["a tenant's administrator", userOf(t2, ...roles)],
    ['an operator without the role', userOf(managementTenant, 'ROLE_TENANT_MANAGEMENT_READ')],
    [
      'a key of all tenants',
      {
        kind: 'key',
        tenant: managementTenant,
        keyPrefix: 'p',
        allTenants: true,
        devices: undefined,
      } as const,
    ],
  ])('refuses %s', async (_, principal) => {
    const { tenants } = setUp()
    const refused = { ok: false, failure: { kind: 'forbidden', reason: 'role' } }
    expect(await tenants.create(principal, draft('t3'))).toEqual(refused)
    expect(await tenants.list(principal)).toEqual(refused)
    expect(await tenants.changeState(principal, t2, 'suspended')).toEqual(refused)
    expect(await tenants.delete(principal, t2)).toEqual(refused)
  })

  it("deletes a tenant's events with it, so that one of the same name begins empty", async () => {
    const { tenants, inventory, events } = setUp()
    await tenants.create(operator, draft('t2'))
    const device = { name: 'door', type: undefined, fragments: [], externalIds: [] }
    const created = await inventory.createObjects(t2, undefined, [device])
    const [object] = created.ok ? created.value : []
    if (object === undefined) throw new Error('the device was not created')
    const time = { ms: 0, offsetMinutes: 0 }
    const event = { source: object.id, type: 'x', text: '', time, fragments: [], digest: undefined }
    await events.append(t2, [event])
    expect(await events.count(t2, {})).toEqual({ ok: true, value: 1 })
    expect((await tenants.delete(operator, t2)).ok).toBe(true)
    expect((await tenants.create(operator, draft('t2'))).ok).toBe(true)
    expect(await events.count(t2, {})).toEqual({ ok: true, value: 0 })
    expect(await inventory.listPurges()).toEqual({ ok: true, value: [] })
    expect((await tenants.read(operator, t2)).ok).toBe(true)
  })

  it("never touches the operators' own tenant", async () => {
    const { tenants } = setUp()
    await tenants.create(operator, draft('management'))
    expect((await tenants.delete(operator, managementTenant)).ok).toBe(false)
    expect((await tenants.changeState(operator, managementTenant, 'suspended')).ok).toBe(false)
    expect((await tenants.read(operator, managementTenant)).ok).toBe(true)
  })
})
