import { isDeepStrictEqual } from 'node:util'
import {
  changeShownBy,
  compareAuditRecords,
  madeIdOf,
  matchesAuditRecord,
  recordOf,
  shelfRecordsMax,
} from '../../core/audit.ts'
import { notFound, success } from '../../core/failure.ts'
import { toAuditRecordId } from '../../core/identity.ts'
import { auditRecordsTrimmed, deletionSliceObjectsMax } from '../../core/limits.ts'
import type { AuditFilter, AuditNote, AuditRecord, NewAuditRecord } from '../../core/audit.ts'
import type { Result } from '../../core/failure.ts'
import type { AuditRecordId, TenantId } from '../../core/identity.ts'
import type { AuditRecords } from '../../ports/audit-records.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RegistryState } from './registry-state.ts'

export const createMemoryAuditRecords = (state: RegistryState, clock: Clock): AuditRecords => ({
  createAuditRecord: (record) => Promise.resolve(create(state, record, clock.nowMs())),
  readAuditRecord: (tenant, id) => {
    const record = shelvesOf(state, tenant)
      .find((shelf) => shelf.has(id))
      ?.get(id)
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
    const found = [...matching(state, tenant, filter)].sort((left, right) => left.id - right.id)
    const going = found.slice(0, deletionSliceObjectsMax)
    for (const { id, shelf } of going)
      state.tenants.get(tenant)?.auditShelves.get(shelf)?.delete(id)
    return Promise.resolve(success(going.length))
  },
})

type Shelf = Map<AuditRecordId, AuditRecord>

const shelvesOf = (state: RegistryState, tenant: TenantId): readonly Shelf[] => [
  ...(state.tenants.get(tenant)?.auditShelves.values() ?? []),
]

const create = (
  state: RegistryState,
  record: NewAuditRecord,
  nowMs: number,
): Result<AuditRecord> => {
  const shelves = state.tenants.get(record.tenant)?.auditShelves
  if (shelves === undefined) return notFound('tenant', record.tenant)
  state.lastAuditRecordId += 1
  const created = { ...record, id: toAuditRecordId(state.lastAuditRecordId), creationMs: nowMs }
  const shelf = shelves.get(record.shelf) ?? new Map<AuditRecordId, AuditRecord>()
  shelves.set(record.shelf, shelf.set(created.id, created))
  if (shelf.size > shelfRecordsMax(record.shelf)) trim(shelf)
  return success(created)
}

const trim = (shelf: Shelf): void => {
  let left = auditRecordsTrimmed
  for (const id of shelf.keys()) {
    if (left === 0) return
    shelf.delete(id)
    left -= 1
  }
}

const matching = (
  state: RegistryState,
  tenant: TenantId,
  filter: AuditFilter,
): readonly AuditRecord[] =>
  shelvesOf(state, tenant)
    .flatMap((shelf) => [...shelf.values()])
    .filter((record) => matchesAuditRecord(filter, record))

/** The same calls, of which those that change something write the note when they have. */
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
        const look = lookOf(target, String(name), args)
        // Nothing is waited for in between: what is seen before and after is what this call has changed.
        const before = look?.()
        const calling: unknown = Reflect.apply(call, target, args)
        const after = look?.()
        const result = await calling
        const made = valueOf(result)
        if (made === undefined) return result
        if (look !== undefined && isDeepStrictEqual(await before, await after)) return result
        const nowMs = clock.nowMs()
        create(state, recordOf(note, madeIdOf(made.value), nowMs), nowMs)
        return result
      }
    },
  })

const readNames = /^(read|list|find|count|known|resolve|revision|noting)/

const lookOf = (
  target: object,
  name: string,
  args: readonly unknown[],
): (() => unknown) | undefined => {
  const look: unknown = Reflect.get(target, changeShownBy.get(name) ?? '')
  if (typeof look !== 'function') return undefined
  return () => {
    const shown: unknown = Reflect.apply(look, target, args.slice(0, 2))
    return shown
  }
}

/** Of a result that is ok. */
const valueOf = (result: unknown): { readonly value: unknown } | undefined => {
  if (typeof result !== 'object' || result === null || !('ok' in result)) return undefined
  return result.ok === true && 'value' in result ? { value: result.value } : undefined
}
