import type { AuditFilter, AuditRecord, AuditRecordPage, NewAuditRecord } from '../core/audit.ts'
import type { Result } from '../core/failure.ts'
import type { AuditRecordId, TenantId } from '../core/identity.ts'

/**
 * The part of `Accounts` that keeps audit records, at most `shelfRecordsMax` of a tenant's on one shelf: with one more the
 * `auditRecordsTrimmed` that came first on it go, and none of another.
 */
export type AuditRecords = {
  /** Fails with `not-found` (tenant). */
  readonly createAuditRecord: (record: NewAuditRecord) => Promise<Result<AuditRecord>>

  /** Fails with `not-found` (audit-record). */
  readonly readAuditRecord: (tenant: TenantId, id: AuditRecordId) => Promise<Result<AuditRecord>>

  /** Elements `skip` to `skip + size` of the list, newest first. */
  readonly listAuditRecords: (
    tenant: TenantId,
    filter: AuditFilter,
    skip: number,
    size: number,
  ) => Promise<Result<AuditRecordPage>>

  readonly countAuditRecords: (tenant: TenantId, filter: AuditFilter) => Promise<Result<number>>

  /** Deletes at most `deletionSliceObjectsMax` of those that match, and answers how many it were. */
  readonly deleteAuditRecords: (tenant: TenantId, filter: AuditFilter) => Promise<Result<number>>
}
