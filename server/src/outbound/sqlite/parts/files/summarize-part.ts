import type { Database } from 'better-sqlite3'
import { ordinaryTimeMs, outliersMax } from '../tables/catalogue.ts'
import type { PartSummary } from '../between-threads/janitor-messages.ts'

/**
 * The catalogue's row of a part's file, but for its size. Ordinary is a time that lies within `ordinaryTimeMs` of the
 * creations of the rows that were never changed: a changed row may have come from a much older part, and must not
 * make the times of that day ordinary here. Where all rows were changed, their creations have to do.
 */
export const summarizePart = (db: Database): Omit<PartSummary, 'bytes'> => {
  const { freshMinMs, freshMaxMs, ...bounds } = readBounds(db)
  const ordinary = { fromMs: freshMinMs - ordinaryTimeMs, toMs: freshMaxMs + ordinaryTimeMs }
  return { ...bounds, ...readTimes(db, ordinary), outliers: readOutliers(db, ordinary) }
}

/** Both inclusive. */
type Times = { readonly fromMs: number; readonly toMs: number }

type Bounds = Omit<PartSummary, 'bytes' | 'minTimeMs' | 'maxTimeMs' | 'outliers'> & {
  readonly freshMinMs: number
  readonly freshMaxMs: number
}

const boundsSql = `select count(*) as rows, count(digest) as uniqueRows,
  coalesce(min(id), 0) as minId, coalesce(max(id), 0) as maxId,
  coalesce(max(coalesce(changed, id)), 0) as maxChanged,
  coalesce(min(creation_ms), 0) as minCreationMs, coalesce(max(creation_ms), 0) as maxCreationMs,
  coalesce(min(creation_ms) filter (where changed is null), min(creation_ms), 0) as freshMinMs,
  coalesce(max(creation_ms) filter (where changed is null), max(creation_ms), 0) as freshMaxMs
  from event`

const readBounds = (db: Database): Bounds => {
  const bounds = db.prepare<[], Bounds>(boundsSql).get()
  if (!bounds) throw new Error('an aggregate has one row')
  return bounds
}

/** For each tenant one look into the index from either side. */
const timesSql = `select
  min((select min(e.time_ms) from event e indexed by event_by_time
    where e.tenant = r.tenant and e.time_ms >= :fromMs)) as minTimeMs,
  max((select max(e.time_ms) from event e indexed by event_by_time
    where e.tenant = r.tenant and e.time_ms <= :toMs)) as maxTimeMs
  from tenant_rollup r`

type OrdinaryTimes = Pick<PartSummary, 'minTimeMs' | 'maxTimeMs'>

/** No range overlaps this one. */
const noTimes: OrdinaryTimes = {
  minTimeMs: Number.MAX_SAFE_INTEGER,
  maxTimeMs: Number.MIN_SAFE_INTEGER,
}

const readTimes = (db: Database, ordinary: Times): OrdinaryTimes => {
  const { minTimeMs, maxTimeMs } = db
    .prepare<[Times], Nullable<OrdinaryTimes>>(timesSql)
    .get(ordinary) ?? { minTimeMs: null, maxTimeMs: null }
  if (minTimeMs === null || maxTimeMs === null) return noTimes
  // Where no time is ordinary, the first from one side lies beyond the other.
  return minTimeMs > ordinary.toMs ? noTimes : { minTimeMs, maxTimeMs }
}

type Nullable<T> = { readonly [Key in keyof T]: T[Key] | null }

const outliersSql = `select distinct source from source_rollup
  where min_time_ms < :fromMs or max_time_ms > :toMs order by source limit ${outliersMax + 1}`

const readOutliers = (db: Database, ordinary: Times): string | null => {
  const sources = db.prepare<[Times], number>(outliersSql).pluck().all(ordinary)
  return sources.length > outliersMax ? null : JSON.stringify(sources)
}
