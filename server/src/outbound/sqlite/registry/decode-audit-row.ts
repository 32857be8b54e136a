import { toAuditRecordId, toRetentionRuleId, toTenantId } from '../../../core/identity.ts'
import type { AuditRecord, AuditShelf } from '../../../core/audit.ts'
import type { Fragments } from '../../../core/fragments.ts'
import type { RetentionDataType, RetentionRule } from '../../../core/retention.ts'

export type RetentionRuleRow = {
  readonly id: number
  readonly tenant: string
  readonly data_type: string
  readonly fragment_type: string | null
  readonly type: string | null
  readonly source: string | null
  readonly maximum_age: number
  readonly editable: number
}

export const decodeRetentionRuleRow = (row: RetentionRuleRow): RetentionRule => ({
  tenant: toTenantId(row.tenant),
  id: toRetentionRuleId(row.id),
  dataType: row.data_type as RetentionDataType,
  fragmentType: row.fragment_type ?? undefined,
  type: row.type ?? undefined,
  source: row.source ?? undefined,
  maximumAge: row.maximum_age,
  editable: row.editable === 1,
})

export type AuditRow = {
  readonly id: number
  readonly tenant: string
  readonly shelf: string
  readonly type: string
  readonly activity: string
  readonly text: string
  readonly source: string
  readonly time_ms: number
  readonly offset_minutes: number
  readonly user: string | null
  readonly application: string | null
  readonly severity: string | null
  readonly fragments: string
  readonly creation_ms: number
}

export const decodeAuditRow = (row: AuditRow): AuditRecord => ({
  tenant: toTenantId(row.tenant),
  id: toAuditRecordId(row.id),
  shelf: row.shelf as AuditShelf,
  type: row.type,
  activity: row.activity,
  text: row.text,
  source: row.source,
  time: { ms: row.time_ms, offsetMinutes: row.offset_minutes },
  user: row.user ?? undefined,
  application: row.application ?? undefined,
  severity: row.severity ?? undefined,
  fragments: JSON.parse(row.fragments) as Fragments,
  creationMs: row.creation_ms,
})
