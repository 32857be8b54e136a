import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { openForWriting } from '../open-database.ts'
import { scratchFolder } from './scratch-store.contract.ts'

const sql = 'create table filler (bytes blob)'

export type Filler = {
  readonly path: string
  readonly db: Database.Database
  readonly fill: (bytes: number) => void
  /** From now on nothing changes for the reader. */
  readonly beginReading: () => void
  readonly endReading: () => void
}

/** A database as the writer opens one, to fill, with somebody who reads it. Gone when the test has ended. */
export const openFiller = (): Filler => {
  const path = join(scratchFolder(), 'some.db')
  const db = openForWriting({ path, migrations: [{ format: 1, sql }] })
  const reader = new Database(path, { readonly: true })
  onTestFinished(() => {
    reader.close()
    db.close()
  })
  return {
    path,
    db,
    fill: (bytes) => {
      db.prepare('insert into filler values (randomblob(?))').run(bytes)
    },
    beginReading: () => {
      reader.exec('begin; select count(*) from filler')
    },
    endReading: () => {
      reader.exec('commit')
    },
  }
}
