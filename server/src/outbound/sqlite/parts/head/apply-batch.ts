import { changeEvent } from '../../../../core/change-event.ts'
import { retryAfterS } from '../../../../core/limits.ts'
import { callKinds, takeEvent, takeHead, takeNumber, takeText } from '../../events/decode-batch.ts'
import { takeTextOrNull } from '../../events/decode-batch.ts'
import type { BatchReader, CallHead, Primitive, WireReply } from '../../events/decode-batch.ts'
import type { DiskReserve } from './disk-reserve.ts'
import { eventRowOf } from '../tables/part-row.ts'
import type { StoreState } from './store-state.ts'
import {
  decodeFragments,
  encodeNames,
  encodeValues,
  splitOwnNames,
} from '../../events/stored-fragments.ts'

/** What calls are put into force on. */
export type EventWrites = StoreState & {
  readonly reserve: DiskReserve
  /** An accepted event could not be stored, for another reason than the storage; it is marked rejected. */
  readonly onRejected: (cause: unknown) => void
}

/** Takes the next call from the batch and puts it into force. Inside a transaction. */
export const applyCall = (writes: EventWrites, reader: BatchReader): WireReply => {
  const head = takeHead(reader)
  if (head.kind !== callKinds.accept && writes.journal.pending() > 0) {
    writes.journal.settle(writes.onRejected)
  }
  switch (head.kind) {
    case callKinds.append:
      return append(writes, head, reader)
    case callKinds.appendUnique:
      return appendUnique(writes, head, reader)
    case callKinds.accept:
      return accept(writes, head, reader)
    case callKinds.change:
      return change(writes, head, reader)
    case callKinds.delete:
      return remove(writes, head, reader)
    case callKinds.deleteMatching:
      return removeMatching(writes, head, reader)
    case callKinds.cancelDeletion:
      return cancelDeletion(writes, head, reader)
  }
}

/** Moves past one call without putting it into force, so that the calls of a batch can be told apart. */
export const skipCall = (reader: BatchReader): void => {
  const { kind } = takeHead(reader)
  if (kind === callKinds.append) skipEvents(reader, takeNumber(reader))
  else if (kind === callKinds.appendUnique || kind === callKinds.accept) takeEvent(reader)
  else reader.at += kind === callKinds.change ? changeItems : 1
}

/** Id, text, names and values. */
const changeItems = 4

const skipEvents = (reader: BatchReader, events: number): void => {
  for (let n = 0; n < events; n += 1) takeEvent(reader)
}

type Apply = (writes: EventWrites, head: CallHead, reader: BatchReader) => WireReply

/** The ids of one call follow each other without a gap, so the first names them all. */
const append: Apply = (writes, { tenant, nowMs }, reader) => {
  const { table } = writes
  const events = takeNumber(reader)
  const refusal = refusalOf(writes, tenant, events)
  if (refusal) return skipped(reader, events, refusal)
  const tenantNumber = table.tenant(tenant)
  let first = 0
  for (let n = 0; n < events; n += 1) {
    const id = table.takeId(nowMs)
    table.insert(id, tenantNumber, nowMs, takeEvent(reader))
    if (n === 0) first = id
  }
  return first
}

const appendUnique: Apply = (writes, { tenant, nowMs }, reader) => {
  const { table } = writes
  const event = takeEvent(reader)
  const tenantNumber = table.tenant(tenant)
  const first = table.findEqual(tenantNumber, event)
  if (first) return { kind: 'duplicate', ...first }
  const refusal = refusalOf(writes, tenant, 1)
  if (refusal) return refusal
  const id = table.takeId(nowMs)
  table.insert(id, tenantNumber, nowMs, event)
  return id
}

const accept: Apply = (writes, { tenant, nowMs }, reader) => {
  const event = takeEvent(reader)
  const refusal = refusalOf(writes, tenant, 1)
  if (refusal) return refusal
  return writes.journal.accept(writes.table.tenant(tenant), nowMs, event)
}

const change: Apply = (writes, { tenant, nowMs }, reader) => {
  const { table } = writes
  const id = takeNumber(reader)
  const text = takeTextOrNull(reader)
  const stored = { names: takeText(reader), values: takeText(reader) }
  const tenantNumber = table.tenant(tenant)
  const old = table.find(tenantNumber, id)
  if (!old) return noSuchEvent(id)
  const refusal = refusalOf(writes, tenant, 1)
  if (refusal) return refusal
  const { row } = old
  const kept = { text: row[3], fragments: decodeFragments(splitOwnNames(row[8], row[9])) }
  const changed = changeEvent(kept, { text: text ?? undefined, fragments: decodeFragments(stored) })
  if (!changed.ok) return { kind: 'failed', failure: changed.failure }
  table.update(old, {
    changed: table.takeId(nowMs),
    lastUpdatedMs: nowMs,
    text: changed.value.text,
    names: encodeNames(changed.value.fragments),
    values: encodeValues(changed.value.fragments),
  })
  const now = table.find(tenantNumber, id)
  if (!now) throw new Error('an event that was just changed is there')
  return { kind: 'changed', row: eventRowOf(now.row) }
}

const remove: Apply = ({ table }, { tenant }, reader) => {
  const id = takeNumber(reader)
  const located = table.find(table.tenant(tenant), id)
  if (!located) return noSuchEvent(id)
  table.remove(located)
  return id
}

const removeMatching: Apply = ({ table, jobs }, { tenant, nowMs }, reader) => {
  const filterText = takeText(reader)
  const tenantNumber = table.tenant(tenant)
  if (!jobs.hasRoom(tenantNumber)) return tooMany
  const job = table.takeId(nowMs)
  jobs.add(job, tenantNumber, filterText, nowMs)
  return job
}

/** What the job has removed by now is out of the parts; with its row goes all that hides the rest. */
const cancelDeletion: Apply = ({ table, jobs }, { tenant }, reader) => {
  const job = takeNumber(reader)
  if (!jobs.remove(table.tenant(tenant), job)) return noSuchJob(job)
  return job
}

/** Why so many more rows cannot be taken in now. Accepted events that wait have a place each. */
const refusalOf = (
  { table, journal, reserve, tenantSizes }: EventWrites,
  tenant: string,
  events: number,
): WireReply | undefined => {
  if (reserve.isTouched()) return refused('disk-full')
  if (tenantSizes?.isFull(table.tenant(tenant))) return refused('tenant-full')
  // Files of full parts are not built as fast as events arrive; a little later there is room again.
  return table.hasRoom(events + journal.pending()) ? undefined : refused('busy')
}

const refused = (reason: 'busy' | 'disk-full' | 'tenant-full'): WireReply => ({
  kind: 'failed',
  failure: { kind: 'unavailable', reason, retryAfterS },
})

const skipped = (reader: BatchReader, events: number, refusal: WireReply): WireReply => {
  skipEvents(reader, events)
  return refusal
}

const noSuchEvent = (id: number): WireReply => ({
  kind: 'failed',
  failure: { kind: 'not-found', what: 'event', id: String(id) },
})

const noSuchJob = (id: number): WireReply => ({
  kind: 'failed',
  failure: { kind: 'not-found', what: 'job', id: String(id) },
})

const tooMany: WireReply = { kind: 'failed', failure: { kind: 'too-many', retryAfterS } }

export const readerOf = (items: readonly Primitive[]): BatchReader => ({ items, at: 0 })
