import type { Database } from 'better-sqlite3'
import type { BatchEvent } from '../../events/decode-batch.ts'
import type { StoredFragments } from '../../events/stored-fragments.ts'
import { addHash, createBloomFilter, shrinkFilter } from '../between-threads/bloom-filter.ts'
import type { BloomFilter } from '../between-threads/bloom-filter.ts'
import type { Columns } from '../between-threads/columns.ts'
import { createDictionaries, dictionaryCharactersSql } from './dictionaries.ts'
import type { Dictionaries } from './dictionaries.ts'
import { createDuplicateHash, hashOf } from '../duplicates/duplicate-hash.ts'
import type { DuplicateHash } from '../duplicates/duplicate-hash.ts'
import { loadedRows, partRows } from '../tables/decode-part-row.ts'
import { createColumnWriter } from './part-columns.ts'
import type { ColumnWriter } from './part-columns.ts'
import { selectPartRows, tenantOf } from '../tables/part-row.ts'
import type { PartRow } from '../tables/part-row.ts'
import { headTables } from '../tables/part-schema.ts'
import { createPartSize } from './part-size.ts'
import type { PartTables } from '../tables/part-schema.ts'
import type { PartSize } from './part-size.ts'
import { createTenantWeights, noWeights } from './tenant-weights.ts'
import type { TenantWeights } from './tenant-weights.ts'

/**
 * A part whose rows lie in the head, with its columns and its share of the duplicate check. Rows are added to the
 * hot one only. Everything belongs to the transaction under way: `committed` or `takeBack` ends it.
 */
export type HeadPart = {
  readonly number: number
  readonly slot: number
  readonly columns: Columns
  /** Entries of the columns: rows, and versions of rows that have been replaced. */
  readonly length: () => number
  /** What its rows weigh, about: in a file of their own, and in the head. */
  readonly bytes: () => number
  readonly headBytes: () => number
  /** What a tenant's living rows weigh in a file; 0 unless tenants are weighed. */
  readonly tenantBytes: (tenant: number) => number
  readonly insert: (row: NewRow, version: number) => void
  /** Replaces a row of the hot part. */
  readonly update: (change: RowUpdate, version: number) => void
  /** Removes a row of the hot part, or of a closed one that no file is being built of. */
  readonly remove: (id: number, version: number) => void
  /** Takes a dead row of a closed part out of the columns; in the head it stays. */
  readonly hide: (id: number, version: number) => void
  readonly find: (tenant: number, id: number) => PartRow | undefined
  /** Living rows that have this time and the source and digest of this hash (`hashOf`), or seem to. */
  readonly findAlike: (hash: number, timeMs: number) => readonly PartRow[]
  /** The filter of its rows with a digest, so many; undefined when there are none, or far more than in most parts. */
  readonly uniqueFilter: (rows: number) => BloomFilter | undefined
  /** The part's number of a type, if it has met it. */
  readonly findType: (text: string) => number | undefined
  readonly publish: () => void
  readonly committed: () => void
  readonly takeBack: () => void
  readonly forgetNumbers: () => void
}

/** An event that comes into the hot part: new, or changed and therefore moved from an older one. */
export type NewRow = {
  readonly id: number
  readonly tenant: number
  readonly creationMs: number
  /** Of a row that has been changed; its number and its time. */
  readonly update?: { readonly changed: number; readonly lastUpdatedMs: number }
  readonly event: BatchEvent
}

/** A new version of a row of the hot part. */
export type RowUpdate = StoredFragments & {
  readonly id: number
  readonly changed: number
  readonly lastUpdatedMs: number
  readonly text: string
}

