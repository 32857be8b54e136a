import type { Principal } from '../core/access.ts'
import type { AuditChange, AuditedKind, AuditNote, AuditShelf } from '../core/audit.ts'
import type { TenantId } from '../core/identity.ts'

export type Done = {
  readonly type: AuditedKind
  /** That of its type without it. */
  readonly shelf?: AuditShelf
  /** For example `User created`. */
  readonly activity: string
  /** The id or name of what was changed; left out for the id that is made by the change. */
  readonly source?: string
  /** What the text says besides the activity; the source without it. */
  readonly about?: string
  readonly changes?: readonly AuditChange[]
  /** In whose records it stands; the caller's own without it. */
  readonly tenant?: TenantId
}

/**
 * What the caller has done, for the audit records of a tenant (docs/protocols/cumulocity.md, 6.7). Values that may be
 * secret are left to nobody's care: only what is named here is written. A caller of another tenant stands in the text alone,
 * since a user of the same name may be in this one.
 */
export const noteOf = (principal: Principal, done: Done): AuditNote => {
  const { type, shelf = type, activity, source, about = source, changes = [] } = done
  const { tenant = principal.tenant } = done
  const isOwn = principal.tenant === tenant
  const said = about === undefined ? activity : `${activity}: ${about}`
  return {
    tenant,
    type,
    shelf,
    activity,
    text: isOwn ? said : `${said} (by ${principal.tenant}/${callerOf(principal)})`,
    source,
    user: isOwn && principal.kind === 'user' ? principal.user : undefined,
    changes,
  }
}

const callerOf = (principal: Principal): string =>
  principal.kind === 'user' ? principal.user : principal.keyPrefix

/** None when nothing changed. */
export const changeFrom = (
  attribute: string,
  previousValue: string,
  newValue: string | undefined,
): readonly AuditChange[] =>
  newValue === undefined || newValue === previousValue
    ? []
    : [{ attribute, previousValue, newValue }]
