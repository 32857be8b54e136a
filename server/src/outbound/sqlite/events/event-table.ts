import type { Database } from 'better-sqlite3'
import { nextId } from '../../../core/event-id.ts'
import { addFragmentFunction, allOf, visibleConditions } from './event-conditions.ts'
import type { Cover } from './event-conditions.ts'
import { decodeFilter, eventColumns, eventRows } from './decode-event.ts'
import { createDictionaries } from './dictionaries.ts'
import type { Dictionaries } from './dictionaries.ts'
import type { BatchEvent } from './decode-batch.ts'
import type { EventRow } from './decode-event.ts'

/** What all writes share: the counter, the dictionaries, and the rows by id and by duplicate key. */
export type EventTable = {
  readonly dictionaries: Dictionaries
  readonly takeId: (nowMs: number) => number
  readonly insert: (id: number, tenant: number, creationMs: number, event: BatchEvent) => void
  readonly findEqual: (tenant: number, event: BatchEvent) => FoundEvent | undefined
  /** The row as it can be seen now; undefined when it is another tenant's or covered by a deletion. */
  readonly find: (tenant: number, id: number) => EventRow | undefined
  readonly update: (row: RowChange) => void
  readonly remove: (id: number) => void
  /** Active deletions changed: read them anew before the next look. */
  readonly forgetCovers: () => void
  /** Writes the counter. The last thing in every transaction that took ids. */
  readonly saveCounter: () => void
  /** After a rollback: everything in memory is read anew. */
  readonly forget: () => void
}

export type FoundEvent = { readonly id: number; readonly creationMs: number }

export type RowChange = {
  readonly id: number
  readonly changed: number
  readonly lastUpdatedMs: number
  readonly text: string
  readonly names: string
  readonly values: string
}

export const createEventTable = (db: Database): EventTable => {
  addFragmentFunction(db)
  const dictionaries = createDictionaries(db)
  const counter = createCounter(db)
  const covers = createCovers(db)
  const remove = db.prepare<[number]>('delete from event where id = ?')
  return {
    dictionaries,
    takeId: counter.take,
    insert: createInsert(db, dictionaries),
    findEqual: createFindEqual(db, dictionaries, covers),
    find: createFind(db, covers),
    update: createUpdate(db, dictionaries),
    remove: (id) => {
      remove.run(id)
    },
    forgetCovers: covers.forget,
    saveCounter: counter.save,
    forget: () => {
      dictionaries.forget()
      counter.forget()
      covers.forget()
    },
  }
}

const createCounter = (db: Database) => {
  const read = db.prepare<[], number>("select value from counter where name = 'high-water'").pluck()
  const write = db.prepare<[number]>("update counter set value = ? where name = 'high-water'")
  let saved = read.get() ?? 0
  let last = saved
  return {
    take: (nowMs: number): number => {
      last = nextId(last, nowMs)
      return last
    },
    save: () => {
      if (last !== saved) write.run(last)
      saved = last
    },
    forget: () => {
      saved = read.get() ?? 0
      last = saved
    },
  }
}

export type Covers = {
  readonly of: (tenant: number) => readonly Cover[]
  readonly forget: () => void
}

/** The running deletions of each tenant that has any; nearly always none at all. */
const createCovers = (db: Database): Covers => {
  const read = db.prepare<[], { id: number; tenant: number; filter: string }>(
    'select id, tenant, filter from deletion_job order by id',
  )
  let known: Map<number, Cover[]> | undefined
  const load = (): Map<number, Cover[]> => {
    const loaded = new Map<number, Cover[]>()
    for (const { id, tenant, filter } of read.all()) {
      const cover = { job: id, filter: decodeFilter(filter) }
      loaded.set(tenant, [...(loaded.get(tenant) ?? []), cover])
    }
    return loaded
  }
  return {
    of: (tenant) => {
      known ??= load()
      return known.get(tenant) ?? []
    },
    forget: () => {
      known = undefined
    },
  }
}

const insertSql = `insert into event (id, tenant, source, type, shape, time_ms, offset_minutes,
  creation_ms, text, fragments, digest) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const createInsert = (db: Database, dictionaries: Dictionaries): EventTable['insert'] => {
  const insert = db.prepare<(string | number | null)[]>(insertSql)
  return (id, tenant, creationMs, event) => {
    const type = dictionaries.type(event.type)
    const { shape, text: fragments } = dictionaries.shape(event)
    const { source, timeMs, offsetMinutes, text, digest } = event
    insert.run(
      id,
      tenant,
      source,
      type,
      shape,
      timeMs,
      offsetMinutes,
      creationMs,
      text,
      fragments,
      digest,
    )
  }
}

/** The lowest id first: of several equal events the one that was there first is named. */
const createFindEqual = (
  db: Database,
  dictionaries: Dictionaries,
  covers: Covers,
): EventTable['findEqual'] => {
  const sqlWith = (visible: string) =>
    `select e.id as id, e.creation_ms as creationMs from event e indexed by event_by_source
      where e.tenant = ? and e.source = ? and e.time_ms = ? and e.type = ? and e.digest = ?
        and ${visible} order by e.id limit 1`
  const findAny = db.prepare<(string | number | null)[], FoundEvent>(sqlWith('true'))
  return (tenant, event) => {
    const { source, timeMs, digest } = event
    const type = dictionaries.type(event.type)
    const active = covers.of(tenant)
    if (active.length === 0) return findAny.get(tenant, source, timeMs, type, digest)
    const visible = allOf(visibleConditions(active))
    return db
      .prepare<(string | number | null)[], FoundEvent>(sqlWith(visible.sql))
      .get(tenant, source, timeMs, type, digest, ...visible.values)
  }
}

const createFind = (db: Database, covers: Covers): EventTable['find'] => {
  const sqlWith = (visible: string) =>
    `select ${eventColumns} from event e where e.tenant = ? and e.id = ? and ${visible}`
  const findAny = eventRows(db.prepare(sqlWith('true')))
  return (tenant, id) => {
    const visible = allOf(visibleConditions(covers.of(tenant)))
    const find = visible.values.length === 0 ? findAny : eventRows(db.prepare(sqlWith(visible.sql)))
    return find.get(tenant, id, ...visible.values)
  }
}

const updateSql = `update event set changed = ?, last_updated_ms = ?, text = ?, shape = ?, fragments = ?
  where id = ?`

const createUpdate = (db: Database, dictionaries: Dictionaries): EventTable['update'] => {
  const update = db.prepare<(string | number)[]>(updateSql)
  return ({ id, changed, lastUpdatedMs, text, names, values }) => {
    const { shape, text: fragments } = dictionaries.shape({ names, values })
    update.run(changed, lastUpdatedMs, text, shape, fragments, id)
  }
}
