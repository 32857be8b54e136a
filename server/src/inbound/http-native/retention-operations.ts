import { count, flag, instant, listOf, object, ref, said, text } from '../http/area.ts'
import type { Operations, Schema } from '../http/area.ts'

const removable = {
  events: said(count, 'Left out when it would take too long to count.'),
  auditRecords: count,
}

const conditions = { dataType: text, fragmentType: text, type: text, source: text }

const days: Schema = { type: 'integer', minimum: 1 }

const run = { started: instant, removedEvents: count, removedAuditRecords: count }

export const retentionSchemas: Readonly<Record<string, Schema>> = {
  Removable: object({}, removable),
  RetentionRun: object(run),
  RetentionProgress: object({
    ...run,
    complete: said(flag, 'False while the rest waits for running deletions.'),
  }),
  RetentionDraft: object({ maximumAge: days }, conditions),
  RetentionPreview: object(
    {
      rules: listOf(object({ id: text, ...conditions, maximumAge: days }, removable)),
      total: ref('Removable'),
    },
    { lastRun: ref('RetentionRun') },
  ),
}

const answered = (description: string, schema: Schema) => ({
  200: { description, content: { 'application/json': schema } },
})

const needs = (role: string): string =>
  `\`ROLE_TENANT_ADMIN\`, \`${role}\`, or \`ROLE_TENANT_MANAGEMENT_ADMIN\` in \`management\``

export const retentionOperations: Operations = {
  'GET /belfry/v1/tenants/:tenant/retention': {
    summary: 'Read what retention would remove now',
    details: 'By each rule as if it were the only one, and by all together.',
    needs: needs('ROLE_RETENTION_RULE_READ'),
    answers: answered('What would go', ref('RetentionPreview')),
  },
  'POST /belfry/v1/tenants/:tenant/retention/preview': {
    summary: 'Read what a rule that is not set would remove now',
    needs: needs('ROLE_RETENTION_RULE_READ'),
    body: { 'application/json': ref('RetentionDraft') },
    answers: answered('What would go', ref('Removable')),
  },
  'POST /belfry/v1/tenants/:tenant/retention/run': {
    summary: 'Carry out the retention rules now',
    needs: needs('ROLE_RETENTION_RULE_ADMIN'),
    answers: answered('What has gone', ref('RetentionProgress')),
  },
}
