import { expect, it } from 'vitest'
import { t3 } from './accounts-under-test.contract.ts'
import { t1, t2, valueOf } from './registry-samples.contract.ts'
import type { AccountsUnderTest } from './accounts-under-test.contract.ts'

/** What every keeper of accounts promises of answers without a wait: the truth, or nothing. */
export const knownAccountCases = (test: AccountsUnderTest): void => {
  it('is a tenant as it is, or nothing', async () => {
    const { accounts } = test
    const tenant = valueOf(await accounts.readTenant(t1))
    expect(accounts.knownTenant(t1)).toEqual(tenant)
    expect(accounts.knownTenant(t3)).toBeUndefined()
    valueOf(await accounts.changeTenantState(t1, 'suspended'))
    expect([undefined, 'suspended']).toContain(accounts.knownTenant(t1)?.state)
    valueOf(await accounts.readTenant(t1))
    valueOf(await accounts.deleteTenant(t1))
    expect(accounts.knownTenant(t1)).toBeUndefined()
  })

  it('is an app by its id, in its own tenant, or nothing', async () => {
    const { accounts } = test
    valueOf(await accounts.createApp({ tenant: t1, id: 'app1', name: 'app', key: 'key1' }))
    const app = valueOf(await accounts.findApp(t1, { id: 'app1' }))
    expect(accounts.knownApp(t1, 'app1')).toEqual(app)
    expect(accounts.knownApp(t2, 'app1')).toBeUndefined()
    expect(accounts.knownApp(t1, 'key1')).toBeUndefined()
    valueOf(await accounts.changeApp(t1, 'app1', { name: 'renamed' }))
    expect([undefined, 'renamed']).toContain(accounts.knownApp(t1, 'app1')?.name)
    valueOf(await accounts.findApp(t1, { id: 'app1' }))
    valueOf(await accounts.deleteApp(t1, 'app1'))
    expect(accounts.knownApp(t1, 'app1')).toBeUndefined()
  })
}
