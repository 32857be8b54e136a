import type { InstantRange } from './event-query.ts'
import { isInRange } from './event-query.ts'
import type { EventTime } from './event-time.ts'
import type { Fragments } from './fragments.ts'
import type { AuditRecordId, TenantId, UserName } from './identity.ts'
import { auditRecordsMax, clientAuditRecordsMax, ownAuditRecordsMax } from './limits.ts'

/** That somebody changed something (docs/protocols/cumulocity.md, 6.7). Never changed, never holding a secret of ours. */
export type AuditRecord = {
  readonly tenant: TenantId
  readonly id: AuditRecordId
  readonly shelf: AuditShelf
  /** What was changed: `User`, `Group`, `RetentionRule` … */
  readonly type: string
  /** What was done to it, for example `User created`. */
  readonly activity: string
  readonly text: string
  /** The id or name of what was changed. */
  readonly source: string
  readonly time: EventTime
  readonly user: string | undefined
  readonly application: string | undefined
  readonly severity: string | undefined
  /** Everything else, `changes` among it. */
  readonly fragments: Fragments
  readonly creationMs: number
}

export type NewAuditRecord = Omit<AuditRecord, 'id' | 'creationMs'>

/** All conditions must hold; an absent one always does. */
export type AuditFilter = {
  readonly type?: string
  readonly user?: string
  readonly application?: string
  readonly source?: string
  readonly time?: InstantRange
  readonly creation?: InstantRange
}

export type AuditRecordPage = {
  readonly records: readonly AuditRecord[]
  readonly more: boolean
}

/** The reference meaning of a filter: every registry must agree with it. */
export const matchesAuditRecord = (filter: AuditFilter, record: AuditRecord): boolean =>
  (['type', 'user', 'application', 'source'] as const).every(
    (name) => filter[name] === undefined || filter[name] === record[name],
  ) &&
  isInRange(filter.time, record.time.ms) &&
  isInRange(filter.creation, record.creationMs)

/** Newest first, by time and then by id. */
export const compareAuditRecords = (left: AuditRecord, right: AuditRecord): number =>
  right.time.ms - left.time.ms || right.id - left.id

/** What this server writes records about. */
export type AuditedKind =
  | 'Application'
  | 'ApiKey'
  | 'DeviceRequest'
  | 'Group'
  | 'Inventory'
  | 'InventoryRole'
  | 'Option'
  | 'RetentionRule'
  | 'Tenant'
  | 'User'
  | 'UserAuthentication'

/**
 * Where a record is kept. Each shelf has a bound of its own, so that whoever can cause many records of one kind pushes out
 * none of another: what the server writes by its kind, what it writes of users who change themselves, for which no right
 * over others is needed, and what clients write.
 */
export type AuditShelf = AuditedKind | 'own' | 'client'

/** How many records of a tenant a shelf holds. With one more, the `auditRecordsTrimmed` that came first go. */
export const shelfRecordsMax = (shelf: AuditShelf): number => {
  if (shelf === 'own') return ownAuditRecordsMax
  return shelf === 'client' ? clientAuditRecordsMax : auditRecordsMax
}

/** A record that the server itself writes, in the transaction of the change that it is about. */
export type AuditNote = {
  /** In whose records it stands; nothing is written for a tenant that does not exist. */
  readonly tenant: TenantId
  readonly type: AuditedKind
  /** That of its type without it. */
  readonly shelf?: AuditShelf
  readonly activity: string
  readonly text: string
  /** Undefined for the id that the change gives to what it makes. */
  readonly source: string | undefined
  /** Who did it; undefined for the server. */
  readonly user: UserName | undefined
  readonly changes?: readonly AuditChange[]
}

export type AuditChange = {
  readonly attribute: string
  readonly previousValue?: string
  readonly newValue: string
}

/** The record of a note about a change that made something with this id. */
export const recordOf = (
  { tenant, type, shelf = type, activity, text, source, user, changes = [] }: AuditNote,
  madeId: string | undefined,
  nowMs: number,
): NewAuditRecord => ({
  tenant,
  shelf,
  type,
  activity,
  text,
  source: source ?? madeId ?? tenant,
  time: { ms: nowMs, offsetMinutes: 0 },
  user,
  application: undefined,
  severity: 'INFORMATION',
  fragments:
    changes.length === 0 ? [] : [{ name: 'changes', value: JSON.stringify(changes.map(typed)) }],
})

/** As the dialect's clients expect it. */
const typed = (change: AuditChange) => ({ ...change, type: 'String', changeType: 'REPLACED' })

/**
 * The read that shows all that a change may change, by the change's name; its arguments are the first two of the change. A
 * change after which it shows the same as before leaves no record. What is not named here creates or deletes, and fails
 * where it has nothing to do.
 */
export const changeShownBy: ReadonlyMap<string, string> = new Map([
  ['changeApp', 'listApps'],
  ['changeDeviceRequest', 'readDeviceRequest'],
  ['changeGroup', 'readGroup'],
  ['changeInventoryRole', 'listInventoryRoles'],
  ['changeRetentionRule', 'readRetentionRule'],
  ['changeTenant', 'readTenant'],
  ['changeTenantState', 'readTenant'],
  ['changeUser', 'readUser'],
  ['deleteObjects', 'readSources'],
  ['putOptions', 'listOptions'],
])

/** The id of what a change made, if it has one. */
export const madeIdOf = (made: unknown): string | undefined => {
  if (typeof made !== 'object' || made === null || !('id' in made)) return undefined
  const { id } = made
  return typeof id === 'number' || typeof id === 'string' ? String(id) : undefined
}
