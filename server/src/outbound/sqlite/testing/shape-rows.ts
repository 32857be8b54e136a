import Database from 'better-sqlite3'
import { partFileTables } from '../parts/tables/part-schema.ts'

/** The roll-ups of a part's file in which tenant 1 has rows of so many shapes, two types each. */
export const openShapes = (shapes: number): Database.Database => {
  const db = new Database(':memory:')
  db.exec(partFileTables)
  const insert = db.prepare('insert into type_rollup values (1, ?, ?, ?, ?, ?)')
  for (let shape = 1; shape <= shapes; shape += 1) {
    insert.run(1, shape, 2, shape, 10 * shape)
    insert.run(2, shape, 3, -shape, shape)
  }
  return db
}

export const forgetShapes = (db: Database.Database): void => {
  db.exec('delete from type_rollup')
}
