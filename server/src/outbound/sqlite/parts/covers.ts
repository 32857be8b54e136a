import type { Database } from 'better-sqlite3'
import { decodeFilter } from '../events/decode-event.ts'
import type { Cover } from './part-row.ts'

/** The running deletions of each tenant that has any; nearly always none at all. */
export type Covers = {
  readonly of: (tenant: number) => readonly Cover[]
  /** Jobs have changed, or a transaction was rolled back: they are read anew before the next look. */
  readonly forget: () => void
}

type Row = {
  readonly job: number
  readonly tenant: number
  readonly filter: string
  readonly donePart: number
}

export const createCovers = (head: Database): Covers => {
  const list = head.prepare<[], Row>(
    'select id as job, tenant, filter, done_part as donePart from job order by id',
  )
  let known: ReadonlyMap<number, readonly Cover[]> | undefined
  return {
    of: (tenant) => {
      known ??= byTenant(list.all())
      return known.get(tenant) ?? none
    },
    forget: () => {
      known = undefined
    },
  }
}

const none: readonly Cover[] = []

const byTenant = (rows: readonly Row[]): ReadonlyMap<number, readonly Cover[]> => {
  const covers = new Map<number, Cover[]>()
  for (const { job, tenant, filter, donePart } of rows) {
    const list = covers.get(tenant) ?? []
    list.push({ job, filter: decodeFilter(filter), donePart })
    covers.set(tenant, list)
  }
  return covers
}
