import { compareAuditRecords, madeIdOf, matchesAuditRecord, recordOf } from '../../core/audit.ts'
import { notFound, success } from '../../core/failure.ts'
import { toAuditRecordId } from '../../core/identity.ts'
import { auditRecordsMax, deletionSliceObjectsMax } from '../../core/limits.ts'
import type { AuditFilter, AuditNote, AuditRecord, NewAuditRecord } from '../../core/audit.ts'
import type { Result } from '../../core/failure.ts'
import type { TenantId } from '../../core/identity.ts'
import type { AuditRecords } from '../../ports/audit-records.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RegistryState } from './registry-state.ts'

export const createMemoryAuditRecords = (state: RegistryState, clock: Clock): AuditRecords => ({
  createAuditRecord: (record) => Promise.resolve(create(state, record, clock.nowMs())),
  readAuditRecord: (tenant, id) => {
    const record = state.tenants.get(tenant)?.auditRecords.get(id)
    return Promise.resolve(record === undefined ? notFound('audit-record', id) : success(record))
  },
  listAuditRecords: (tenant, filter, skip, size) => {
    const found = [...matching(state, tenant, filter)].sort(compareAuditRecords)
    const records = found.slice(skip, skip + size)
    return Promise.resolve(success({ records, more: found.length > skip + size }))
  },
  countAuditRecords: (tenant, filter) =>
    Promise.resolve(success(matching(state, tenant, filter).length)),
  deleteAuditRecords: (tenant, filter) => {
    const going = matching(state, tenant, filter).slice(0, deletionSliceObjectsMax)
    for (const { id } of going) state.tenants.get(tenant)?.auditRecords.delete(id)
    return Promise.resolve(success(going.length))
  },
})

const create = (
  state: RegistryState,
  record: NewAuditRecord,
  nowMs: number,
): Result<AuditRecord> => {
  const records = state.tenants.get(record.tenant)?.auditRecords
  if (records === undefined) return notFound('tenant', record.tenant)
  state.lastAuditRecordId += 1
  const created = { ...record, id: toAuditRecordId(state.lastAuditRecordId), creationMs: nowMs }
  records.set(created.id, created)
  const [first] = records.keys()
  if (records.size > auditRecordsMax && first !== undefined) records.delete(first)
  return success(created)
}

const matching = (
  state: RegistryState,
  tenant: TenantId,
  filter: AuditFilter,
): readonly AuditRecord[] =>
  [...(state.tenants.get(tenant)?.auditRecords.values() ?? [])].filter((record) =>
    matchesAuditRecord(filter, record),
  )

/** The same calls, of which those that change something write the note when they have succeeded. */
export const withNote = <Calls extends object>(
  calls: Calls,
  note: AuditNote,
  { state, clock }: { readonly state: RegistryState; readonly clock: Clock },
): Calls =>
  new Proxy(calls, {
    get: (target, name) => {
      const call: unknown = Reflect.get(target, name)
      if (typeof call !== 'function' || readNames.test(String(name))) return call
      return async (...args: readonly unknown[]) => {
        const result: unknown = await Reflect.apply(call, target, args)
        const made = valueOf(result)
        if (made === undefined) return result
        const nowMs = clock.nowMs()
        create(state, recordOf(note, madeIdOf(made.value), nowMs), nowMs)
        return result
      }
    },
  })

const readNames = /^(read|list|find|count|known|resolve|revision|noting)/

/** Of a result that is ok. */
const valueOf = (result: unknown): { readonly value: unknown } | undefined => {
  if (typeof result !== 'object' || result === null || !('ok' in result)) return undefined
  return result.ok === true && 'value' in result ? { value: result.value } : undefined
}
