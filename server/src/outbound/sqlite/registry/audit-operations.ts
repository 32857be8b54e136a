import { shelfRecordsMax } from '../../../core/audit.ts'
import { notFound, success } from '../../../core/failure.ts'
import { auditRecordsTrimmed, deletionSliceObjectsMax } from '../../../core/limits.ts'
import { createBoundValues } from './bound-values.ts'
import { decodeAuditRow } from './decode-audit-row.ts'
import { createKeptStatements } from './kept-statements.ts'
import { createTenantCheck } from './tenant-check.ts'
import type { Database } from 'better-sqlite3'
import type {
  AuditFilter,
  AuditRecord,
  AuditRecordPage,
  NewAuditRecord,
} from '../../../core/audit.ts'
import type { InstantRange } from '../../../core/event-query.ts'
import type { Result } from '../../../core/failure.ts'
import type { AuditRecordId, TenantId } from '../../../core/identity.ts'
import type { BoundValues } from './bound-values.ts'
import type { AuditRow } from './decode-audit-row.ts'

const columns = `id, tenant, shelf, type, activity, text, source, time_ms, offset_minutes, user,
  application, severity, fragments, creation_ms`

const selectOne = `select ${columns} from audit_record where tenant = ? and id = ?`

const insertRecord = `
  insert into audit_record (tenant, shelf, type, activity, text, source, time_ms, offset_minutes, user,
    application, severity, fragments, creation_ms)
  values (@tenant, @shelf, @type, @activity, @text, @source, @time_ms, @offset_minutes, @user,
    @application, @severity, @fragments, @creation_ms)
  returning ${columns}`

/** Kept up to date by triggers (migration-0006.ts). */
const selectShelf = 'select records from audit_shelf where tenant = @tenant and shelf = @shelf'

const deleteOldest = `
  delete from audit_record where id in (
    select id from audit_record where tenant = @tenant and shelf = @shelf
    order by id limit ${auditRecordsTrimmed})`

type Values = Readonly<Record<string, string | number>>

export const createAuditReads = (db: Database) => {
  const hasTenant = createTenantCheck(db)
  const one = db.prepare<[string, number], AuditRow>(selectOne)
  const pages = createKeptStatements<Values, AuditRow>(db)
  const counts = createKeptStatements<Values, { readonly count: number }>(db)
  return {
    readAuditRecord: (tenant: TenantId, id: AuditRecordId): Result<AuditRecord> => {
      const row = hasTenant(tenant) ? one.get(tenant, id) : undefined
      return row === undefined ? notFound('audit-record', id) : success(decodeAuditRow(row))
    },
    listAuditRecords: (
      tenant: TenantId,
      filter: AuditFilter,
      skip: number,
      size: number,
    ): Result<AuditRecordPage> => {
      if (!hasTenant(tenant)) return success({ records: [], more: false })
      const { where, values } = conditionsOf(tenant, filter)
      const sql = `select ${columns} from audit_record where ${where}
        order by time_ms desc, id desc limit @size offset @skip`
      const rows = pages(sql).all({ ...values, size: size + 1, skip })
      return success({
        records: rows.slice(0, size).map(decodeAuditRow),
        more: rows.length > size,
      })
    },
    countAuditRecords: (tenant: TenantId, filter: AuditFilter): Result<number> => {
      if (!hasTenant(tenant)) return success(0)
      const { where, values } = conditionsOf(tenant, filter)
      const sql = `select count(*) as count from audit_record where ${where}`
      return success(counts(sql).get(values)?.count ?? 0)
    },
  }
}

export const createAuditWrites = (db: Database) => {
  const hasTenant = createTenantCheck(db)
  const insert = createAuditInsert(db)
  const deletes = createKeptStatements<Values, unknown>(db)
  return {
    createAuditRecord: (record: NewAuditRecord, nowMs: number): Result<AuditRecord> =>
      insert(record, nowMs) ?? notFound('tenant', record.tenant),
    deleteAuditRecords: (tenant: TenantId, filter: AuditFilter): Result<number> => {
      if (!hasTenant(tenant)) return success(0)
      const { where, values } = conditionsOf(tenant, filter)
      const sql = `delete from audit_record where id in (
        select id from audit_record where ${where} order by id limit ${deletionSliceObjectsMax})`
      return success(deletes(sql).run(values).changes)
    },
  }
}

type Shelf = { readonly tenant: string; readonly shelf: string }

/** Answers undefined for a tenant that does not exist. */
export const createAuditInsert = (
  db: Database,
): ((record: NewAuditRecord, nowMs: number) => Result<AuditRecord> | undefined) => {
  const hasTenant = createTenantCheck(db)
  const insert = db.prepare<[Omit<AuditRow, 'id'>], AuditRow>(insertRecord)
  const count = db.prepare<[Shelf], number>(selectShelf).pluck()
  const removeOldest = db.prepare<[Shelf]>(deleteOldest)
  return (record, nowMs) => {
    if (!hasTenant(record.tenant)) return undefined
    const row = insert.get(encodeRow(record, nowMs))
    if (row === undefined) throw new Error('an insert answers its row')
    const { tenant, shelf } = record
    if (Number(count.get({ tenant, shelf })) > shelfRecordsMax(shelf)) {
      removeOldest.run({ tenant, shelf })
    }
    return success(decodeAuditRow(row))
  }
}

const conditionsOf = (tenant: TenantId, filter: AuditFilter) => {
  const bound = createBoundValues()
  const named = (['type', 'user', 'application', 'source'] as const).flatMap((name) => {
    const value = filter[name]
    return value === undefined ? [] : [`${name} = ${bound.bind(value)}`]
  })
  const where = [
    `tenant = ${bound.bind(tenant)}`,
    ...named,
    ...rangeOf(bound, 'time_ms', filter.time),
    ...rangeOf(bound, 'creation_ms', filter.creation),
  ].join(' and ')
  return { where, values: bound.values }
}

const rangeOf = (
  { bind }: BoundValues,
  column: string,
  range: InstantRange | undefined,
): readonly string[] => [
  ...(range?.fromMs === undefined ? [] : [`${column} >= ${bind(range.fromMs)}`]),
  ...(range?.toMs === undefined ? [] : [`${column} < ${bind(range.toMs)}`]),
]

const encodeRow = (record: NewAuditRecord, nowMs: number): Omit<AuditRow, 'id'> => ({
  tenant: record.tenant,
  shelf: record.shelf,
  type: record.type,
  activity: record.activity,
  text: record.text,
  source: record.source,
  time_ms: record.time.ms,
  offset_minutes: record.time.offsetMinutes,
  user: record.user ?? null,
  application: record.application ?? null,
  severity: record.severity ?? null,
  fragments: JSON.stringify(record.fragments),
  creation_ms: nowMs,
})
