import type { Database } from 'better-sqlite3'
import { deletionSliceEventsMax, runningDeletionsMax } from '../../../core/limits.ts'
import type { EventFilter } from '../../../core/event-query.ts'
import { allOf, filterConditions, indexFor } from './event-conditions.ts'
import { decodeFilter } from './decode-event.ts'

/**
 * Deletions by filter. A job's row hides at once what it covers: rows of its tenant that match and whose last
 * change is not after it. Slices then walk the index that suits the filter, in order of time and id, remove
 * what is covered and write how far they came, in one transaction each.
 */
export type Deletions = {
  /** Whether the tenant has fewer than `runningDeletionsMax`. */
  readonly hasRoom: (tenant: number) => boolean
  readonly add: (job: number, tenant: number, filterText: string, nowMs: number) => void
  readonly hasWork: () => boolean
  /** One slice of one job, jobs taking turns. Inside a transaction. */
  readonly removeSlice: () => void
  /** After a rollback. */
  readonly forget: () => void
}

type Job = {
  readonly id: number
  readonly tenant: number
  readonly filter: string
  readonly nextSource: number
  readonly afterTimeMs: number | null
  readonly afterId: number | null
}

const nextJobSql = `select id, tenant, filter, next_source as nextSource,
  after_time_ms as afterTimeMs, after_id as afterId from deletion_job
  order by id <= ?, id limit 1`

export const createDeletions = (db: Database): Deletions => {
  const count = db
    .prepare<[number], number>('select count(*) from deletion_job where tenant = ?')
    .pluck()
  const add = db.prepare<[number, number, string, number]>(
    'insert into deletion_job (id, tenant, filter, started_ms) values (?, ?, ?, ?)',
  )
  const exists = db.prepare<[], number>('select exists (select 1 from deletion_job)').pluck()
  const nextJob = db.prepare<[number], Job>(nextJobSql)
  const removeSliceOf = createSlice(db)
  let work = exists.get() === 1
  let lastJob = 0
  return {
    hasRoom: (tenant) => (count.get(tenant) ?? 0) < runningDeletionsMax,
    add: (job, tenant, filterText, nowMs) => {
      add.run(job, tenant, filterText, nowMs)
      work = true
    },
    hasWork: () => work,
    removeSlice: () => {
      const job = nextJob.get(lastJob)
      if (job) removeSliceOf(job)
      lastJob = job?.id ?? 0
      work = exists.get() === 1
    },
    forget: () => {
      work = exists.get() === 1
    },
  }
}

type Walked = { readonly id: number; readonly timeMs: number; readonly covered: number | null }

const createSlice = (db: Database): ((job: Job) => void) => {
  const remove = db.prepare<[number]>('delete from event where id = ?')
  const advance = db.prepare<(number | null)[]>(
    `update deletion_job set removed_events = removed_events + ?, next_source = ?,
      after_time_ms = ?, after_id = ? where id = ?`,
  )
  const finish = db.prepare<[number]>('delete from deletion_job where id = ?')
  return (job) => {
    const filter = decodeFilter(job.filter)
    const walked = walk(db, job, filter)
    const covered = walked.filter((row) => row.covered === 1)
    for (const { id } of covered) remove.run(id)
    const last = walked.length < deletionSliceEventsMax ? undefined : walked.at(-1)
    const nextSource = job.nextSource + (last ? 0 : 1)
    const sourcesLeft = nextSource < (filter.sources?.length ?? 1)
    if (!last && !sourcesLeft) finish.run(job.id)
    else advance.run(covered.length, nextSource, last?.timeMs ?? null, last?.id ?? null, job.id)
  }
}

/** The next rows on the job's way, whether it covers them or not, so that a slice has a bounded cost. */
const walk = (db: Database, job: Job, filter: EventFilter): readonly Walked[] => {
  const { path, index } = pathOf(job, filter)
  if (path === undefined) return []
  const covered = allOf([
    { sql: 'coalesce(e.changed, e.id) <= ?', values: [job.id] },
    ...filterConditions(filter),
  ])
  const way = allOf([{ sql: 'e.tenant = ?', values: [job.tenant] }, ...filterConditions(path)])
  const sql = (
    place: string,
  ) => `select e.id as id, e.time_ms as timeMs, (${covered.sql}) as covered
    from event e indexed by ${index} where ${way.sql} and ${place} order by e.time_ms, e.id limit ?`
  const rows = (place: string, values: readonly number[], max: number): readonly Walked[] =>
    db
      .prepare<(string | number | null)[], Walked>(sql(place))
      .all(...covered.values, ...way.values, ...values, max)
  const { afterTimeMs, afterId } = job
  if (afterTimeMs === null || afterId === null) return rows('true', [], deletionSliceEventsMax)
  const sameTime = rows(
    'e.time_ms = ? and e.id > ?',
    [afterTimeMs, afterId],
    deletionSliceEventsMax,
  )
  const left = deletionSliceEventsMax - sameTime.length
  return left === 0 ? sameTime : [...sameTime, ...rows('e.time_ms > ?', [afterTimeMs], left)]
}

type Path = { readonly path: EventFilter | undefined; readonly index: string }

/** The part of the filter that an index can walk; one source after the other when there are several. */
const pathOf = (job: Job, filter: EventFilter): Path => {
  const time = filter.time === undefined ? {} : { time: filter.time }
  if (filter.sources !== undefined) {
    const source = filter.sources[job.nextSource]
    const path = source === undefined ? undefined : { sources: [source], ...time }
    return { path, index: 'event_by_source' }
  }
  const path = filter.type === undefined ? time : { type: filter.type, ...time }
  return { path, index: indexFor(path) }
}
