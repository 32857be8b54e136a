import { expect, it } from 'vitest'
import { toRetentionRuleId } from '../core/identity.ts'
import { defaultRetentionRule } from '../core/retention.ts'
import { t1, t2, t3, tenantOf } from './accounts-under-test.contract.ts'
import { missing, valueOf } from './registry-samples.contract.ts'
import type { NewRetentionRule } from '../core/retention.ts'
import type { AccountsUnderTest } from './accounts-under-test.contract.ts'

const ruleOf = (over: Partial<NewRetentionRule> = {}): NewRetentionRule => ({
  tenant: t1,
  dataType: 'EVENT',
  fragmentType: 'c8y_Door',
  type: 'door',
  source: '12',
  maximumAge: 7,
  editable: true,
  ...over,
})

/** What every keeper of retention rules promises, negative cases first. */
export const retentionRuleCases = (test: AccountsUnderTest): void => {
  it('answers those of another tenant like ones that do not exist', async () => {
    const { accounts } = test
    const { id } = valueOf(await accounts.createRetentionRule(ruleOf()))
    for (const other of [id, toRetentionRuleId(7)]) {
      const gone = missing('retention-rule', other)
      expect(await accounts.readRetentionRule(t2, other)).toEqual(gone)
      expect(await accounts.changeRetentionRule(t2, other, { maximumAge: 1 })).toEqual(gone)
      expect(await accounts.deleteRetentionRule(t2, other)).toEqual(gone)
    }
    expect(valueOf(await accounts.listRetentionRules(t2))).toHaveLength(1)
    expect(valueOf(await accounts.readRetentionRule(t1, id))).toEqual({ ...ruleOf(), id })
    const refused = await accounts.createRetentionRule(ruleOf({ tenant: t3 }))
    expect(refused).toEqual(missing('tenant', t3))
  })

  it('begins every tenant with the default, and lists by ascending id', async () => {
    const { accounts } = test
    const [first] = valueOf(await accounts.listRetentionRules(t1))
    expect(first).toMatchObject({ ...defaultRetentionRule, tenant: t1 })
    const bare = ruleOf({ fragmentType: undefined, type: undefined, source: undefined })
    const second = valueOf(await accounts.createRetentionRule(bare))
    expect(valueOf(await accounts.listRetentionRules(t1))).toEqual([first, second])
  })

  it('changes only what it is told to', async () => {
    const { accounts } = test
    const created = valueOf(await accounts.createRetentionRule(ruleOf()))
    const change = { maximumAge: 9, type: undefined, editable: false }
    const changed = valueOf(await accounts.changeRetentionRule(t1, created.id, change))
    expect(changed).toEqual({ ...created, ...change })
    expect(valueOf(await accounts.readRetentionRule(t1, created.id))).toEqual(changed)
    valueOf(await accounts.deleteRetentionRule(t1, created.id))
    const gone = missing('retention-rule', created.id)
    expect(await accounts.readRetentionRule(t1, created.id)).toEqual(gone)
  })

  it('remembers the last run of a tenant', async () => {
    const { accounts } = test
    expect(valueOf(await accounts.readRetentionRun(t1))).toBeUndefined()
    const run = { startedMs: 5, removedEvents: 3, removedRecords: 2 }
    expect(await accounts.noteRetentionRun(t3, run)).toEqual(missing('tenant', t3))
    valueOf(await accounts.noteRetentionRun(t1, run))
    valueOf(await accounts.noteRetentionRun(t1, { ...run, startedMs: 6 }))
    expect(valueOf(await accounts.readRetentionRun(t1))).toEqual({ ...run, startedMs: 6 })
    expect(valueOf(await accounts.readRetentionRun(t2))).toBeUndefined()
  })

  it('forgets rules and runs with their tenant', async () => {
    const { accounts, registry } = test
    const { id } = valueOf(await accounts.createRetentionRule(ruleOf()))
    const run = { startedMs: 5, removedEvents: 3, removedRecords: 2 }
    valueOf(await accounts.noteRetentionRun(t1, run))
    valueOf(await accounts.deleteTenant(t1))
    valueOf(await registry.inventory.finishPurges([{ tenant: t1, object: undefined }]))
    expect((await accounts.readRetentionRule(t1, id)).ok).toBe(false)
    valueOf(await accounts.createTenant(tenantOf(t1), []))
    expect(valueOf(await accounts.listRetentionRules(t1))).toHaveLength(1)
    expect(valueOf(await accounts.readRetentionRun(t1))).toBeUndefined()
  })
}
