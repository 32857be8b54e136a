import type { Database } from 'better-sqlite3'
import { createInTransaction } from '../../transaction.ts'
import { createReadCatalogue } from '../tables/catalogue.ts'
import type { Catalogue } from '../tables/catalogue.ts'
import type { SnapshotMark } from '../between-threads/snapshots.ts'

/** What a call sees: the head as one commit left it. */
export type Snapshot = { readonly version: number; readonly catalogue: Catalogue }

/** Runs a call in a snapshot of its own. */
export type InSnapshot = <T>(run: (snapshot: Snapshot) => T) => T

const counterSql = 'select version, catalogue from counter'

/** While `run` runs, nothing that its snapshot needs is let go of (snapshots.ts). */
export const createInSnapshot = (head: Database, mark: SnapshotMark): InSnapshot => {
  const counter = head.prepare<[], { readonly version: number; readonly catalogue: number }>(
    counterSql,
  )
  const readCatalogue = createReadCatalogue(head)
  const inTransaction = createInTransaction(head, 'read')
  return (run) => {
    mark.begin()
    try {
      return inTransaction(() => {
        const numbers = counter.get()
        if (numbers === undefined) throw new Error('the head always has its counter')
        mark.hold(numbers.version)
        return run({ version: numbers.version, catalogue: readCatalogue(numbers.catalogue) })
      })
    } finally {
      mark.end()
    }
  }
}
