import { notFound, success } from '../../../core/failure.ts'
import { decodeRetentionRuleRow } from './decode-audit-row.ts'
import { createTenantCheck } from './tenant-check.ts'
import type { Database } from 'better-sqlite3'
import type { Result } from '../../../core/failure.ts'
import type { RetentionRuleId, TenantId } from '../../../core/identity.ts'
import type {
  NewRetentionRule,
  RetentionRule,
  RetentionRuleChange,
  RetentionRun,
} from '../../../core/retention.ts'
import type { RetentionRuleRow } from './decode-audit-row.ts'

const columns = 'id, tenant, data_type, fragment_type, type, source, maximum_age, editable'

const selectRule = `select ${columns} from retention_rule where tenant = ? and id = ?`

const selectRules = `select ${columns} from retention_rule where tenant = ? order by id`

const insertRule = `
  insert into retention_rule
    (tenant, data_type, fragment_type, type, source, maximum_age, editable)
  values (@tenant, @data_type, @fragment_type, @type, @source, @maximum_age, @editable)
  returning ${columns}`

const updateRule = `
  update retention_rule
  set data_type = @data_type, fragment_type = @fragment_type, type = @type, source = @source,
    maximum_age = @maximum_age, editable = @editable
  where tenant = @tenant and id = @id`

const deleteRule = 'delete from retention_rule where tenant = ? and id = ?'

const selectRun = `
  select started_ms as startedMs, removed_events as removedEvents,
    removed_records as removedRecords
  from retention_run where tenant = ?`

const upsertRun = `
  insert into retention_run (tenant, started_ms, removed_events, removed_records)
  values (@tenant, @startedMs, @removedEvents, @removedRecords)
  on conflict (tenant) do update set started_ms = @startedMs, removed_events = @removedEvents,
    removed_records = @removedRecords`

export const createRetentionReads = (db: Database) => {
  const one = db.prepare<[string, number], RetentionRuleRow>(selectRule)
  const all = db.prepare<[string], RetentionRuleRow>(selectRules)
  const run = db.prepare<[string], RetentionRun>(selectRun)
  return {
    readRetentionRule: (tenant: TenantId, id: RetentionRuleId): Result<RetentionRule> => {
      const row = one.get(tenant, id)
      return row === undefined
        ? notFound('retention-rule', id)
        : success(decodeRetentionRuleRow(row))
    },
    listRetentionRules: (tenant: TenantId): Result<readonly RetentionRule[]> =>
      success(all.all(tenant).map(decodeRetentionRuleRow)),
    readRetentionRun: (tenant: TenantId): Result<RetentionRun | undefined> =>
      success(run.get(tenant)),
  }
}

export const createRetentionWrites = (db: Database) => {
  const hasTenant = createTenantCheck(db)
  const insert = createRetentionRuleInsert(db)
  const update = db.prepare<[RetentionRuleRow]>(updateRule)
  const remove = db.prepare<[string, number]>(deleteRule)
  const noteRun = db.prepare<[RetentionRun & { tenant: string }]>(upsertRun)
  const { readRetentionRule } = createRetentionReads(db)
  return {
    createRetentionRule: (rule: NewRetentionRule): Result<RetentionRule> =>
      hasTenant(rule.tenant) ? success(insert(rule)) : notFound('tenant', rule.tenant),
    changeRetentionRule: (
      tenant: TenantId,
      id: RetentionRuleId,
      change: RetentionRuleChange,
    ): Result<RetentionRule> => {
      const old = readRetentionRule(tenant, id)
      if (!old.ok) return old
      const changed = { ...old.value, ...change }
      update.run({ ...encodeNewRow(changed), id })
      return success(changed)
    },
    deleteRetentionRule: (tenant: TenantId, id: RetentionRuleId): Result<void> =>
      remove.run(tenant, id).changes === 0 ? notFound('retention-rule', id) : success(undefined),
    noteRetentionRun: (tenant: TenantId, run: RetentionRun): Result<void> => {
      if (!hasTenant(tenant)) return notFound('tenant', tenant)
      noteRun.run({ ...run, tenant })
      return success(undefined)
    },
  }
}

/** For a tenant that is known to be there. */
export const createRetentionRuleInsert = (
  db: Database,
): ((rule: NewRetentionRule) => RetentionRule) => {
  const insert = db.prepare<[NewRow], RetentionRuleRow>(insertRule)
  return (rule) => {
    const row = insert.get(encodeNewRow(rule))
    if (row === undefined) throw new Error('an insert answers its row')
    return decodeRetentionRuleRow(row)
  }
}

type NewRow = Omit<RetentionRuleRow, 'id'>

const encodeNewRow = (rule: NewRetentionRule): NewRow => ({
  tenant: rule.tenant,
  data_type: rule.dataType,
  fragment_type: rule.fragmentType ?? null,
  type: rule.type ?? null,
  source: rule.source ?? null,
  maximum_age: rule.maximumAge,
  editable: rule.editable ? 1 : 0,
})
