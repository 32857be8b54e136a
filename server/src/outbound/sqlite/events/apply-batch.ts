import { changeEvent } from '../../../core/change-event.ts'
import { retryAfterS } from '../../../core/limits.ts'
import { callKinds, takeEvent, takeHead, takeNumber, takeText } from './decode-batch.ts'
import { takeTextOrNull } from './decode-batch.ts'
import type { BatchReader, CallHead, Primitive, WireReply } from './decode-batch.ts'
import type { Deletions } from './deletions.ts'
import type { EventTable } from './event-table.ts'
import type { Journal } from './journal.ts'
import { decodeFragments, encodeNames, encodeValues, splitOwnNames } from './stored-fragments.ts'

export type EventWrites = {
  readonly table: EventTable
  readonly journal: Journal
  readonly deletions: Deletions
  readonly onRejected: (cause: unknown) => void
}

/** Takes the next call from the batch and puts it into force. Inside a transaction. */
export const applyCall = (writes: EventWrites, reader: BatchReader): WireReply => {
  const head = takeHead(reader)
  if (head.kind !== callKinds.accept && writes.journal.hasPending()) {
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
const append: Apply = ({ table }, { tenant, nowMs }, reader) => {
  const events = takeNumber(reader)
  const tenantNumber = table.dictionaries.tenant(tenant)
  let first = 0
  for (let n = 0; n < events; n += 1) {
    const id = table.takeId(nowMs)
    table.insert(id, tenantNumber, nowMs, takeEvent(reader))
    if (n === 0) first = id
  }
  return first
}

const appendUnique: Apply = ({ table }, { tenant, nowMs }, reader) => {
  const event = takeEvent(reader)
  const tenantNumber = table.dictionaries.tenant(tenant)
  const first = table.findEqual(tenantNumber, event)
  if (first) return { kind: 'duplicate', ...first }
  const id = table.takeId(nowMs)
  table.insert(id, tenantNumber, nowMs, event)
  return id
}

const accept: Apply = ({ table, journal }, { tenant, nowMs }, reader) =>
  journal.accept(table.dictionaries.tenant(tenant), nowMs, takeEvent(reader))

const change: Apply = ({ table }, { tenant, nowMs }, reader) => {
  const id = takeNumber(reader)
  const text = takeTextOrNull(reader)
  const stored = { names: takeText(reader), values: takeText(reader) }
  const tenantNumber = table.dictionaries.tenant(tenant)
  const old = table.find(tenantNumber, id)
  if (!old) return noSuchEvent(id)
  const kept = { text: old[3], fragments: decodeFragments(splitOwnNames(old[8], old[9])) }
  const changed = changeEvent(kept, { text: text ?? undefined, fragments: decodeFragments(stored) })
  if (!changed.ok) return { kind: 'failed', failure: changed.failure }
  table.update({
    id,
    changed: table.takeId(nowMs),
    lastUpdatedMs: nowMs,
    text: changed.value.text,
    names: encodeNames(changed.value.fragments),
    values: encodeValues(changed.value.fragments),
  })
  const row = table.find(tenantNumber, id)
  if (!row) throw new Error('an event that was just changed is there')
  return { kind: 'changed', row }
}

const remove: Apply = ({ table }, { tenant }, reader) => {
  const id = takeNumber(reader)
  if (!table.find(table.dictionaries.tenant(tenant), id)) return noSuchEvent(id)
  table.remove(id)
  return id
}

const removeMatching: Apply = ({ table, deletions }, { tenant, nowMs }, reader) => {
  const filterText = takeText(reader)
  const tenantNumber = table.dictionaries.tenant(tenant)
  if (!deletions.hasRoom(tenantNumber)) return tooMany
  const job = table.takeId(nowMs)
  deletions.add(job, tenantNumber, filterText, nowMs)
  table.forgetCovers()
  return job
}

const noSuchEvent = (id: number): WireReply => ({
  kind: 'failed',
  failure: { kind: 'not-found', what: 'event', id: String(id) },
})

const tooMany: WireReply = { kind: 'failed', failure: { kind: 'too-many', retryAfterS } }

export const readerOf = (items: readonly Primitive[]): BatchReader => ({ items, at: 0 })
