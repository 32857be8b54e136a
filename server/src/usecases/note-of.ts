import type { Principal } from '../core/access.ts'
import type { AuditChange, AuditedKind, AuditNote } from '../core/audit.ts'

export type Done = {
  readonly type: AuditedKind
  /** For example `User created`. */
  readonly activity: string
  /** The id or name of what was changed; left out for the id that is made by the change. */
  readonly source?: string
  readonly changes?: readonly AuditChange[]
}

/**
 * What the caller has done, for the audit records of its tenant (docs/protocols/cumulocity.md, 6.7). Values that may be
 * secret are left to nobody's care: only what is named here is written.
 */
export const noteOf = (
  principal: Principal,
  { type, activity, source, changes = [] }: Done,
): AuditNote => ({
  tenant: principal.tenant,
  type,
  activity,
  text: source === undefined ? activity : `${activity}: ${source}`,
  source,
  user: principal.kind === 'user' ? principal.user : undefined,
  changes,
})
