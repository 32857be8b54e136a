import { isDeepStrictEqual } from 'node:util'
import { changeShownBy, madeIdOf, recordOf } from '../../../core/audit.ts'
import { createAuditInsert } from './audit-operations.ts'
import { decodeArguments } from '../decode-message.ts'
import type { Database } from 'better-sqlite3'
import type { AuditNote } from '../../../core/audit.ts'
import type { Result } from '../../../core/failure.ts'
import type { Operation, Operations } from '../calls.ts'

/**
 * Any of these operations with its audit record: both are in the transaction, and a change that fails or changes nothing
 * leaves no record.
 */
export const createNotedWrites = (db: Database, writes: Operations, reads: Operations) => {
  const writeNamed = operationsOf(writes)
  const readNamed = operationsOf(reads)
  const insert = createAuditInsert(db)
  return {
    noted: (
      note: AuditNote,
      nowMs: number,
      name: string,
      args: readonly unknown[],
    ): Result<unknown> => {
      const operation = writeNamed(name)
      const shownBy = changeShownBy.get(name)
      const look = shownBy === undefined ? undefined : readNamed(shownBy)
      const shown = decodeArguments(args.slice(0, 2))
      const before = look?.(...shown)
      const result = operation(...decodeArguments(args))
      if (!result.ok) return result
      const isChanged = look === undefined || !isDeepStrictEqual(before, look(...shown))
      if (isChanged) insert(recordOf(note, madeIdOf(result.value), nowMs), nowMs)
      return result
    },
  }
}

const operationsOf = (operations: Operations): ((name: string) => Operation) => {
  const byName = new Map<string, Operation>(Object.entries(operations))
  return (name) => {
    const operation = byName.get(name)
    if (operation === undefined) throw new Error(`there is no operation ${name}`)
    return operation
  }
}
