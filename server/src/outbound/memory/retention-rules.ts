import { notFound, success } from '../../core/failure.ts'
import { toRetentionRuleId } from '../../core/identity.ts'
import type { Result } from '../../core/failure.ts'
import type { RetentionRuleId, TenantId } from '../../core/identity.ts'
import type { NewRetentionRule, RetentionRule, RetentionRuleChange } from '../../core/retention.ts'
import type { RetentionRules } from '../../ports/retention-rules.ts'
import type { RegistryState } from './registry-state.ts'

export const createMemoryRetentionRules = (state: RegistryState): RetentionRules => ({
  createRetentionRule: (rule) => Promise.resolve(createRetentionRule(state, rule)),
  readRetentionRule: (tenant, id) => Promise.resolve(read(state, tenant, id)),
  listRetentionRules: (tenant) =>
    Promise.resolve(success([...(state.tenants.get(tenant)?.retentionRules.values() ?? [])])),
  changeRetentionRule: (tenant, id, change) => Promise.resolve(changed(state, tenant, id, change)),
  deleteRetentionRule: (tenant, id) =>
    Promise.resolve(
      state.tenants.get(tenant)?.retentionRules.delete(id) === true
        ? success(undefined)
        : notFound('retention-rule', id),
    ),
  noteRetentionRun: (tenant, run) => {
    const home = state.tenants.get(tenant)
    if (home === undefined) return Promise.resolve(notFound('tenant', tenant))
    home.retentionRun = run
    return Promise.resolve(success(undefined))
  },
  readRetentionRun: (tenant) => Promise.resolve(success(state.tenants.get(tenant)?.retentionRun)),
})

export const createRetentionRule = (
  state: RegistryState,
  rule: NewRetentionRule,
): Result<RetentionRule> => {
  const home = state.tenants.get(rule.tenant)
  if (home === undefined) return notFound('tenant', rule.tenant)
  state.lastRetentionRuleId += 1
  const created = { ...rule, id: toRetentionRuleId(state.lastRetentionRuleId) }
  home.retentionRules.set(created.id, created)
  return success(created)
}

const read = (
  state: RegistryState,
  tenant: TenantId,
  id: RetentionRuleId,
): Result<RetentionRule> => {
  const rule = state.tenants.get(tenant)?.retentionRules.get(id)
  return rule === undefined ? notFound('retention-rule', id) : success(rule)
}

const changed = (
  state: RegistryState,
  tenant: TenantId,
  id: RetentionRuleId,
  change: RetentionRuleChange,
): Result<RetentionRule> => {
  const old = read(state, tenant, id)
  if (!old.ok) return old
  const after = { ...old.value, ...change }
  state.tenants.get(tenant)?.retentionRules.set(id, after)
  return success(after)
}
