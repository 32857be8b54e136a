import { madeIdOf, recordOf } from '../../../core/audit.ts'
import { createAuditInsert } from './audit-operations.ts'
import { decodeArguments } from '../decode-message.ts'
import type { Database } from 'better-sqlite3'
import type { AuditNote } from '../../../core/audit.ts'
import type { Result } from '../../../core/failure.ts'
import type { Operation, Operations } from '../calls.ts'

/** Any of these operations with its audit record: both are in the transaction, and a change that fails leaves no record. */
export const createNotedWrites = (db: Database, writes: Operations) => {
  const byName = new Map<string, Operation>(Object.entries(writes))
  const insert = createAuditInsert(db)
  return {
    noted: (
      note: AuditNote,
      nowMs: number,
      name: string,
      args: readonly unknown[],
    ): Result<unknown> => {
      const operation = byName.get(name)
      if (operation === undefined) throw new Error(`there is no operation ${name}`)
      const result = operation(...decodeArguments(args))
      if (result.ok) insert(recordOf(note, madeIdOf(result.value), nowMs), nowMs)
      return result
    },
  }
}
