import Database from 'better-sqlite3'
import type { Statement } from 'better-sqlite3'
import { fileTables, headTables, partColumns } from '../parts/tables/part-schema.ts'

type Db = Database.Database

/** Everything that lies in a part's file, in the order of its keys. */
export type PartContent = {
  readonly rows: readonly PartContentRow[]
  readonly tenants: readonly (readonly [id: number, name: string])[]
  readonly types: readonly (readonly [id: number, text: string])[]
  readonly shapes: readonly (readonly [id: number, names: string])[]
  readonly shapeFragments: readonly (readonly [name: string, shape: number])[]
  /** Tenant, rows, bytes, least and greatest time. */
  readonly tenantRollup: readonly (readonly number[])[]
  /** Tenant, source, rows, least and greatest time. */
  readonly sourceRollup: readonly (readonly number[])[]
  /** Tenant, type, shape, rows, least and greatest time. */
  readonly typeRollup: readonly (readonly number[])[]
}

export type PartContentRow = {
  readonly id: number
  readonly tenant: number
  readonly source: number
  readonly type: number
  readonly shape: number
  readonly time_ms: number
  readonly text: string
  readonly fragments: string
}

export const readPartContent = (path: string): PartContent => {
  const db = new Database(path, { readonly: true, fileMustExist: true })
  const pairs = <Row>(statement: Statement<[], Row>): readonly Row[] => statement.raw().all()
  const numbers = (sql: string) => db.prepare<[], readonly number[]>(sql).raw().all()
  try {
    return {
      rows: rowsOf(db, fileTables.event),
      tenants: pairs(
        db.prepare<[], readonly [number, string]>('select id, name from tenant order by id'),
      ),
      types: pairs(
        db.prepare<[], readonly [number, string]>('select id, text from type order by id'),
      ),
      shapes: pairs(
        db.prepare<[], readonly [number, string]>('select id, names from shape order by id'),
      ),
      shapeFragments: pairs(
        db.prepare<[], readonly [string, number]>(
          'select name, shape from shape_fragment order by name, shape',
        ),
      ),
      tenantRollup: numbers('select * from tenant_rollup order by tenant'),
      sourceRollup: numbers('select * from source_rollup order by tenant, source'),
      typeRollup: numbers('select * from type_rollup order by tenant, type, shape'),
    }
  } finally {
    db.close()
  }
}

/** The rows of a part that has its tables in the head. */
export const readHeadRows = (head: Db, part: number): readonly PartContentRow[] =>
  rowsOf(head, headTables(part).event)

const rowsOf = (db: Db, table: string): readonly PartContentRow[] =>
  db.prepare<[], PartContentRow>(`select ${partColumns} from ${table} order by id`).all()

export const setPartFormat = (path: string, format: number): void =>
  damagePart(path, `pragma user_version = ${format}`)

/** Whoever looks at rows of the part now finds nothing at all. */
export const removeEvents = (path: string): void => damagePart(path, 'delete from event')

/** Runs statements on a part's file, as nobody ever does. */
export const damagePart = (path: string, sql: string): void => {
  const db = new Database(path)
  db.exec(sql)
  db.close()
}

type PartDamage = { readonly name: string; readonly sql: string; readonly problem: string }

/** What may be wrong with a part's file although the engine finds it sound, and the words that must say so. */
export const partDamages: readonly PartDamage[] = [
  {
    name: 'it has another format',
    sql: 'pragma user_version = 2',
    problem: 'the file has format 2',
  },
  {
    name: 'an index is missing',
    sql: 'drop index event_by_time',
    problem: 'event_by_time is not as',
  },
  {
    name: 'there is a table too many',
    sql: 'create table extra (id integer) strict',
    problem: 'extra is not as',
  },
  {
    name: 'a count of a tenant is wrong',
    sql: 'update tenant_rollup set rows = rows + 1 where tenant = 1',
    problem: 'tenant_rollup (tenant, rows',
  },
  {
    name: 'the bytes of a tenant are wrong',
    sql: 'update tenant_rollup set bytes = bytes + 1 where tenant = 1',
    problem: 'tenant_rollup (tenant, bytes)',
  },
  {
    name: 'a source is not counted',
    sql: 'delete from source_rollup where tenant = 1',
    problem: 'source_rollup (',
  },
  {
    name: 'a time of a type is wrong',
    sql: 'update type_rollup set max_time_ms = max_time_ms + 1 where tenant = 1',
    problem: 'type_rollup (',
  },
  {
    name: 'a tenant has no name',
    sql: 'delete from tenant where id = 1',
    problem: '1 entries of tenant are missing',
  },
  {
    name: 'a type is in no row',
    sql: "insert into type (id, text) values (99, 'nowhere')",
    problem: '1 entries of type are in no row',
  },
  {
    name: 'a name of a shape is not listed',
    sql: 'delete from shape_fragment',
    problem: 'shape_fragment has other names than shape',
  },
]
