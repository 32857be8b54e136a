import type { Statement } from 'better-sqlite3'
import type { PartRow } from './part-row.ts'

/** The rows of a statement made of `selectPartRows`. */
export const partRows = (statement: Statement): Statement<(string | number | null)[], PartRow> =>
  statement.raw(true) as Statement<(string | number | null)[], PartRow>

/** What restores the columns of a part: see `loadSql` in head-part.ts. */
export type LoadedRow = readonly [
  id: number,
  tenant: number,
  source: number,
  type: number,
  shape: number,
  timeMs: number,
  creationMs: number,
  lastUpdatedMs: number,
  changed: number,
  bytes: number,
  digest: string | null,
]

export const loadedRows = (statement: Statement): Statement<[], LoadedRow> =>
  statement.raw(true) as Statement<[], LoadedRow>
