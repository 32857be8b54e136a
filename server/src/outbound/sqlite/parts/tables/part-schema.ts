import type { Migration } from '../../migrations.ts'
import { partFormat0001 } from '../part-format-0001.ts'

/**
 * The tables of one part: in a file of its own without a suffix, in the head with the part's number behind
 * each name (`event_7`), so that they can go together when the part has its file.
 */
export type PartTables = {
  readonly event: string
  readonly type: string
  readonly shape: string
  readonly shapeFragment: string
}

/** Of a sealed part, in its own file. */
export const fileTables: PartTables = {
  event: 'event',
  type: 'type',
  shape: 'shape',
  shapeFragment: 'shape_fragment',
}

/** Of a hot or closed part, in the head. */
export const headTables = (part: number): PartTables => ({
  event: `event_${part}`,
  type: `type_${part}`,
  shape: `shape_${part}`,
  shapeFragment: `shape_fragment_${part}`,
})

/** The tables of a part, in a file of its own or in the head. */
export const createPartTables = (tables: PartTables): string => partFormat0001.tables(tables)

export const dropPartTables = ({ event, type, shape, shapeFragment }: PartTables): string =>
  [event, type, shape, shapeFragment].map((table) => `drop table ${table};`).join('\n')

/** The shape of rows that carry their own names. */
export const ownNamesShape = 0

/** Every column of `event`, in the order of the table. */
export const partColumns = `id, tenant, source, type, shape, time_ms, offset_minutes, creation_ms,
  last_updated_ms, changed, text, fragments, digest`

/** Built once, over all rows of a part that will never get another one. */
export const partIndexes = partFormat0001.indexes

/** The format of a part's file, kept in `user_version`. It is written once and never migrated in place. */
export const partFileFormat = partFormat0001.format

/** What a part's file has beside its events. */
export const partFileTables = partFormat0001.fileTables

/** The whole format of part files as one piece of SQL, to compare a file with. */
export const partFileMigration: Migration = {
  format: partFileFormat,
  sql: createPartTables(fileTables) + partFileTables + partIndexes,
}
