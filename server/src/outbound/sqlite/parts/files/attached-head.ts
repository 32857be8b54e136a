import type { Database } from 'better-sqlite3'
import { headPath } from '../tables/part-files.ts'
import type { Part } from '../tables/catalogue.ts'

/** The head beside a part's file on one connection, which only reads it. */
export const attachHead = (db: Database, folder: string): void => {
  db.prepare('attach ? as head').run(headPath(folder))
}

/** The number of the commit that the snapshot sees. */
export const readHeadVersion = (db: Database): number =>
  Number(db.prepare('select version from head.counter').pluck().get())

/** Undefined for a part that the catalogue does not name. */
export const stateOfPart = (db: Database, part: number): Part['state'] | undefined =>
  db
    .prepare<[number], Part['state']>('select state from head.part where number = ?')
    .pluck()
    .get(part)
