import { expect, it } from 'vitest'
import { t1, t2, t3 } from './accounts-under-test.contract.ts'
import { missing, valueOf } from './registry-samples.contract.ts'
import type { TenantOption } from '../core/tenant-option.ts'
import type { AccountsUnderTest } from './accounts-under-test.contract.ts'

const option = (category: string, key: string, value = 'v'): TenantOption => ({
  category,
  key,
  value,
})

/** What every keeper of tenants' settings promises, negative cases first. */
export const tenantOptionCases = (test: AccountsUnderTest): void => {
  it('has none of a tenant that does not exist, and keeps none for it', async () => {
    const { accounts } = test
    expect(valueOf(await accounts.listOptions(t3))).toEqual([])
    expect(await accounts.putOptions(t3, [option('a', 'b')])).toEqual(missing('tenant', t3))
    expect(valueOf(await accounts.listOptions(t3))).toEqual([])
  })

  it('answers those of another tenant like ones that do not exist', async () => {
    const { accounts } = test
    valueOf(await accounts.putOptions(t1, [option('a', 'b')]))
    const gone = missing('option', 'a/b')
    expect(await accounts.deleteOption(t2, { category: 'a', key: 'b' })).toEqual(gone)
    expect(valueOf(await accounts.listOptions(t2))).toEqual([])
    expect(valueOf(await accounts.listOptions(t1))).toEqual([option('a', 'b')])
  })

  it('keeps one value for each name, listed by category and key', async () => {
    const { accounts } = test
    expect(valueOf(await accounts.listOptions(t1))).toEqual([])
    const mixed = [option('b', 'x'), option('a', 'z'), option('a/b', 'c'), option('a', 'b/c')]
    valueOf(await accounts.putOptions(t1, mixed))
    const changed = [option('a', 'z', 'first'), option('a', 'z', ' "ünï" ')]
    valueOf(await accounts.putOptions(t1, changed))
    expect(valueOf(await accounts.listOptions(t1))).toEqual([
      option('a', 'b/c'),
      option('a', 'z', ' "ünï" '),
      option('a/b', 'c'),
      option('b', 'x'),
    ])
    valueOf(await accounts.putOptions(t1, []))
    expect(valueOf(await accounts.listOptions(t1))).toHaveLength(4)
  })

  it('forgets a deleted one, and all with their tenant', async () => {
    const { accounts, registry } = test
    const kept = option('a', 'kept')
    valueOf(await accounts.putOptions(t1, [kept, option('a', 'gone')]))
    valueOf(await accounts.deleteOption(t1, { category: 'a', key: 'gone' }))
    expect(valueOf(await accounts.listOptions(t1))).toEqual([kept])
    const gone = missing('option', 'a/gone')
    expect(await accounts.deleteOption(t1, { category: 'a', key: 'gone' })).toEqual(gone)
    valueOf(await accounts.deleteTenant(t1))
    expect(valueOf(await accounts.listOptions(t1))).toEqual([])
    valueOf(await registry.inventory.finishPurges([{ tenant: t1, object: undefined }]))
    valueOf(await accounts.createTenant({ id: t1, name: '', domain: t1, state: 'active' }, []))
    expect(valueOf(await accounts.listOptions(t1))).toEqual([])
  })
}
