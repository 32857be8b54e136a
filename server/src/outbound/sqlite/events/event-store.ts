import { success } from '../../../core/failure.ts'
import { toEventId, toJobId, toReceiptId } from '../../../core/identity.ts'
import type { AdmittedEvent, StoredEvent } from '../../../core/event.ts'
import type { Failure, Result } from '../../../core/failure.ts'
import type { TenantId } from '../../../core/identity.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { AcceptedState, DeletionJob, EventStore, Receipt } from '../../../ports/event-store.ts'
import type { StoreHealth, UniqueReceipt } from '../../../ports/event-store.ts'
import type { CallOf } from '../calls.ts'
import { unavailable } from '../storage-error.ts'
import type { Batcher, Weight } from './batcher.ts'
import { callKinds, pushEvent, pushHead } from './decode-batch.ts'
import type { CallAnswer, CallKind, Primitive } from './decode-batch.ts'
import { decodeEvent, decodeFilter } from './decode-event.ts'
import type { AcceptedRow, DeletionRow, EventReads } from '../parts/reading/event-reads.ts'
import { encodeNames, encodeValues } from './stored-fragments.ts'

export type SqliteEventStoreParts = {
  readonly batcher: Batcher
  readonly read: CallOf<EventReads>
  readonly clock: Clock
  readonly healthState: () => StoreHealth['state']
  /** Ends the threads; everything has been answered before. */
  readonly end: () => Promise<void>
}

/** The main thread's half: turns calls into batches and rows into events. */
export const createSqliteEventStore = (parts: SqliteEventStoreParts): EventStore => {
  const gate = createGate(parts)
  return {
    ...writes(parts, gate),
    ...reads(parts, gate),
    health: () => ({ state: parts.healthState(), queuedEvents: parts.batcher.queuedEvents() }),
    close: gate.close,
  }
}

/** Shuts once; whoever closes again waits for the same end. */
type Gate = {
  readonly isOpen: () => boolean
  readonly close: () => Promise<void>
}

const createGate = ({ batcher, end }: SqliteEventStoreParts): Gate => {
  let closing: Promise<void> | undefined
  return {
    isOpen: () => closing === undefined,
    close: () => {
      closing ??= batcher.drained().then(end)
      return closing
    },
  }
}

type Head = { readonly kind: CallKind; readonly tenant: TenantId; readonly nowMs: number }

type Writes = Pick<
  EventStore,
  'append' | 'appendUnique' | 'accept' | 'change' | 'delete' | 'deleteMatching' | 'cancelDeletion'
>

const writes = ({ batcher, clock }: SqliteEventStoreParts, gate: Gate): Writes => {
  const call: WriteCall = ({ kind, tenant, nowMs }, weight, write, read) => {
    if (!gate.isOpen()) return Promise.resolve(unavailable('stopping'))
    const writeCall = (items: Primitive[]): void => {
      pushHead(items, kind, tenant, nowMs)
      write(items)
    }
    return batcher.add(weight, writeCall, read)
  }
  const head = (kind: CallKind, tenant: TenantId): Head => ({ kind, tenant, nowMs: clock.nowMs() })
  return {
    append: (tenant, events) => {
      const from = head(callKinds.append, tenant)
      const write = (items: Primitive[]): void => {
        items.push(events.length)
        for (const event of events) pushEvent(items, event)
      }
      return call(from, weightOf(events), write, (answer) =>
        receiptsFrom(doneId(answer), from.nowMs, events.length),
      )
    },
    appendUnique: (tenant, event) => {
      const from = head(callKinds.appendUnique, tenant)
      const write = (items: Primitive[]): void => pushEvent(items, event)
      return call(from, weightOf([event]), write, (answer) => uniqueReceipt(answer, from.nowMs))
    },
    accept: (tenant, event) => {
      const write = (items: Primitive[]): void => pushEvent(items, event)
      return call(head(callKinds.accept, tenant), weightOf([event]), write, (answer) =>
        toReceiptId(doneId(answer)),
      )
    },
    change: (tenant, id, { text, fragments }) => {
      const names = encodeNames(fragments)
      const values = encodeValues(fragments)
      const bytes = eventBytes + 2 * (names.length + values.length + (text?.length ?? 0))
      const write = (items: Primitive[]): void => {
        items.push(id, text ?? null, names, values)
      }
      return call(head(callKinds.change, tenant), { events: 1, bytes }, write, (answer) =>
        changedEvent(tenant, answer),
      )
    },
    delete: (tenant, id) => {
      const write = (items: Primitive[]): void => {
        items.push(id)
      }
      const weight = { events: 1, bytes: eventBytes }
      return call(head(callKinds.delete, tenant), weight, write, () => undefined)
    },
    ...deletions(call, head),
  }
}

