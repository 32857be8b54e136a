import type { SqlValue, Statements } from '../tables/cached-statements.ts'
import { isWithin } from './part-view.ts'
import type { Stretch, Times } from './part-view.ts'
import { createRememberByPart } from './remember-by-part.ts'

/**
 * Where the times of one tenant's rows lie in one sealed part: nearly all of them close together, because the part was
 * filled one after the other, and apart from them those of devices whose clocks are wrong. Stretches without rows in
 * between let a walk pass the part by.
 */
export type TenantTimes = {
  /** From early to late; none when the tenant has no rows. */
  readonly stretches: readonly Stretch[]
  /** Sources with times outside the usual stretch; undefined when they are too many to be remembered. */
  readonly oddSources: (file: () => Statements) => ReadonlySet<number> | undefined
}

export type ReadTenantTimes = (part: number, tenant: number, file: () => Statements) => TenantTimes

/** Parts of tenants that are remembered, in each thread; beyond, the oldest are forgotten. */
const rememberedMax = 20_000

export const createReadTenantTimes = (): ReadTenantTimes => {
  const remember = createRememberByPart<TenantTimes>({ rememberedMax })
  return (part, tenant, file) =>
    remember(part, tenant, () => createTimes(tenant, readTimes(file(), tenant)))
}

const createTimes = (tenant: number, stretches: readonly Stretch[]): TenantTimes => {
  const usual = stretches.find(({ isUsual }) => isUsual)
  let odd: { readonly sources: ReadonlySet<number> | undefined } | undefined
  return {
    stretches,
    oddSources: (file) => {
      odd ??= { sources: usual ? readOddSources(file(), tenant, usual) : undefined }
      return odd.sources
    },
  }
}

/** Sources remembered for a tenant in a part. Beyond, each one may be odd. */
const oddSourcesMax = 1_000

const oddSql = `select source from source_rollup
  where tenant = ? and (min_time_ms < ? or max_time_ms > ?) limit ${oddSourcesMax + 1}`

const readOddSources = (file: Statements, tenant: number, { minMs, maxMs }: Times) => {
  const sources = file.values<number>(oddSql).all(tenant, minMs, maxMs)
  return sources.length > oddSourcesMax ? undefined : new Set(sources)
}

const rollupSql = `select rows, min_time_ms as minMs, max_time_ms as maxMs from tenant_rollup
  where tenant = ?`

const readTimes = (file: Statements, tenant: number): readonly Stretch[] => {
  const all = file.objects<Times & { readonly rows: number }>(rollupSql).get(tenant)
  if (all === undefined) return []
  const usual = usualTimes(file, tenant, all.rows)
  const bounds = { fromMs: usual.minMs, toMs: usual.maxMs + 1 }
  if (isWithin(all, bounds)) return [{ minMs: all.minMs, maxMs: all.maxMs, isUsual: true }]
  const read = (sql: string, ...values: SqlValue[]): number | null | undefined =>
    file.values<number | null>(sql).get(tenant, ...values)
  const from = 'from event indexed by event_by_time where tenant = ? and time_ms'
  const stretches = [
    [all.minMs, read(`select max(time_ms) ${from} < ?`, usual.minMs)],
    [
      read(`select min(time_ms) ${from} >= ?`, usual.minMs),
      read(`select max(time_ms) ${from} <= ?`, usual.maxMs),
    ],
    [read(`select min(time_ms) ${from} > ?`, usual.maxMs), all.maxMs],
  ] as const
  return stretches.flatMap(([minMs, maxMs], at) =>
    typeof minMs === 'number' && typeof maxMs === 'number' && minMs <= maxMs
      ? { minMs, maxMs, isUsual: at === 1 }
      : [],
  )
}

/** Of a hundred rows this many at either end may be odd ones. */
const oddRowsOf100 = 5
/** What lies no further off than this is no odd one. */
const usualGapMs = 60 * 60 * 1000

/** Nine of ten rows, and as much time again before and after them. */
const usualTimes = (file: Statements, tenant: number, rows: number): Times => {
  const offset = Math.floor((rows * oddRowsOf100) / 100)
  const timeAt = (direction: 'asc' | 'desc'): number => {
    const sql = `select time_ms from event indexed by event_by_time where tenant = ?
      order by time_ms ${direction} limit 1 offset ?`
    return file.values<number>(sql).get(tenant, offset) ?? 0
  }
  const [minMs, maxMs] = [timeAt('asc'), timeAt('desc')]
  const gapMs = Math.max(usualGapMs, maxMs - minMs)
  return { minMs: minMs - gapMs, maxMs: maxMs + gapMs }
}