export const createHeadPart = (
  head: Database,
  { number, slot, weighsTenants }: HeadPartPlace,
  columns: Columns,
): HeadPart => {
  const weights = weighsTenants ? createTenantWeights(head, headTables(number)) : noWeights
  const rows = { ...openRows(head, number, columns), weights }
  const { sql, entries, dictionaries, size, uniques } = rows
  const hide = (id: number, version: number): void => {
    const position = entries.positionOf(id)
    if (position === undefined) return
    weights.leave(columns.tenants[position] ?? 0, id)
    entries.markGone(position, version)
  }
  return {
    number,
    slot,
    columns,
    length: entries.length,
    bytes: size.fileBytes,
    headBytes: size.headBytes,
    tenantBytes: weights.bytesOf,
    insert: (row, version) => insert(rows, row, version),
    update: (change, version) => update(rows, change, version),
    remove: (id, version) => {
      hide(id, version)
      const characters = sql.remove.get(id)
      if (characters !== undefined) size.add(-1, -characters)
    },
    hide,
    find: (tenant, id) => {
      if (entries.positionOf(id) === undefined) return undefined
      const row = sql.find.get(id)
      return row && tenantOf(row) === tenant ? row : undefined
    },
    findAlike: (hash, timeMs) => findAlike(rows, hash, timeMs),
    uniqueFilter: uniques.filter,
    findType: (text) => sql.findType.get(text),
    publish: entries.publish,
    committed: () => {
      entries.committed()
      uniques.committed()
      size.committed()
      weights.committed()
    },
    takeBack: () => {
      weights.takeBack()
      size.takeBack()
      uniques.takeBack()
      entries.takeBack()
      dictionaries.forget()
    },
    forgetNumbers: dictionaries.forget,
  }
}

export type HeadPartPlace = {
  readonly number: number
  readonly slot: number
  /** Whether to know what each tenant has in it. */
  readonly weighsTenants: boolean
}

type WeighedRows = Rows & { readonly weights: TenantWeights }

type Rows = {
  readonly columns: Columns
  readonly sql: ReturnType<typeof prepare>
  readonly entries: ColumnWriter
  readonly hash: DuplicateHash
  readonly uniques: Uniques
  readonly dictionaries: Dictionaries
  readonly size: PartSize
}

const openRows = (head: Database, number: number, columns: Columns): Rows => {
  const tables = headTables(number)
  const hash = createDuplicateHash()
  const size = createPartSize()
  const rows = {
    columns,
    sql: prepare(head, tables),
    entries: createColumnWriter(columns),
    hash,
    uniques: createUniques(hash),
    dictionaries: createDictionaries(head, tables, (characters) => size.add(0, characters)),
    size,
  }
  load(rows)
  return rows
}

const insert = (
  { sql, entries, dictionaries, size, uniques, weights }: WeighedRows,
  { id, tenant, creationMs, update: updated, event }: NewRow,
  version: number,
): void => {
  const type = dictionaries.type(event.type)
  const { shape, text: fragments } = dictionaries.shape(tenant, event)
  const { source, timeMs, offsetMinutes, text, digest } = event
  sql.insert.run(
    id,
    tenant,
    source,
    type,
    shape,
    timeMs,
    offsetMinutes,
    creationMs,
    updated?.lastUpdatedMs ?? null,
    updated?.changed ?? null,
    text,
    fragments,
    digest,
  )
  const { changed, lastUpdatedMs } = updated ?? { changed: id, lastUpdatedMs: creationMs }
  const position = entries.append(
    { id, tenant, source, type, shape, timeMs, creationMs, lastUpdatedMs, changed },
    version,
  )
  size.add(1, text.length + fragments.length)
  weights.add(tenant, event.type, text, fragments)
  if (digest !== null) uniques.add(position, hashOf(source, timeMs, digest))
}

const update = (
  { sql, entries, dictionaries, size, uniques, weights }: WeighedRows,
  { id, changed, lastUpdatedMs, text, names, values }: RowUpdate,
  version: number,
): void => {
  const position = entries.positionOf(id)
  if (position === undefined) throw new Error('only a row that is there can be changed')
  const old = entries.entryAt(position)
  const { shape, text: fragments } = dictionaries.shape(old.tenant, { names, values })
  const replaced = sql.characters.get(id) ?? 0
  weights.leave(old.tenant, id)
  sql.update.run(changed, lastUpdatedMs, text, shape, fragments, id)
  weights.enter(old.tenant, id)
  entries.markGone(position, version)
  const now = entries.append({ ...old, shape, lastUpdatedMs, changed }, version)
  size.add(0, text.length + fragments.length - replaced)
  const digest = sql.digest.get(id)
  if (typeof digest === 'string') uniques.add(now, hashOf(old.source, old.timeMs, digest))
}

