import { flag, object, oneOf, openObject, ref, said, text, url } from '../../http/area.ts'
import type { Area } from '../../http/area.ts'
import { retentionDataTypes } from '../../../core/retention.ts'
import { retentionDaysMax } from '../../../core/limits.ts'
import {
  answered,
  created,
  cumulocityDialect,
  gone,
  pageOf,
  paging,
  sent,
} from '../ground/cumulocity-dialect.ts'

const reader = '`ROLE_RETENTION_RULE_READ`'
const admin = '`ROLE_RETENTION_RULE_ADMIN`'
const one = answered('The rule', 'retentionRule', ref('RetentionRule'))

const days = said(
  { type: 'integer', minimum: 1, maximum: retentionDaysMax },
  'Days, counted from when the data came in.',
)

const conditions = {
  dataType: oneOf(...retentionDataTypes),
  fragmentType: said(text, '`*` for any.'),
  type: said(text, '`*` for any.'),
  source: said(text, 'The id of one object, not of its children; `*` for any.'),
}

const editable = said(flag, 'Otherwise only operators may change it.')

/** docs/protocols/cumulocity.md, 6.6 */
export const retentionArea: Area = {
  name: 'Retention rules',
  summary: 'How long data are kept. Of all rules about an event the shortest age wins.',
  dialect: cumulocityDialect,
  schemas: {
    RetentionRule: object({ id: text, self: url, ...conditions, maximumAge: days, editable }),
    NewRetentionRule: openObject({ maximumAge: days }, { ...conditions, editable }),
    RetentionRuleChange: openObject({}, { ...conditions, maximumAge: days, editable }),
    RetentionRulePage: pageOf('retentionRules', ref('RetentionRule')),
  },
  operations: {
    'GET /retention/retentions': {
      summary: 'List retention rules',
      needs: reader,
      query: paging,
      answers: { 200: answered('A page', 'retentionRuleCollection', ref('RetentionRulePage')) },
    },
    'POST /retention/retentions': {
      summary: 'Set a retention rule',
      needs: admin,
      body: sent('retentionRule', ref('NewRetentionRule')),
      answers: { 201: created('retentionRule', ref('RetentionRule')) },
    },
    'GET /retention/retentions/:rule': {
      summary: 'Read a retention rule',
      needs: reader,
      answers: { 200: one },
    },
    'PUT /retention/retentions/:rule': {
      summary: 'Change a retention rule',
      details: 'What is not named stays.',
      needs: admin,
      body: sent('retentionRule', ref('RetentionRuleChange')),
      answers: { 200: one },
    },
    'DELETE /retention/retentions/:rule': {
      summary: 'Delete a retention rule',
      needs: admin,
      answers: gone,
    },
  },
}
