import type { Database } from 'better-sqlite3'
import { decodeOutliers } from './decode-catalogue.ts'

/** One row of the catalogue. Bounds hold for all rows of a sealed part; for others columns say it all. */
export type Part = {
  readonly number: number
  readonly state: 'hot' | 'closed' | 'sealed'
  /** Of its columns, while it has no file. */
  readonly slot: number
  readonly rows: number
  /** Rows with a digest: those that an equal event may meet. */
  readonly uniqueRows: number
  readonly bytes: number
  /** Rows that are gone, over all tenants: named in `dead`, or all that a gone tenant had. */
  readonly deadRows: number
  readonly minId: number
  readonly maxId: number
  readonly maxChanged: number
  readonly minCreationMs: number
  readonly maxCreationMs: number
  /** Of the rows whose time lies near their creation (`isOrdinaryTime`); none of them when min is above max. */
  readonly minTimeMs: number
  readonly maxTimeMs: number
  /**
   * Sources that have rows with other times, such as devices whose clocks are wrong; undefined when they are more
   * than `outliersMax`, so that any source may be one.
   */
  readonly outliers: ReadonlySet<number> | undefined
  /** Tenants of which nothing is left here. */
  readonly goneTenants: ReadonlySet<number>
}

/** How far a row's time may lie from the creations of its part for its source to be no outlier. */
export const ordinaryTimeMs = 60 * 60 * 1000

/** Sources named one by one in the catalogue; beyond, every source counts as one. */
export const outliersMax = 1_000

/** What parts there are, as one commit of the head left them. */
export type Catalogue = {
  /** All parts, in order of their numbers. */
  readonly parts: readonly Part[]
  readonly byNumber: ReadonlyMap<number, Part>
}

const partsSql = `select number, state, slot, rows, unique_rows as uniqueRows, bytes, dead_rows as deadRows,
  min_id as minId, max_id as maxId, max_changed as maxChanged, min_creation_ms as minCreationMs,
  max_creation_ms as maxCreationMs, min_time_ms as minTimeMs, max_time_ms as maxTimeMs, outliers
  from part order by number`

type PartRow = Omit<Part, 'outliers' | 'goneTenants'> & { readonly outliers: string | null }

/** What may become another while parts stay what they are. */
const briefSql = 'select number, state, slot, dead_rows from part order by number'

type Brief = readonly [number: number, state: Part['state'], slot: number, deadRows: number]

/**
 * Reads the catalogue of the snapshot that `head` is in; the last one is kept while its number stays. Snapshots must come
 * in the order of their commits. While rows die, one slice of a deletion after the other, only what is dead is read.
 */
export const createReadCatalogue = (head: Database): ((catalogue: number) => Catalogue) => {
  const list = head.prepare<[], PartRow>(partsSql)
  const brief = head.prepare<[], Brief>(briefSql).raw()
  const gone = head.prepare<[], { readonly part: number; readonly tenant: number }>(
    'select part, tenant from dead_tenant where is_gone = 1',
  )
  let known: Catalogue = { parts: [], byNumber: new Map() }
  let knownNumber = -1
  return (catalogue) => {
    if (catalogue !== knownNumber) {
      const goneNow = gone.all()
      const counted = goneNow.length === 0 ? withDeaths(known, brief.all()) : undefined
      known = counted ?? toCatalogue(list.all(), goneNow, known)
      knownNumber = catalogue
    }
    return known
  }
}

/** The same parts with what is dead in them now; undefined when they are not the same. */
const withDeaths = ({ parts }: Catalogue, briefs: readonly Brief[]): Catalogue | undefined => {
  if (briefs.length !== parts.length) return undefined
  const now: Part[] = []
  for (const [at, part] of parts.entries()) {
    const [number, state, slot, deadRows = 0] = briefs[at] ?? []
    const isSame = number === part.number && state === part.state && slot === part.slot
    if (!isSame || part.goneTenants.size > 0) return undefined
    now.push(deadRows === part.deadRows ? part : { ...part, deadRows })
  }
  return { parts: now, byNumber: byNumberOf(now) }
}

const byNumberOf = (parts: readonly Part[]): ReadonlyMap<number, Part> =>
  new Map(parts.map((part) => [part.number, part]))

const toCatalogue = (
  rows: readonly PartRow[],
  gone: readonly { readonly part: number; readonly tenant: number }[],
  { byNumber }: Catalogue,
): Catalogue => {
  const goneBy = new Map<number, Set<number>>()
  for (const { part, tenant } of gone) {
    const tenants = goneBy.get(part) ?? new Set<number>()
    goneBy.set(part, tenants.add(tenant))
  }
  const parts = rows.map((row) => ({
    ...row,
    outliers: outliersOf(row, byNumber.get(row.number)),
    goneTenants: goneBy.get(row.number) ?? new Set<number>(),
  }))
  return { parts, byNumber: byNumberOf(parts) }
}

/** What a file says never changes, and there may be thousands of sources in all of them. */
const outliersOf = (row: PartRow, known: Part | undefined): Part['outliers'] =>
  known?.state === 'sealed' ? known.outliers : decodeOutliers(row.outliers)

/** Whether a row of this source may have a time that is not ordinary there. */
export const isOutlier = ({ outliers }: Part, source: number): boolean =>
  outliers === undefined || outliers.has(source)
