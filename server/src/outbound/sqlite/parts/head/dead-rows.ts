import type { Database } from 'better-sqlite3'

/** A row of a closed or sealed part, as far as the lists of the dead know it. */
export type DeadRow = {
  readonly tenant: number
  readonly timeMs: number
  readonly id: number
  readonly source: number
  readonly type: number
  readonly shape: number
}

/** The rows of closed and sealed parts that are gone. Inside a transaction, like everything that writes. */
export type DeadRows = {
  readonly isDead: (part: number, row: Pick<DeadRow, 'tenant' | 'timeMs' | 'id'>) => boolean
  /** Answers how many of the rows were alive. All are of one tenant. */
  readonly add: (part: number, rows: Iterable<DeadRow>, version: number) => number
  /** The tenant has nothing left in the part: `rows` of it were alive. */
  readonly addTenant: (part: number, tenant: number, rows: number, version: number) => void
  /** How many rows of the tenant are dead in the part. */
  readonly rowsOf: (part: number, tenant: number) => number
  /** Ids of a part, for its columns. */
  readonly idsOf: (part: number) => readonly number[]
  /** Whether a whole tenant has gone from the part after `version`. */
  readonly hasGoneSince: (part: number, version: number) => boolean
  /** What has died in the part after `version`. */
  readonly diedSince: (part: number, version: number) => readonly DeadRow[]
  /** A part that has rows here and is not in the catalogue any more. */
  readonly findLeft: () => number | undefined
  /** Forgets at most `max` rows of such a part; the part itself with the last of them. */
  readonly removeSlice: (part: number, max: number) => void
}

export const createDeadRows = (head: Database): DeadRows => {
  const find = head
    .prepare<number[], number>(
      'select 1 from dead where part = ? and tenant = ? and time_ms = ? and id = ?',
    )
    .pluck()
  const insert = head.prepare<number[]>(
    `insert or ignore into dead (part, tenant, time_ms, id, source, type, shape, version)
      values (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const count = createCount(head)
  const rowsOf = head
    .prepare<[number, number], number>('select rows from dead_tenant where part = ? and tenant = ?')
    .pluck()
  const idsOf = head.prepare<[number], number>('select id from dead where part = ?').pluck()
  return {
    isDead: (part, { tenant, timeMs, id }) => find.get(part, tenant, timeMs, id) === 1,
    add: (part, rows, version) => {
      let [added, tenantOfAll] = [0, 0]
      for (const { tenant, timeMs, id, source, type, shape } of rows) {
        tenantOfAll = tenant
        added += insert.run(part, tenant, timeMs, id, source, type, shape, version).changes
      }
      if (added > 0) count({ part, tenant: tenantOfAll, rows: added, isGone: 0, version })
      return added
    },
    addTenant: (part, tenant, rows, version) => count({ part, tenant, rows, isGone: 1, version }),
    rowsOf: (part, tenant) => rowsOf.get(part, tenant) ?? 0,
    idsOf: (part) => idsOf.all(part),
    ...createLeavings(head),
  }
}

type Counted = {
  readonly part: number
  readonly tenant: number
  readonly rows: number
  readonly isGone: number
  readonly version: number
}

const createCount = (head: Database): ((counted: Counted) => void) => {
  const addTenant = head.prepare<[Counted]>(
    `insert into dead_tenant (part, tenant, rows, is_gone, version)
      values (@part, @tenant, @rows, @isGone, @version)
      on conflict do update set rows = rows + @rows, is_gone = max(is_gone, @isGone),
        version = @version`,
  )
  const addPart = head.prepare<[number, number]>(
    'update part set dead_rows = dead_rows + ? where number = ?',
  )
  return (counted) => {
    addTenant.run(counted)
    addPart.run(counted.rows, counted.part)
  }
}

const diedSql = `select tenant, time_ms as timeMs, id, source, type, shape from dead
  where part = ? and version > ?`

const leftSql = `select part from dead_tenant
  where part not in (select number from part) limit 1`

const createLeavings = (
  head: Database,
): Pick<DeadRows, 'diedSince' | 'hasGoneSince' | 'findLeft' | 'removeSlice'> => {
  const died = head.prepare<[number, number], DeadRow>(diedSql)
  const goneLater = head
    .prepare<[number, number], number>(
      'select exists (select 1 from dead_tenant where part = ? and is_gone = 1 and version > ?)',
    )
    .pluck()
  const left = head.prepare<[], number>(leftSql).pluck()
  const removeRows = head.prepare<[number, number, number]>(
    `delete from dead where part = ? and (tenant, time_ms, id) in
      (select tenant, time_ms, id from dead where part = ? limit ?)`,
  )
  const removeTenants = head.prepare<[number]>('delete from dead_tenant where part = ?')
  return {
    hasGoneSince: (part, version) => goneLater.get(part, version) === 1,
    diedSince: (part, version) => died.all(part, version),
    findLeft: () => left.get(),
    removeSlice: (part, max) => {
      if (removeRows.run(part, part, max).changes < max) removeTenants.run(part)
    },
  }
}
