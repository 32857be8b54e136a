import type { Database } from 'better-sqlite3'
import { runningDeletionsMax } from '../../../core/limits.ts'
import type { EventFilter } from '../../../core/event-query.ts'
import { decodeFilter } from '../events/decode-event.ts'

/** A deletion by filter that is not done with every part yet. Its row hides at once what it covers. */
export type Job = {
  readonly id: number
  readonly tenant: number
  readonly filter: EventFilter
  /** In the parts up to this one nothing is left to do. */
  readonly donePart: number
}

/** The running deletions, at most `runningDeletionsMax` of a tenant. Inside a transaction, like everything that writes. */
export type Jobs = {
  /** Whether the tenant has fewer than `runningDeletionsMax`. */
  readonly hasRoom: (tenant: number) => boolean
  readonly add: (job: number, tenant: number, filterText: string, nowMs: number) => void
  readonly list: () => readonly Job[]
  readonly advance: (
    job: number,
    step: { readonly donePart?: number; readonly removed: number },
  ) => void
  /** Whether the tenant had it. */
  readonly remove: (tenant: number, job: number) => boolean
}

type Row = Omit<Job, 'filter'> & { readonly filter: string }

export const createJobs = (head: Database): Jobs => {
  const count = head.prepare<[number], number>('select count(*) from job where tenant = ?').pluck()
  const add = head.prepare<[number, number, string, number]>(
    'insert into job (id, tenant, filter, started_ms) values (?, ?, ?, ?)',
  )
  const list = head.prepare<[], Row>(
    'select id, tenant, filter, done_part as donePart from job order by id',
  )
  const advance = head.prepare<[number, number | null, number]>(
    `update job set removed_events = removed_events + ?, done_part = coalesce(?, done_part)
      where id = ?`,
  )
  const remove = head.prepare<[number, number]>('delete from job where tenant = ? and id = ?')
  return {
    hasRoom: (tenant) => (count.get(tenant) ?? 0) < runningDeletionsMax,
    add: (job, tenant, filterText, nowMs) => {
      add.run(job, tenant, filterText, nowMs)
    },
    list: () => list.all().map((row) => ({ ...row, filter: decodeFilter(row.filter) })),
    advance: (job, { donePart, removed }) => {
      advance.run(removed, donePart ?? null, job)
    },
    remove: (tenant, job) => remove.run(tenant, job).changes > 0,
  }
}
