import { instant, openObject, ref, said, text, url } from '../../http/area.ts'
import type { Area } from '../../http/area.ts'
import {
  answered,
  created,
  cumulocityDialect,
  pageOf,
  paging,
  sent,
} from '../ground/cumulocity-dialect.ts'

const reader = '`ROLE_AUDIT_READ` or `ROLE_SYSTEM`'

const mandatory = { activity: text, text, source: openObject({ id: text }), type: text }

const more = { user: text, application: text, severity: text }

const filter = (name: string, description: string) => ({ name, description, schema: text })

/** docs/protocols/cumulocity.md, 6.7 */
export const auditArea: Area = {
  name: 'Audit records',
  summary: 'Who changed what. Records are never changed.',
  dialect: cumulocityDialect,
  schemas: {
    AuditRecord: openObject(
      { id: text, self: url, ...mandatory, time: instant, creationTime: instant },
      more,
    ),
    NewAuditRecord: openObject(
      { ...mandatory, time: said(text, 'ISO 8601; without a zone it is UTC.') },
      more,
    ),
    AuditRecordPage: pageOf('auditRecords', ref('AuditRecord')),
  },
  operations: {
    'GET /audit/auditRecords': {
      summary: 'List audit records, newest first',
      needs: reader,
      query: [
        filter('type', 'Only records of this type.'),
        filter('user', 'Only what this user did.'),
        filter('application', 'Only what this application did.'),
        filter('source', 'Only what is about this id or name.'),
        filter('dateFrom', 'From this time on.'),
        filter('dateTo', 'Before this time.'),
        ...paging,
      ],
      answers: { 200: answered('A page', 'auditRecordCollection', ref('AuditRecordPage')) },
    },
    'POST /audit/auditRecords': {
      summary: 'Write an audit record',
      needs: '`ROLE_AUDIT_ADMIN` or `ROLE_SYSTEM`',
      body: sent('auditRecord', ref('NewAuditRecord')),
      answers: { 201: created('auditRecord', ref('AuditRecord')) },
    },
    'GET /audit/auditRecords/:record': {
      summary: 'Read an audit record',
      needs: reader,
      answers: { 200: answered('The record', 'auditRecord', ref('AuditRecord')) },
    },
  },
}
