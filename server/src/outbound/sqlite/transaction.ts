import type { Database } from 'better-sqlite3'

/** Runs `run` in a transaction of its own: all of it is in force when this returns, nothing when it throws. */
export type InTransaction = <T>(run: () => T) => T

/** With prepared statements, because it stands on the path of every batch. */
export const createInTransaction = (db: Database, kind: 'read' | 'write'): InTransaction => {
  const begin = db.prepare(kind === 'write' ? 'begin immediate' : 'begin deferred')
  const commit = db.prepare('commit')
  const rollback = db.prepare('rollback')
  return (run) => {
    begin.run()
    try {
      const value = run()
      commit.run()
      return value
    } finally {
      if (db.inTransaction) rollback.run()
    }
  }
}
