import type { Database } from 'better-sqlite3'
import { runningDeletionsMax } from '../../../../core/limits.ts'
import type { EventFilter } from '../../../../core/event-query.ts'
import { decodeFilter } from '../../events/decode-event.ts'
import type { Cover } from '../tables/part-row.ts'

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
  /** It may have ended or been cancelled. */
  readonly isRunning: (job: number) => boolean
  readonly advance: (
    job: number,
    step: { readonly donePart?: number; readonly removed: number },
  ) => void
  /** Whether the tenant had it. */
  readonly remove: (tenant: number, job: number) => boolean
  /** What those of a tenant hide; nearly always nothing. */
  readonly coversOf: (tenant: number) => readonly Cover[]
  /** After a rollback. */
  readonly forget: () => void
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
  /** They are asked for with every batch, and seldom change. */
  let known: Known | undefined
  const now = (): Known => (known ??= toKnown(list.all()))
  const forget = (): void => {
    known = undefined
  }
  return {
    hasRoom: (tenant) => (count.get(tenant) ?? 0) < runningDeletionsMax,
    add: (job, tenant, filterText, nowMs) => {
      add.run(job, tenant, filterText, nowMs)
      forget()
    },
    list: () => now().jobs,
    isRunning: (job) => now().jobs.some(({ id }) => id === job),
    advance: (job, { donePart, removed }) => {
      advance.run(removed, donePart ?? null, job)
      forget()
    },
    remove: (tenant, job) => {
      forget()
      return remove.run(tenant, job).changes > 0
    },
    coversOf: (tenant) => now().covers.get(tenant) ?? noCovers,
    forget,
  }
}

type Known = {
  readonly jobs: readonly Job[]
  readonly covers: ReadonlyMap<number, readonly Cover[]>
}

const noCovers: readonly Cover[] = []

const toKnown = (rows: readonly Row[]): Known => {
  const jobs = rows.map((row) => ({ ...row, filter: decodeFilter(row.filter) }))
  const covers = new Map<number, Cover[]>()
  for (const { id, tenant, filter, donePart } of jobs) {
    covers.set(tenant, [...(covers.get(tenant) ?? []), { job: id, filter, donePart }])
  }
  return { jobs, covers }
}
