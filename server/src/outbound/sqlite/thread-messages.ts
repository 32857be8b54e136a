import type { MessagePort } from 'node:worker_threads'
import type { Result } from '../../core/failure.ts'
import type { StoreHealth } from '../../ports/event-store.ts'
import type { ColumnMemory } from './parts/between-threads/columns.ts'
import type { SnapshotMemory } from './parts/between-threads/snapshots.ts'
import type { StoreNumberMemory } from './parts/between-threads/store-numbers.ts'
import type { StandStillMemory } from './stand-still.ts'

/** What a thread is told when it starts. */
export type ThreadData = {
  readonly folder: string
  /** The largest size of the events' head in bytes; undefined for as large as the disk. */
  readonly eventsBytesMax: number | undefined
}

/** What the writer thread has beside it. */
export type WriterData = ThreadData & {
  /** Memory of the columns, one for each slot. */
  readonly columns: readonly ColumnMemory[]
  readonly snapshots: SnapshotMemory
  /** Marked while files of parts are copied. */
  readonly copying: SnapshotMemory
  readonly standStill: StandStillMemory
  readonly numbers: StoreNumberMemory
  /** Rows from which a part is closed. */
  readonly partRows: number
  /** Bytes of the disk that events leave free; 0 for none. */
  readonly diskReserveBytes: number
  /** Bytes of events that each tenant may have; 0 for no limit. */
  readonly tenantBytesMax: number
  /** To the janitor. */
  readonly janitor: MessagePort
}

export type ReaderData = ThreadData & {
  readonly columns: readonly ColumnMemory[]
  readonly snapshots: SnapshotMemory
  /** Its place among the readers. */
  readonly reader: number
}

export type JanitorData = ThreadData & { readonly writer: MessagePort }

/** Of the thread that takes a backup. */
export type CopierData = ThreadData & {
  readonly diskReserveBytes: number
  readonly standStill: StandStillMemory
  /** Not 0 when nobody wants the copy any more. */
  readonly givenUp: SharedArrayBuffer
}

/** To a thread. Calls are answered in the order in which they were made. */
export type ToThread =
  | {
      readonly kind: 'call'
      readonly name: string
      readonly args: readonly unknown[]
      readonly nowMs: number
      /** Longer it may not take; undefined for as long as it needs. */
      readonly budgetMs: number | undefined
    }
  | { readonly kind: 'close' }

/** From a thread. `too-long` answers a call that did not end in time, `bug` one that threw what nobody expected. */
export type FromThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'answer'; readonly result: Result<unknown> }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'bug'; readonly message: string }
  | { readonly kind: 'health'; readonly state: StoreHealth['state'] }
  | { readonly kind: 'log'; readonly message: string; readonly cause: string }

export const describeCause = (cause: unknown): string =>
  cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
