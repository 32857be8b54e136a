import { mkdirSync } from 'node:fs'
import Database from 'better-sqlite3'
import { toEventId, toManagedObjectId, toTenantId } from '../../../core/identity.ts'
import { encodeNames, encodeValues, joinOwnNames, splitNames } from '../events/stored-fragments.ts'
import { columnSlots } from '../parts/between-threads/columns.ts'
import { migration0001 } from '../parts/migration-0001.ts'
import { eventsFolder, headPath } from '../parts/tables/part-files.ts'
import { createPartTables, headTables, partColumns } from '../parts/tables/part-schema.ts'
import type { PartSummary } from '../parts/between-threads/janitor-messages.ts'
import type { StoredEvent } from '../../../core/event.ts'
import type { Fragments } from '../../../core/fragments.ts'

type Db = Database.Database

/** An event as it lies in a part, before dictionaries. `tenant` is the number of tenant `t<number>`. */
export type ScratchRow = {
  readonly id: number
  readonly tenant: number
  readonly source: number
  readonly type: string
  readonly timeMs: number
  readonly creationMs: number
  readonly lastUpdatedMs: number | null
  readonly changed: number | null
  readonly text: string
  readonly fragments: Fragments
  /** Whether the names lie in the row instead of in a shape. */
  readonly hasOwnNames: boolean
  readonly digest: string | null
}

export type ScratchHead = { readonly folder: string; readonly head: Db }

/** Makes an empty folder a data folder with nothing but a head without parts. */
export const openScratchHead = (folder: string): ScratchHead => {
  mkdirSync(eventsFolder(folder), { recursive: true })
  const head = new Database(headPath(folder))
  head.pragma('journal_mode = wal')
  // A test's folder need not outlive a power cut.
  head.pragma('synchronous = off')
  head.exec(migration0001.sql)
  for (let tenant = 1; tenant <= 9; tenant += 1) {
    head.prepare('insert into tenant (id, name) values (?, ?)').run(tenant, `t${tenant}`)
  }
  return { folder, head }
}

/** Adds a closed part with these rows to the head; the dictionaries have an entry that no row uses. */
export const addClosedPart = (head: Db, part: number, rows: readonly ScratchRow[]): void => {
  head.transaction(() => {
    const tables = headTables(part)
    head.exec(createPartTables(tables))
    head
      .prepare('insert into part (number, state, slot, rows) values (?, ?, ?, ?)')
      .run(part, 'closed', part % columnSlots, rows.length)
    const types = createNumbers(head, `insert into ${tables.type} (id, text) values (?, ?)`)
    const shapes = createNumbers(head, `insert into ${tables.shape} (id, names) values (?, ?)`)
    const fragment = head.prepare(
      `insert or ignore into ${tables.shapeFragment} (name, shape) values (?, ?)`,
    )
    types('never used')
    for (const name of splitNames('never\nused')) fragment.run(name, shapes('never\nused'))
    const insert = head.prepare(
      `insert into ${tables.event} (${partColumns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    for (const row of rows) {
      const names = encodeNames(row.fragments)
      const values = encodeValues(row.fragments)
      const shape = row.hasOwnNames ? 0 : shapes(names)
      if (shape !== 0) for (const name of splitNames(names)) fragment.run(name, shape)
      insert.run(
        ...[row.id, row.tenant, row.source, types(row.type), shape, row.timeMs, 60],
        ...[row.creationMs, row.lastUpdatedMs, row.changed, row.text],
        ...[shape === 0 ? joinOwnNames({ names, values }) : values, row.digest],
      )
    }
  })()
}

const createNumbers = (db: Db, sql: string): ((key: string) => number) => {
  const insert = db.prepare(sql)
  const known = new Map<string, number>()
  return (key) => {
    const number = known.get(key) ?? known.size + 1
    if (!known.has(key)) insert.run(number, key)
    known.set(key, number)
    return number
  }
}

/** Names the row dead, as the writer does. The part may be closed in the head or have a file. */
export const addDead = (head: Db, part: number, rows: readonly ScratchRow[]): void => {
  const dead = head.prepare(
    `insert or ignore into dead (part, tenant, time_ms, id, source, type, shape, version)
      values (?, ?, ?, ?, ?, 1, 1, 1)`,
  )
  const count = head.prepare(
    `insert into dead_tenant (part, tenant, rows, version) values (?, ?, 1, 1)
      on conflict (part, tenant) do update set rows = rows + 1`,
  )
  head.transaction(() => {
    for (const row of rows) {
      const added = dead.run(part, row.tenant, row.timeMs, row.id, row.source)
      if (added.changes === 1) count.run(part, row.tenant)
    }
  })()
}

/** Marks the tenant as having nothing left in the part. */
export const addGoneTenant = (head: Db, part: number, tenant: number): void => {
  head
    .prepare(
      `insert into dead_tenant (part, tenant, rows, is_gone, version) values (?, ?, 0, 1, 1)
        on conflict (part, tenant) do update set is_gone = 1`,
    )
    .run(part, tenant)
}

export const toStoredEvent = (row: ScratchRow): StoredEvent => ({
  tenant: toTenantId(`t${row.tenant}`),
  id: toEventId(row.id),
  source: toManagedObjectId(row.source),
  type: row.type,
  text: row.text,
  time: { ms: row.timeMs, offsetMinutes: 60 },
  creationMs: row.creationMs,
  lastUpdatedMs: row.lastUpdatedMs ?? row.creationMs,
  fragments: row.fragments,
})

export const setHeadVersion = (head: Db, version: number): void => {
  head.prepare('update counter set version = ?').run(version)
}

/** Puts the part's file in force, as the writer does. */
export const markSealed = (head: Db, part: number, summary: PartSummary): void => {
  head
    .prepare<[PartSummary & { readonly part: number }]>(
      `update part set state = 'sealed', min_id = @minId, max_id = @maxId, max_changed = @maxChanged,
        min_creation_ms = @minCreationMs, max_creation_ms = @maxCreationMs where number = @part`,
    )
    .run({ ...summary, part })
}

/** Makes the counter fit the parts, as every commit of the writer does. */
export const countParts = (head: Db): void => {
  head.exec(`update counter set catalogue = catalogue + 1, high_water = 1000000,
    parts = (select max(number) from part)`)
}
