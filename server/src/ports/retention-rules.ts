import type { Result } from '../core/failure.ts'
import type { RetentionRuleId, TenantId } from '../core/identity.ts'
import type {
  NewRetentionRule,
  RetentionRule,
  RetentionRuleChange,
  RetentionRun,
} from '../core/retention.ts'

/** The part of `Accounts` that keeps how long a tenant's data are kept, and when that was last carried out. */
export type RetentionRules = {
  /** Fails with `not-found` (tenant). */
  readonly createRetentionRule: (rule: NewRetentionRule) => Promise<Result<RetentionRule>>

  /** Fails with `not-found` (retention-rule). */
  readonly readRetentionRule: (
    tenant: TenantId,
    id: RetentionRuleId,
  ) => Promise<Result<RetentionRule>>

  /** By ascending id. A new tenant has `defaultRetentionRule`. */
  readonly listRetentionRules: (tenant: TenantId) => Promise<Result<readonly RetentionRule[]>>

  /** Fails with `not-found` (retention-rule). */
  readonly changeRetentionRule: (
    tenant: TenantId,
    id: RetentionRuleId,
    change: RetentionRuleChange,
  ) => Promise<Result<RetentionRule>>

  /** Fails with `not-found` (retention-rule). */
  readonly deleteRetentionRule: (tenant: TenantId, id: RetentionRuleId) => Promise<Result<void>>

  /** Takes the place of the run before. Fails with `not-found` (tenant). */
  readonly noteRetentionRun: (tenant: TenantId, run: RetentionRun) => Promise<Result<void>>

  /** The last run that was noted; undefined before the first. */
  readonly readRetentionRun: (tenant: TenantId) => Promise<Result<RetentionRun | undefined>>
}
