import type { Database } from 'better-sqlite3'
import { isDictionaryShape, joinOwnNames, splitNames } from './stored-fragments.ts'
import type { StoredFragments } from './stored-fragments.ts'

/** The small numbers that stand for tenants, types and shapes (sets of fragment names, in order). */
export type Dictionaries = {
  readonly tenant: (name: string) => number
  readonly type: (text: string) => number
  /** The shape's number and the row's text for these fragments. */
  readonly shape: (stored: StoredFragments) => { readonly shape: number; readonly text: string }
  /** To be called after every rollback: what was added in the transaction is gone. */
  readonly forget: () => void
}

/** Entries kept in memory for each dictionary; beyond it all of them are read anew. */
const cachedEntriesMax = 10_000

/** The number of rows that carry their own names. */
const ownNamesShape = 0

export const createDictionaries = (db: Database): Dictionaries => {
  const tenants = createDictionary(db, tenantSql)
  const types = createDictionary(db, typeSql)
  const shapes = createDictionary(db, shapeSql, createShapeIndexer(db))
  return {
    tenant: tenants.number,
    type: types.number,
    shape: (stored) =>
      isDictionaryShape(stored.names)
        ? { shape: shapes.number(stored.names), text: stored.values }
        : { shape: ownNamesShape, text: joinOwnNames(stored) },
    forget: () => {
      tenants.forget()
      types.forget()
      shapes.forget()
    },
  }
}

type DictionarySql = { readonly find: string; readonly add: string }

const tenantSql: DictionarySql = {
  find: 'select id from tenant where name = ?',
  add: 'insert into tenant (name) values (?) returning id',
}

const typeSql: DictionarySql = {
  find: 'select id from type where text = ?',
  add: 'insert into type (text) values (?) returning id',
}

const shapeSql: DictionarySql = {
  find: 'select id from shape where names = ?',
  add: 'insert into shape (names) values (?) returning id',
}

const createDictionary = (
  db: Database,
  sql: DictionarySql,
  onAdd: (id: number, key: string) => void = () => undefined,
) => {
  const find = db.prepare<[string], number>(sql.find).pluck()
  const add = db.prepare<[string], number>(sql.add).pluck()
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
    number: (key: string): number => known.get(key) ?? looked(key),
    forget: () => {
      known.clear()
    },
  }
}

const createShapeIndexer = (db: Database): ((shape: number, names: string) => void) => {
  const add = db.prepare<[string, number]>(
    'insert or ignore into shape_fragment (name, shape) values (?, ?)',
  )
  return (shape, names) => {
    for (const name of splitNames(names)) add.run(name, shape)
  }
}
