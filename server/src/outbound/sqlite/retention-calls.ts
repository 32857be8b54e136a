import type { AuditRecords } from '../../ports/audit-records.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RetentionRules } from '../../ports/retention-rules.ts'
import type { RegistryCalls } from './registry-calls.ts'

export const createRetentionCalls = ({ write, read }: RegistryCalls): RetentionRules => ({
  createRetentionRule: (rule) => write('createRetentionRule', rule),
  readRetentionRule: (tenant, id) => read('readRetentionRule', tenant, id),
  listRetentionRules: (tenant) => read('listRetentionRules', tenant),
  changeRetentionRule: (tenant, id, change) => write('changeRetentionRule', tenant, id, change),
  deleteRetentionRule: (tenant, id) => write('deleteRetentionRule', tenant, id),
  noteRetentionRun: (tenant, run) => write('noteRetentionRun', tenant, run),
  readRetentionRun: (tenant) => read('readRetentionRun', tenant),
})

export const createAuditCalls = ({ write, read }: RegistryCalls, clock: Clock): AuditRecords => ({
  createAuditRecord: (record) => write('createAuditRecord', record, clock.nowMs()),
  readAuditRecord: (tenant, id) => read('readAuditRecord', tenant, id),
  listAuditRecords: (tenant, filter, skip, size) =>
    read('listAuditRecords', tenant, filter, skip, size),
  countAuditRecords: (tenant, filter) => read('countAuditRecords', tenant, filter),
  deleteAuditRecords: (tenant, filter) => write('deleteAuditRecords', tenant, filter),
})