type WriteCall = <T>(
  head: Head,
  weight: Weight,
  write: (items: Primitive[]) => void,
  read: (answer: CallAnswer) => T,
) => Promise<Result<T>>

const deletions = (
  call: WriteCall,
  head: (kind: CallKind, tenant: TenantId) => Head,
): Pick<EventStore, 'deleteMatching' | 'cancelDeletion'> => ({
  deleteMatching: (tenant, filter) => {
    const text = JSON.stringify(filter)
    const weight = { events: 1, bytes: eventBytes + 2 * text.length }
    const write = (items: Primitive[]): void => {
      items.push(text)
    }
    return call(head(callKinds.deleteMatching, tenant), weight, write, (answer) =>
      toJobId(doneId(answer)),
    )
  },
  cancelDeletion: (tenant, job) => {
    const write = (items: Primitive[]): void => {
      items.push(job)
    }
    const weight = { events: 1, bytes: eventBytes }
    return call(head(callKinds.cancelDeletion, tenant), weight, write, () => undefined)
  },
})

type Reads = Pick<EventStore, 'readAccepted' | 'read' | 'readPage' | 'count' | 'listDeletions'>

const reads = ({ read, clock }: SqliteEventStoreParts, gate: Gate): Reads => {
  const whenOpen = <T>(run: () => Promise<Result<T>>): Promise<Result<T>> =>
    gate.isOpen() ? run() : Promise.resolve(unavailable('stopping'))
  return {
    readAccepted: (tenant, receipt) =>
      whenOpen(async () =>
        mapResult(await read('readAccepted', tenant, receipt, clock.nowMs()), acceptedState),
      ),
    read: (tenant, id) =>
      whenOpen(async () =>
        mapResult(await read('readEvent', tenant, id), (row) => decodeEvent(tenant, row)),
      ),
    readPage: (tenant, request) =>
      whenOpen(async () =>
        mapResult(await read('readEventPage', tenant, request), ({ rows, more }) => ({
          events: rows.map((row) => decodeEvent(tenant, row)),
          more,
        })),
      ),
    count: (tenant, filter) => whenOpen(() => read('countEvents', tenant, filter)),
    listDeletions: (tenant) =>
      whenOpen(async () =>
        mapResult(await read('listDeletions', tenant), (rows) =>
          rows.map((row) => deletionJob(tenant, row)),
        ),
      ),
  }
}

/** What an event weighs in memory beside its texts, and a text: two bytes for each of its units. */
const eventBytes = 100

const weightOf = (events: readonly AdmittedEvent[]): Weight => {
  let units = 0
  for (const { type, text, fragments } of events) {
    units += type.length + text.length
    for (const { name, value } of fragments) units += name.length + value.length
  }
  return { events: Math.max(1, events.length), bytes: events.length * eventBytes + 2 * units }
}

const mapResult = <T, U>(result: Result<T>, map: (value: T) => U): Result<U> =>
  result.ok ? success(map(result.value)) : result

const doneId = (answer: CallAnswer): number => {
  if (answer.kind !== 'done') throw new Error(`the writer answered ${answer.kind}`)
  return answer.id
}

/** The ids of one call follow each other without a gap. */
const receiptsFrom = (first: number, creationMs: number, events: number): readonly Receipt[] =>
  events === 1
    ? [{ id: toEventId(first), creationMs }]
    : Array.from({ length: events }, (_, n) => ({ id: toEventId(first + n), creationMs }))

const uniqueReceipt = (answer: CallAnswer, nowMs: number): UniqueReceipt => {
  if (answer.kind !== 'duplicate') {
    return { outcome: 'stored', id: toEventId(doneId(answer)), creationMs: nowMs }
  }
  const { id, creationMs } = answer
  return { outcome: 'duplicate', id: toEventId(id), creationMs }
}

const changedEvent = (tenant: TenantId, answer: CallAnswer): StoredEvent => {
  if (answer.kind !== 'changed') throw new Error(`the writer answered ${answer.kind}`)
  return decodeEvent(tenant, answer.row)
}

const acceptedState = ({ status, event }: AcceptedRow): AcceptedState => {
  if (status === 'rejected') return { status, failure: rejection }
  return status === 'pending' || event === null
    ? { status: 'pending' }
    : { status, id: toEventId(event) }
}

const rejection: Failure = {
  kind: 'invalid',
  issues: [{ path: '', problem: 'wrong', message: 'the event could not be stored' }],
}

const deletionJob = (tenant: TenantId, row: DeletionRow): DeletionJob => ({
  id: toJobId(row.id),
  tenant,
  filter: decodeFilter(row.filter),
  startedMs: row.startedMs,
  removedEvents: row.removedEvents,
  partsLeft: row.partsLeft,
})
