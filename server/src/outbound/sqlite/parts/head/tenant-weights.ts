import type { Database } from 'better-sqlite3'
import { rowBytesSql, rowOverheadBytes, tenantBytesSql } from '../tables/part-rollups.ts'
import type { PartTables } from '../tables/part-schema.ts'

/**
 * What the living rows of each tenant weigh in a part without a file, in bytes, counted as its file will count them.
 * Changes belong to the transaction under way until it ends.
 */
export type TenantWeights = {
  readonly bytesOf: (tenant: number) => number
  /** A new row has these texts. */
  readonly add: (tenant: number, type: string, text: string, fragments: string) => void
  /** The row weighs what its table says now. */
  readonly enter: (tenant: number, id: number) => void
  /** The row is about to go, or to be changed; its table still has it. */
  readonly leave: (tenant: number, id: number) => void
  readonly committed: () => void
  readonly takeBack: () => void
}

/** Where no tenant has a limit nobody asks. */
export const noWeights: TenantWeights = {
  bytesOf: () => 0,
  add: () => undefined,
  enter: () => undefined,
  leave: () => undefined,
  committed: () => undefined,
  takeBack: () => undefined,
}

/** Begins with what lies in the tables, dead rows included. */
export const createTenantWeights = (head: Database, tables: PartTables): TenantWeights => {
  const rowBytes = head.prepare<[number], number>(rowBytesSql(tables)).pluck()
  const all = head.prepare<[], { readonly tenant: number; readonly bytes: number }>(
    tenantBytesSql(tables),
  )
  const weights = new Map(all.all().map(({ tenant, bytes }) => [tenant, bytes]))
  const pending = new Map<number, number>()
  const bytesOf = (tenant: number): number => weights.get(tenant) ?? 0
  const weigh = (tenant: number, bytes: number): void => {
    weights.set(tenant, bytesOf(tenant) + bytes)
    pending.set(tenant, (pending.get(tenant) ?? 0) + bytes)
  }
  return {
    bytesOf,
    add: (tenant, ...texts) => weigh(tenant, rowOverheadBytes + octetsOf(texts)),
    enter: (tenant, id) => weigh(tenant, rowBytes.get(id) ?? 0),
    leave: (tenant, id) => weigh(tenant, -(rowBytes.get(id) ?? 0)),
    committed: () => pending.clear(),
    takeBack: () => {
      for (const [tenant, bytes] of pending) weights.set(tenant, bytesOf(tenant) - bytes)
      pending.clear()
    },
  }
}

const octetsOf = (texts: readonly string[]): number => {
  let octets = 0
  for (const text of texts) octets += Buffer.byteLength(text)
  return octets
}
