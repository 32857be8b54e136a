import { expect, it } from 'vitest'
import { toTenantId } from '../core/identity.ts'
import { t3, tenantOf } from './accounts-under-test.contract.ts'
import { missing, valueOf } from './registry-samples.contract.ts'
import type { AccountsUnderTest } from './accounts-under-test.contract.ts'

/** What every keeper of tenants promises about what people say of them. */
export const tenantChangeCases = (test: AccountsUnderTest): void => {
  it('is kept, changed where told, and forgotten when it is empty', async () => {
    const { accounts, clock } = test
    const profile = { contactName: 'ünï' }
    const wanted = { ...tenantOf(t3), profile, customProperties: '{"a":1}' }
    const created = valueOf(await accounts.createTenant(wanted, []))
    expect(created).toEqual({ ...wanted, creationMs: clock.ms })
    valueOf(await accounts.listTenants())
    const renamed = valueOf(await accounts.changeTenant(t3, { name: 'x', state: 'suspended' }))
    expect(renamed).toEqual({ ...created, name: 'x', state: 'suspended' })
    expect(valueOf(await accounts.readTenant(t3))).toEqual(renamed)
    expect(valueOf(await accounts.listTenants())[2]).toEqual(renamed)
    const bare = { profile: {}, customProperties: '{}' }
    const { profile: _, customProperties: __, ...emptied } = renamed
    expect(valueOf(await accounts.changeTenant(t3, bare))).toEqual(emptied)
    expect(valueOf(await accounts.readTenant(t3))).toEqual(emptied)
    const gone = toTenantId('t4')
    expect(await accounts.changeTenant(gone, {})).toEqual(missing('tenant', gone))
  })
}
