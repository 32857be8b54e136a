import { afterEach, beforeEach } from 'vitest'
import { toTenantId, toUserName } from '../core/identity.ts'
import { valueOf } from './registry-samples.contract.ts'
import type { NewUser, UserChange } from '../core/account.ts'
import type { TenantId, UserName } from '../core/identity.ts'
import type { Accounts } from './accounts.ts'
import type { MakeRegistry, OpenRegistry } from './registry-samples.contract.ts'

export const t1 = toTenantId('t1')
export const t2 = toTenantId('t2')
export const t3 = toTenantId('t3')
export const admin = toUserName('admin')
export const absent = toUserName('absent')

export const tenantOf = (id: TenantId, domain: string = id) =>
  ({ id, name: `tenant ${id}`, domain, state: 'active' }) as const

export const userOf = (tenant: TenantId, name: UserName, over: Partial<NewUser> = {}): NewUser => ({
  tenant,
  name,
  passwordHash: 'hash',
  enabled: true,
  roles: ['ROLE_EVENT_READ'],
  profile: { email: 'a@example.org' },
  ...over,
})

export const noChange: UserChange = {
  passwordHash: undefined,
  enabled: undefined,
  roles: undefined,
  profile: undefined,
}

/** The accounts of the case that runs, with the empty tenants `t1` and `t2` and a clock that one can set. */
export type AccountsUnderTest = {
  readonly clock: { ms: number }
  readonly accounts: Accounts
  readonly registry: OpenRegistry
}

export const accountsUnderTest = (make: MakeRegistry): AccountsUnderTest => {
  const clock = { ms: 0 }
  let open: OpenRegistry | undefined
  beforeEach(async () => {
    clock.ms = Date.UTC(2026, 0, 1)
    open = await make({ nowMs: () => clock.ms })
    for (const id of [t1, t2]) valueOf(await open.accounts.createTenant(tenantOf(id), []))
  })
  afterEach(() => open?.close())
  const current = (): OpenRegistry => {
    if (open === undefined) throw new Error('the registry is made before each case')
    return open
  }
  return {
    clock,
    get accounts() {
      return current().accounts
    },
    get registry() {
      return current()
    },
  }
}
