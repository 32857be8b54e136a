import type { AuditRecord } from '../../../core/audit.ts'
import { formatEventTime, formatInstant } from '../../../core/event-time.ts'
import { encodeFragments } from '../../../core/fragments.ts'

/** An audit record as JSON text (docs/protocols/cumulocity.md, 6.7). What is not known is absent. */
export const encodeAuditRecord = (record: AuditRecord, base: string): string => {
  const known = JSON.stringify({
    id: String(record.id),
    self: auditRecordUrl(record, base),
    type: record.type,
    activity: record.activity,
    text: record.text,
    source: { id: record.source },
    time: formatEventTime(record.time),
    creationTime: formatInstant(record.creationMs),
    user: record.user,
    application: record.application,
    severity: record.severity,
  })
  const fragments = encodeFragments(record.fragments)
  return fragments === '' ? known : `${known.slice(0, -1)},${fragments}}`
}

export const auditRecordUrl = ({ id }: Pick<AuditRecord, 'id'>, base: string): string =>
  `${base}/audit/auditRecords/${id}`
