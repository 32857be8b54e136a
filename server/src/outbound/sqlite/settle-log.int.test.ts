import { cpSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { headFile } from './database-files.ts'
import { openForReading, openForWriting } from './open-database.ts'
import { settleLog } from './settle-log.ts'
import { scratchFolder } from './testing/scratch-store.contract.ts'

const headIn = (folder: string) => ({
  ...headFile({ folder, eventsBytesMax: undefined }),
  path: join(folder, 'a.db'),
})

/** A database as a kill leaves it: that it was made stands in the log alone. */
const killedDatabase = (): string => {
  const [before, after] = [scratchFolder(), scratchFolder()]
  const db = openForWriting(headIn(before))
  cpSync(before, after, { recursive: true })
  db.close()
  return after
}

/** What the database says by itself: the copy leaves the log behind. */
const formatWithoutLog = (path: string): unknown => {
  const alone = join(scratchFolder(), 'a.db')
  cpSync(path, alone)
  const db = openForReading(alone)
  try {
    return db.pragma('user_version', { simple: true })
  } finally {
    db.close()
  }
}

it('what a log says is in the database itself before anything follows from it', () => {
  const { path, ...rest } = headIn(killedDatabase())
  expect(formatWithoutLog(path)).toBe(0)
  const db = openForWriting({ path, ...rest })
  settleLog(db)
  expect(formatWithoutLog(path)).toBe(rest.migrations.length)
  expect(statSync(`${path}-wal`).size).toBe(0)
  db.close()
})

const refusingWith = (name: string, code: string) => ({
  name,
  pragma: () => {
    throw new Database.SqliteError('the storage refused', code)
  },
})

it('a log that the disk has no room to write back is kept; any other failure is told', () => {
  const { path } = headIn(killedDatabase())
  settleLog(refusingWith(path, 'SQLITE_FULL'))
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(0)
  expect(() => settleLog(refusingWith(path, 'SQLITE_IOERR_WRITE'))).toThrow('the storage refused')
  rmSync(`${path}-wal`)
  expect(() => settleLog(refusingWith(path, 'SQLITE_FULL'))).toThrow('ENOENT')
})
