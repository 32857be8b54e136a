import type { Database } from 'better-sqlite3'
import { isDictionaryShape, joinOwnNames, splitNames } from '../../events/stored-fragments.ts'
import type { StoredFragments } from '../../events/stored-fragments.ts'
import { indexedNamesOfTenantMax } from '../../../../core/limits.ts'
import { ownNamesShape } from '../tables/part-schema.ts'
import type { PartTables } from '../tables/part-schema.ts'

/** The small numbers that stand for types and shapes (sets of fragment names, in order) within one part. */
export type Dictionaries = {
  readonly type: (text: string) => number
  /** The shape's number and the row's text for these fragments of a tenant's event. */
  readonly shape: (
    tenant: number,
    stored: StoredFragments,
  ) => { readonly shape: number; readonly text: string }
  /** To be called after every rollback: what was added in the transaction is gone. */
  readonly forget: () => void
}

/** Entries kept in memory for each dictionary; beyond it all of them are read anew. */
const cachedEntriesMax = 10_000

/** `weigh` is told what new entries take, in characters, indexes included. */
export const createDictionaries = (
  head: Database,
  tables: PartTables,
  weigh: (characters: number) => void,
): Dictionaries => {
  const types = createDictionary(head, dictionarySql(tables.type, 'text'), (_, text) => {
    weigh(typeCopies * text.length)
  })
  const indexShape = createShapeIndexer(head, tables)
  const shapes = createDictionary(head, dictionarySql(tables.shape, 'names'), (id, names) => {
    weigh(shapeCopies * names.length)
    indexShape(id, names)
  })
  const mayAdd = createBudget()
  const shapeOf = (tenant: number, names: string): number | undefined => {
    if (!isDictionaryShape(names)) return undefined
    return shapes.known(names) ?? (mayAdd(tenant, names) ? shapes.number(names) : undefined)
  }
  return {
    type: types.number,
    shape: (tenant, stored) => {
      const shape = shapeOf(tenant, stored.names)
      return shape === undefined
        ? { shape: ownNamesShape, text: joinOwnNames(stored) }
        : { shape, text: stored.values }
    },
    forget: () => {
      types.forget()
      shapes.forget()
    },
  }
}

/** What lies in the tables: a type with its unique index; a shape with its, and with a row for each of its names. */
const typeCopies = 2
const shapeCopies = 3

/** In characters, as they are weighed when they are added. */
export const dictionaryCharactersSql = ({ type, shape }: PartTables): string =>
  `select ${typeCopies} * (select coalesce(sum(length(text)), 0) from ${type})
    + ${shapeCopies} * (select coalesce(sum(length(names)), 0) from ${shape})`

/**
 * Whether a tenant may add a shape with these names: each of them is a row in an index, so that one who never sends the
 * same names twice would stop everybody else. Counted anew after a start.
 */
const createBudget = (): ((tenant: number, names: string) => boolean) => {
  const spent = new Map<number, number>()
  return (tenant, names) => {
    const after = (spent.get(tenant) ?? 0) + 1 + splitNames(names).length
    if (after > indexedNamesOfTenantMax) return false
    spent.set(tenant, after)
    return true
  }
}

/** Tenants are numbered once for all parts. */
export const createTenantNumbers = (head: Database): Dictionary =>
  createDictionary(head, dictionarySql('tenant', 'name'))

/** Numbers for texts; a text that has none yet gets the next one, in the transaction under way. */
export type Dictionary = {
  readonly number: (key: string) => number
  /** The number of a text that has one. */
  readonly known: (key: string) => number | undefined
  readonly forget: () => void
}

type DictionarySql = { readonly find: string; readonly add: string }

const dictionarySql = (table: string, key: string): DictionarySql => ({
  find: `select id from ${table} where ${key} = ?`,
  add: `insert into ${table} (${key}) values (?) returning id`,
})

const createDictionary = (
  head: Database,
  sql: DictionarySql,
  onAdd: (id: number, key: string) => void = () => undefined,
): Dictionary => {
  const find = head.prepare<[string], number>(sql.find).pluck()
  const add = head.prepare<[string], number>(sql.add).pluck()
  const known = new Map<string, number>()
  const added = (key: string): number => {
    const id = add.get(key)
    if (id === undefined) throw new Error('an insert answers its id')
    onAdd(id, key)
    return id
  }
  const keep = (key: string, id: number): number => {
    if (known.size >= cachedEntriesMax) known.clear()
    known.set(key, id)
    return id
  }
  const looked = (key: string): number | undefined => {
    const id = find.get(key)
    return id === undefined ? undefined : keep(key, id)
  }
  return {
    number: (key) => known.get(key) ?? looked(key) ?? keep(key, added(key)),
    known: (key) => known.get(key) ?? looked(key),
    forget: () => {
      known.clear()
    },
  }
}

const createShapeIndexer = (head: Database, { shapeFragment }: PartTables) => {
  const add = head.prepare<[string, number]>(
    `insert or ignore into ${shapeFragment} (name, shape) values (?, ?)`,
  )
  return (shape: number, names: string): void => {
    for (const name of splitNames(names)) add.run(name, shape)
  }
}
