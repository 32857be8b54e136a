import type { Database, Statement } from 'better-sqlite3'

/** Statements that are put together, by their text: values are bound, so that requests of one shape share one. */
export type KeptStatements<Values extends object, Row> = (sql: string) => Statement<[Values], Row>

/** Callers decide the shapes of queries, so only so many are kept; beyond, all are forgotten. */
const keptMax = 200

export const createKeptStatements = <Values extends object, Row>(
  db: Database,
): KeptStatements<Values, Row> => {
  const kept = new Map<string, Statement<[Values], Row>>()
  return (sql) => {
    const known = kept.get(sql)
    if (known !== undefined) return known
    if (kept.size >= keptMax) kept.clear()
    const made = db.prepare<[Values], Row>(sql)
    kept.set(sql, made)
    return made
  }
}
