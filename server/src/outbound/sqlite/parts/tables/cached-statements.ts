import type { Database, Statement } from 'better-sqlite3'

export type SqlValue = string | number | null

/** Statements by their text, each prepared once; `values` and `arrays` say how rows come back. */
export type Statements = {
  readonly objects: <Row>(sql: string) => Statement<SqlValue[], Row>
  /** The only column. */
  readonly values: <Value>(sql: string) => Statement<SqlValue[], Value>
  readonly arrays: <Row>(sql: string) => Statement<SqlValue[], Row>
}

/** Keeps at most `max` of each kind; the one that was used longest ago goes first. */
export const createStatements = (db: Database, max: number): Statements => {
  const prepared = (sql: string): AnyRow => db.prepare<SqlValue[], never>(sql)
  return {
    objects: createKept(max, prepared),
    values: createKept(max, (sql) => prepared(sql).pluck()),
    arrays: createKept(max, (sql) => prepared(sql).raw()),
  }
}

/** Rows of `never` fit wherever rows of some type are asked for, so that one map can keep all statements. */
type AnyRow = Statement<SqlValue[], never>

/** A map for each kind, because a key made of kind and text would cost more than the look. */
const createKept = (max: number, prepare: (sql: string) => AnyRow): ((sql: string) => AnyRow) => {
  const kept = new Map<string, AnyRow>()
  return (sql) => {
    const statement = kept.get(sql) ?? prepare(sql)
    kept.delete(sql)
    kept.set(sql, statement)
    const [oldest] = kept.size > max ? kept.keys() : []
    if (oldest !== undefined) kept.delete(oldest)
    return statement
  }
}