const findAlike = (
  { columns, sql, hash }: Rows,
  wanted: number,
  timeMs: number,
): readonly PartRow[] => {
  let found: PartRow[] | undefined
  let position = hash.newest(wanted)
  for (; position >= 0; position = hash.older(position)) {
    if (columns.gone[position] !== 0 || columns.times[position] !== timeMs) continue
    const row = sql.find.get(columns.ids[position] ?? 0)
    if (row) (found ??= []).push(row)
  }
  return found ?? none
}

/** Nearly every event is new: nothing is made for its look. */
const none: readonly PartRow[] = []

type Uniques = {
  readonly add: (position: number, hash: number) => void
  readonly filter: (rows: number) => BloomFilter | undefined
  readonly committed: () => void
  readonly takeBack: () => void
}

/** As many as a part has, about: 256 KiB. */
const filterRows = 2 ** 18

/** Remembers what the transaction under way has added to the hash. What it takes back stays in the filter, which may. */
const createUniques = (hash: DuplicateHash): Uniques => {
  let filter: BloomFilter | undefined
  let added: { readonly position: number; readonly hash: number }[] = []
  return {
    add: (position, value) => {
      hash.add(position, value)
      addHash((filter ??= createBloomFilter(filterRows)), value)
      added.push({ position, hash: value })
    },
    filter: (rows) => filter && shrinkFilter(filter, rows),
    committed: () => {
      added = []
    },
    takeBack: () => {
      for (const entry of added.toReversed()) hash.takeBack(entry.position, entry.hash)
      added = []
    },
  }
}

const prepare = (head: Database, tables: PartTables) => ({
  insert: head.prepare<(string | number | null)[]>(
    `insert into ${tables.event} (id, tenant, source, type, shape, time_ms, offset_minutes,
      creation_ms, last_updated_ms, changed, text, fragments, digest)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ),
  update: head.prepare<(string | number)[]>(
    `update ${tables.event} set changed = ?, last_updated_ms = ?, text = ?, shape = ?, fragments = ?
      where id = ?`,
  ),
  characters: head
    .prepare<[number], number>(
      `select length(text) + length(fragments) from ${tables.event} where id = ?`,
    )
    .pluck(),
  remove: head
    .prepare<[number], number>(
      `delete from ${tables.event} where id = ? returning length(text) + length(fragments)`,
    )
    .pluck(),
  digest: head
    .prepare<[number], string | null>(`select digest from ${tables.event} where id = ?`)
    .pluck(),
  find: partRows(head.prepare(`${selectPartRows(tables)} where e.id = ?`)),
  findType: head.prepare<[string], number>(`select id from ${tables.type} where text = ?`).pluck(),
  load: loadedRows(head.prepare(loadSql(tables))),
  dictionaryCharacters: head.prepare<[], number>(dictionaryCharactersSql(tables)).pluck(),
})

const loadSql = ({ event }: PartTables): string =>
  `select id, tenant, source, type, shape, time_ms, creation_ms,
    coalesce(last_updated_ms, creation_ms), coalesce(changed, id),
    length(text) + length(fragments), digest from ${event} order by id`

/** Rows that were there before are visible to every snapshot. */
const loadedVersion = 0

const load = ({ sql, entries, uniques, size }: Rows): void => {
  for (const row of sql.load.iterate()) {
    const [id, tenant, source, type, shape, timeMs, creationMs, lastUpdatedMs, changed] = row
    const position = entries.append(
      { id, tenant, source, type, shape, timeMs, creationMs, lastUpdatedMs, changed },
      loadedVersion,
    )
    const [characters, digest] = [row[9], row[10]]
    size.add(1, characters)
    if (digest !== null) uniques.add(position, hashOf(source, timeMs, digest))
  }
  size.add(0, sql.dictionaryCharacters.get() ?? 0)
  entries.publish()
  entries.committed()
  uniques.committed()
  size.committed()
}
