import type { AuditFilter } from '../../../core/audit.ts'
import { parseId } from '../../../core/event-id.ts'
import { parseEventTime } from '../../../core/event-time.ts'
import { failed, notFound, success } from '../../../core/failure.ts'
import type { Issue, Result } from '../../../core/failure.ts'
import { toFragments } from '../../../core/fragments.ts'
import { toAuditRecordId } from '../../../core/identity.ts'
import type { AuditRecordId } from '../../../core/identity.ts'
import type { AuditDraft } from '../../../usecases/manage-audit.ts'
import { decodeReference } from '../users/decode-account-members.ts'
import { decodeEventFilter } from '../events/decode-event-query.ts'
import {
  decodeMandatoryText,
  decodeMembers,
  decodeText,
  missing,
} from '../ground/decode-members.ts'
import { firstValue } from '../ground/query-parameters.ts'
import type { QueryParameters } from '../ground/query-parameters.ts'

/** Fails with `not-found` (audit-record) for what is no number. */
export const decodeAuditRecordId = (text: string): Result<AuditRecordId> => {
  const id = parseId(text)
  return id === undefined ? notFound('audit-record', text) : success(toAuditRecordId(id))
}

/** Reads the filters of a list; unknown and empty parameters say nothing. Fails with `invalid`. */
export const decodeAuditFilter = (parameters: QueryParameters): Result<AuditFilter> => {
  const dates = decodeEventFilter(parameters.filter(([name]) => /^date(?:From|To)$/.test(name)))
  if (!dates.ok) return dates
  const { time } = dates.value
  const named = (['type', 'user', 'application', 'source'] as const).flatMap((name) => {
    const value = firstValue(parameters, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return success({ ...Object.fromEntries(named), ...(time === undefined ? {} : { time }) })
}

/** What is no fragment: set by the server, or with a place of its own. */
const fields: ReadonlySet<string> = new Set([
  'id',
  'self',
  'creationTime',
  'source',
  'type',
  'activity',
  'time',
  'text',
  'user',
  'application',
  'severity',
])

/** Reads the body of `POST /audit/auditRecords`. Fails with `invalid`, every problem at once. */
export const decodeAuditRecord = (body: string): Result<AuditDraft> => {
  const members = decodeMembers(body)
  if (!members.ok) return members
  const issues: Issue[] = []
  const activity = decodeMandatoryText(members.value, 'activity', issues)
  const source = decodeReference(members.value, 'source')
  if (source === undefined) issues.push(...missing('source').issues)
  const text = decodeMandatoryText(members.value, 'text', issues)
  const timeText = decodeMandatoryText(members.value, 'time', issues)
  const time = timeText === undefined ? undefined : parseEventTime(timeText)
  if (timeText !== undefined && time === undefined) {
    issues.push({ path: 'time', problem: 'wrong', message: 'must be an ISO 8601 date-time' })
  }
  const type = decodeMandatoryText(members.value, 'type', issues)
  const others = {
    user: decodeText(members.value, 'user', issues),
    application: decodeText(members.value, 'application', issues),
    severity: decodeText(members.value, 'severity', issues),
  }
  const isWhole = activity !== undefined && source !== undefined && text !== undefined
  if (!isWhole || time === undefined || type === undefined || issues.length > 0) {
    return failed({ kind: 'invalid', issues })
  }
  const rest = members.value.values().filter(({ name }) => !fields.has(name))
  return success({ activity, source, text, time, type, ...others, fragments: toFragments(rest) })
}
