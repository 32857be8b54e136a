import { mayAdministerRetention, mayReadRetention } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import { isLongerThan } from '../core/code-points.ts'
import { denied, failed, invalid, success } from '../core/failure.ts'
import type { Issue, Result } from '../core/failure.ts'
import type { RetentionRuleId } from '../core/identity.ts'
import { retentionDaysMax, retentionRulesMax, typeLengthMax } from '../core/limits.ts'
import type { RetentionRule, RetentionRuleChange } from '../core/retention.ts'
import type { Accounts } from '../ports/accounts.ts'
import { isOperator } from './administer.ts'
import { noteOf } from './note-of.ts'
import { createInTurn } from './in-turn.ts'

export type RetentionDraft = Omit<RetentionRule, 'tenant' | 'id'>

/**
 * The retention rules of the caller's tenant (docs/protocols/cumulocity.md, 6.6). Every call fails with `forbidden` without
 * the role. Ok means on disk; a rule is carried out with the next run.
 */
export type ManageRetention = {
  /** By ascending id. */
  readonly list: (principal: Principal) => Promise<Result<readonly RetentionRule[]>>

  /** Fails with `not-found` (retention-rule). */
  readonly read: (principal: Principal, id: RetentionRuleId) => Promise<Result<RetentionRule>>

  /** Fails with `invalid`, also beyond `retentionRulesMax`, and for a rule that only operators may change again. */
  readonly create: (principal: Principal, draft: RetentionDraft) => Promise<Result<RetentionRule>>

  /** Fails with `invalid`, `not-found` (retention-rule), and `forbidden` for a rule that is not editable. */
  readonly change: (
    principal: Principal,
    id: RetentionRuleId,
    change: RetentionRuleChange,
  ) => Promise<Result<RetentionRule>>

  /** Fails with `not-found` (retention-rule), and `forbidden` for a rule that is not editable. */
  readonly delete: (principal: Principal, id: RetentionRuleId) => Promise<Result<void>>
}

export const createManageRetention = ({
  accounts,
}: {
  readonly accounts: Accounts
}): ManageRetention => {
  // Two that come at once must not both be the last that there is room for.
  const inTurn = createInTurn()
  return {
    list: async (principal) =>
      mayReadRetention(principal) ? accounts.listRetentionRules(principal.tenant) : denied,

    read: async (principal, id) =>
      mayReadRetention(principal) ? accounts.readRetentionRule(principal.tenant, id) : denied,

    create: (principal, draft) =>
      inTurn(principal.tenant, () => create(accounts, principal, draft)),

    change: async (principal, id, change) => {
      const old = await findEditable(accounts, principal, id)
      if (!old.ok) return old
      const admitted = admitRetention(principal, change)
      if (!admitted.ok) return admitted
      const source = String(id)
      const note = noteOf(principal, {
        type: 'RetentionRule',
        activity: 'Retention rule changed',
        source,
        changes: ageChanges(old.value, change),
      })
      return accounts.noting(note).changeRetentionRule(principal.tenant, id, change)
    },

    delete: async (principal, id) => {
      const old = await findEditable(accounts, principal, id)
      if (!old.ok) return old
      const activity = 'Retention rule deleted'
      const note = noteOf(principal, { type: 'RetentionRule', activity, source: String(id) })
      return accounts.noting(note).deleteRetentionRule(principal.tenant, id)
    },
  }
}

const create = async (
  accounts: Accounts,
  principal: Principal,
  draft: RetentionDraft,
): Promise<Result<RetentionRule>> => {
  if (!mayAdministerRetention(principal)) return denied
  const admitted = admitRetention(principal, draft)
  if (!admitted.ok) return admitted
  const rules = await accounts.listRetentionRules(principal.tenant)
  if (!rules.ok) return rules
  if (rules.value.length >= retentionRulesMax) return tooManyRules
  const newValue = String(draft.maximumAge)
  const changes = [{ attribute: 'maximumAge', newValue }]
  const activity = 'Retention rule created'
  const note = noteOf(principal, { type: 'RetentionRule', activity, changes })
  return accounts.noting(note).createRetentionRule({ ...draft, tenant: principal.tenant })
}

const tooManyRules = invalid('', `a tenant has at most ${retentionRulesMax} retention rules`)

const findEditable = async (
  accounts: Accounts,
  principal: Principal,
  id: RetentionRuleId,
): Promise<Result<RetentionRule>> => {
  if (!mayAdministerRetention(principal)) return denied
  const rule = await accounts.readRetentionRule(principal.tenant, id)
  return rule.ok && !rule.value.editable && !isOperator(principal) ? denied : rule
}

const ageChanges = (old: RetentionRule, { maximumAge }: RetentionRuleChange) =>
  maximumAge === undefined || maximumAge === old.maximumAge
    ? []
    : [
        {
          attribute: 'maximumAge',
          previousValue: String(old.maximumAge),
          newValue: String(maximumAge),
        },
      ]

/** Judges a new or changed rule. Reports all problems at once. */
export const admitRetention = (
  principal: Principal,
  { maximumAge, editable, ...texts }: RetentionRuleChange,
): Result<void> => {
  const issues: Issue[] = []
  const wrong = (path: string, message: string): void => {
    issues.push({ path, problem: 'wrong', message })
  }
  if (maximumAge !== undefined && !isAge(maximumAge)) {
    wrong('maximumAge', `must be a whole number of days from 1 to ${retentionDaysMax}`)
  }
  for (const path of ['fragmentType', 'type', 'source'] as const) {
    if (isLongerThan(texts[path] ?? '', typeLengthMax)) {
      wrong(path, `has at most ${typeLengthMax} characters`)
    }
  }
  if (editable === false && !isOperator(principal)) {
    wrong('editable', 'only operators make rules that cannot be changed')
  }
  return issues.length > 0 ? failed({ kind: 'invalid', issues }) : success(undefined)
}

const isAge = (days: number): boolean =>
  Number.isSafeInteger(days) && days >= 1 && days <= retentionDaysMax
