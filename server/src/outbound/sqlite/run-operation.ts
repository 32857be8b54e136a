import type { Database } from 'better-sqlite3'
import type { Result } from '../../core/failure.ts'
import type { Operation, Operations } from './calls.ts'
import { decodeArguments } from './decode-message.ts'

/** Runs named operations over one database, each in a transaction of its own. */
export type RunOperation = (name: string, args: readonly unknown[]) => Result<unknown> | undefined

/**
 * Commits what succeeded and rolls back what failed or threw. Answers undefined for a name that
 * is none of these operations.
 */
export const createRunOperation = (
  db: Database,
  operations: Operations,
  kind: 'read' | 'write',
): RunOperation => {
  const byName = new Map<string, Operation>(Object.entries(operations))
  const begin = db.prepare(kind === 'write' ? 'begin immediate' : 'begin deferred')
  const commit = db.prepare('commit')
  const rollback = db.prepare('rollback')
  return (name, args) => {
    const operation = byName.get(name)
    if (!operation) return undefined
    begin.run()
    try {
      const result = operation(...decodeArguments(args))
      if (result.ok) commit.run()
      return result
    } finally {
      if (db.inTransaction) rollback.run()
    }
  }
}
