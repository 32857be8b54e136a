import type { Database } from 'better-sqlite3'
import { isDictionaryShape, joinOwnNames, splitNames } from '../events/stored-fragments.ts'
import type { StoredFragments } from '../events/stored-fragments.ts'
import { ownNamesShape } from './part-schema.ts'
import type { PartTables } from './part-schema.ts'

/** The small numbers that stand for types and shapes (sets of fragment names, in order) within one part. */
export type Dictionaries = {
  readonly type: (text: string) => number
  /** The shape's number and the row's text for these fragments. */
  readonly shape: (stored: StoredFragments) => { readonly shape: number; readonly text: string }
  /** To be called after every rollback: what was added in the transaction is gone. */
  readonly forget: () => void
}

/** Entries kept in memory for each dictionary; beyond it all of them are read anew. */
const cachedEntriesMax = 10_000

export const createDictionaries = (head: Database, tables: PartTables): Dictionaries => {
  const types = createDictionary(head, dictionarySql(tables.type, 'text'))
  const shapes = createDictionary(
    head,
    dictionarySql(tables.shape, 'names'),
    createShapeIndexer(head, tables),
  )
  return {
    type: types.number,
    shape: (stored) =>
      isDictionaryShape(stored.names)
        ? { shape: shapes.number(stored.names), text: stored.values }
        : { shape: ownNamesShape, text: joinOwnNames(stored) },
    forget: () => {
      types.forget()
      shapes.forget()
    },
  }
}

/** Tenants are numbered once for all parts. */
export const createTenantNumbers = (head: Database): Dictionary =>
  createDictionary(head, dictionarySql('tenant', 'name'))

/** Numbers for texts; a text that has none yet gets the next one, in the transaction under way. */
export type Dictionary = {
  readonly number: (key: string) => number
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
  const looked = (key: string): number => {
    const id = find.get(key) ?? added(key)
    if (known.size >= cachedEntriesMax) known.clear()
    known.set(key, id)
    return id
  }
  return {
    number: (key) => known.get(key) ?? looked(key),
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
