import { hasRole } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import type { AuditFilter, AuditRecord, AuditRecordPage, NewAuditRecord } from '../core/audit.ts'
import { denied, failed, invalid, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import { fragmentIssues } from '../core/fragments.ts'
import type { AuditRecordId } from '../core/identity.ts'
import { auditRecordLengthMax } from '../core/limits.ts'
import type { Accounts } from '../ports/accounts.ts'

export type AuditDraft = Omit<NewAuditRecord, 'tenant' | 'shelf'>

export type AuditList = AuditRecordPage & {
  /** In all pages together; only when asked for. */
  readonly total: number | undefined
}

export type AuditPageRequest = {
  readonly skip: number
  readonly size: number
  readonly withTotal: boolean
}

/**
 * The audit records of the caller's tenant (docs/protocols/cumulocity.md, 6.7). Every call fails with `forbidden` without
 * the role. Nothing changes or deletes a record but its age and number.
 */
export type ManageAudit = {
  /** Newest first. */
  readonly list: (
    principal: Principal,
    filter: AuditFilter,
    page: AuditPageRequest,
  ) => Promise<Result<AuditList>>

  /** Fails with `not-found` (audit-record). */
  readonly read: (principal: Principal, id: AuditRecordId) => Promise<Result<AuditRecord>>

  /** Ok means on disk. Fails with `invalid`. */
  readonly create: (principal: Principal, draft: AuditDraft) => Promise<Result<AuditRecord>>
}

export const createManageAudit = ({ accounts }: { readonly accounts: Accounts }): ManageAudit => ({
  list: async (principal, filter, { skip, size, withTotal }) => {
    if (!mayRead(principal)) return denied
    const { tenant } = principal
    const [page, total] = await Promise.all([
      accounts.listAuditRecords(tenant, filter, skip, size),
      withTotal ? accounts.countAuditRecords(tenant, filter) : success(undefined),
    ])
    if (!page.ok) return page
    return total.ok ? success({ ...page.value, total: total.value }) : total
  },

  read: async (principal, id) =>
    mayRead(principal) ? accounts.readAuditRecord(principal.tenant, id) : denied,

  create: async (principal, draft) => {
    if (!hasRole(principal, 'ROLE_AUDIT_ADMIN', 'ROLE_SYSTEM')) return denied
    const issues = fragmentIssues(draft.fragments)
    if (issues.length > 0) return failed({ kind: 'invalid', issues })
    if (lengthOf(draft) > auditRecordLengthMax) return tooLong
    const { tenant } = principal
    return accounts.createAuditRecord({ ...draft, tenant, shelf: 'client' })
  },
})

const mayRead = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_AUDIT_READ', 'ROLE_SYSTEM')

const tooLong = invalid('', `an audit record has at most ${auditRecordLengthMax} characters`)

const lengthOf = ({ fragments, ...draft }: AuditDraft): number => {
  const { type, activity, text, source, user = '', application = '', severity = '' } = draft
  const texts = [type, activity, text, source, user, application, severity].join('')
  return fragments.reduce((sum, { name, value }) => sum + name.length + value.length, texts.length)
}
