import type { Database } from 'better-sqlite3'
import { mayBeInLog } from '../../storage-error.ts'
import { createInTransaction } from '../../transaction.ts'
import { queuedEventsMax } from '../../../../core/limits.ts'
import type { InTransaction } from '../../transaction.ts'
import type { ColumnMemory } from '../between-threads/columns.ts'
import { createCounter } from './counter.ts'
import type { Counter } from './counter.ts'
import { createDeadRows } from './dead-rows.ts'
import type { DeadRows } from './dead-rows.ts'
import { createTenantNumbers } from './dictionaries.ts'
import type { Dictionary } from './dictionaries.ts'
import { createEventTable } from './event-table.ts'
import type { EventTable } from './event-table.ts'
import { createJobs } from './jobs.ts'
import type { Jobs } from './jobs.ts'
import { createJournal } from './journal.ts'
import type { Journal } from './journal.ts'
import type { PartConnections } from '../tables/part-connections.ts'
import { beginFirstPart, createPartSet } from './part-set.ts'
import type { PartSet } from './part-set.ts'
import { createUniqueFilters } from '../duplicates/unique-filters.ts'
import type { UniqueFilters } from '../duplicates/unique-filters.ts'
import { createTenantSizes } from './tenant-sizes.ts'
import type { TenantSizes } from './tenant-sizes.ts'

/** Everything that the writer keeps of the head, and the one way to change it. */
export type StoreState = {
  readonly head: Database
  readonly counter: Counter
  readonly tenants: Dictionary
  readonly dead: DeadRows
  readonly parts: PartSet
  readonly jobs: Jobs
  readonly journal: Journal
  readonly table: EventTable
  readonly connections: PartConnections
  readonly uniqueFilters: UniqueFilters
  /** Undefined when tenants have no limit. */
  readonly tenantSizes: TenantSizes | undefined
  /** All of `run` is in force when this returns; when it throws, nothing is, in memory neither. */
  readonly commit: InTransaction
  /**
   * The same without a wait for the disk: until the next `commit` a power cut may take it back. Only for what is simply
   * done again then, such as a slice of a deletion whose own commit hides it, and from which nothing outside the head
   * follows: a file is removed after a `commit` only.
   */
  readonly commitUnsynced: InTransaction
  /**
   * The version of a commit that failed and may be in the log all the same: a crash now, and the next start has it in
   * force. Over with the next `commit`, which takes its place there; Infinity when there is none. No file that it names,
   * and none that it does not name any more, may go before.
   */
  readonly doubtfulFrom: () => number
}

export type StoreStateParts = {
  /** One for each slot of columns. */
  readonly memory: readonly ColumnMemory[]
  readonly connections: PartConnections
  /** Rows from which a part is closed. */
  readonly partRows: number
  /** Bytes of events that each tenant may have; 0 for no limit. */
  readonly tenantBytesMax: number
}

/**
 * Brings what is in the head into memory: a first part when there is none, columns of hot and closed parts. Files of
 * sealed parts are not looked at.
 */
export const openStoreState = (
  head: Database,
  { memory, connections, partRows, tenantBytesMax }: StoreStateParts,
): StoreState => {
  const inTransaction = createInTransaction(head, 'write')
  inTransaction(() => beginFirstPart(head))
  const counter = createCounter(head)
  const tenants = createTenantNumbers(head)
  const dead = createDeadRows(head)
  const parts = createPartSet({ head, counter, dead, memory, weighsTenants: tenantBytesMax > 0 })
  const jobs = createJobs(head)
  const uniqueFilters = createUniqueFilters()
  const table = createEventTable({
    ...{ tenants, counter, jobs, dead, parts, connections, uniqueFilters },
    // While files cannot be built as fast as events arrive, the hot part grows on, up to twice its size.
    hotEntriesMax: 2 * partRows + queuedEventsMax,
  })
  const journal = createJournal(head, table, () => parts.hot().forgetNumbers())
  const tenantSizes = createTenantSizes({ parts, dead, counter, connections }, tenantBytesMax)
  const state = {
    ...{ head, counter, tenants, dead, parts, jobs, journal, table, connections, tenantSizes },
    uniqueFilters,
  }
  const doubt: Doubt = { from: Infinity }
  const noting = notingDoubt(doubt, counter, inTransaction)
  return {
    ...state,
    commit: createCommit(state, endingDoubt(doubt, noting)),
    commitUnsynced: createCommit(state, withoutSync(head, noting)),
    doubtfulFrom: () => doubt.from,
  }
}

type Doubt = { from: number }

const notingDoubt =
  (doubt: Doubt, counter: Counter, inTransaction: InTransaction): InTransaction =>
  (run) => {
    const version = counter.version()
    try {
      return inTransaction(run)
    } catch (error) {
      if (mayBeInLog(error)) doubt.from = Math.min(doubt.from, version)
      throw error
    }
  }

const endingDoubt =
  (doubt: Doubt, inTransaction: InTransaction): InTransaction =>
  (run) => {
    const value = inTransaction(run)
    doubt.from = Infinity
    return value
  }

/** The WAL keeps the order of commits: what the disk has of later ones, it has of this one too. */
const withoutSync =
  (head: Database, inTransaction: InTransaction): InTransaction =>
  (run) => {
    head.pragma('synchronous = normal')
    try {
      return inTransaction(run)
    } finally {
      head.pragma('synchronous = full')
    }
  }

/** Entries in shared memory are published before the commit and taken back when it fails (columns.ts). */
const createCommit =
  (
    {
      counter,
      tenants,
      jobs,
      parts,
      journal,
      tenantSizes,
    }: Omit<StoreState, 'commit' | 'commitUnsynced' | 'doubtfulFrom'>,
    inTransaction: InTransaction,
  ): InTransaction =>
  (run) => {
    let isCommitted = false
    try {
      const value = inTransaction(() => {
        const made = run()
        counter.save()
        parts.publish()
        return made
      })
      isCommitted = true
      counter.committed()
      parts.committed()
      return value
    } finally {
      if (!isCommitted) {
        counter.forget()
        tenants.forget()
        jobs.forget()
        parts.takeBack()
        tenantSizes?.forget()
        journal.forget()
      }
    }
  }
