import type { Principal } from '../core/access.ts'
import { incompleteBinaryFragment } from '../core/attachment.ts'
import type { Attachment, AttachmentNaming, AttachmentOwner } from '../core/attachment.ts'
import { conflict, failed, invalid, success } from '../core/failure.ts'
import type { Failure, Result } from '../core/failure.ts'
import type { EventId, TenantId } from '../core/identity.ts'
import {
  attachmentBytesMax,
  unfinishedUploadKeptMs,
  unfinishedUploadsMax,
  unfinishedUploadsOfTenantMax,
} from '../core/limits.ts'
import type { StagedAttachment } from '../ports/attachments.ts'
import { attach, findPlace } from './attach-to-events.ts'
import type { AttachmentPorts, Upload } from './attachment-ports.ts'
import { agreeWithFile, turnOf } from './settle-attachments.ts'
import { createTransferSlots } from './transfer-slots.ts'

/** Which bytes of a file a request carries: both ends are included. */
export type ChunkRange = {
  readonly start: number
  readonly stop: number
  /** Of the whole file; undefined while the sender does not know it. */
  readonly total: number | undefined
}

export type ChunkOutcome =
  | { readonly state: 'incomplete'; readonly range: ChunkRange }
  | { readonly state: 'complete'; readonly attachment: Attachment }

/**
 * An attachment sent in several requests, in order (docs/protocols/cumulocity.md, 3.7). What came waits in a file that
 * nobody sees, `unfinishedUploadKeptMs` for its next chunk and not beyond the life of the process. A chunk that was cut
 * off can be sent again.
 */
export type UploadInChunks = {
  /**
   * Begins a chunk; one from byte 0 begins anew. Fails with `not-found` (event), `forbidden`, `conflict` (attachment; also
   * while another request sends a chunk of it), `invalid` when it does not follow the last one, `too-large`, which
   * discards the whole upload, and `unavailable`.
   */
  readonly begin: (
    principal: Principal,
    id: EventId,
    range: ChunkRange,
  ) => Promise<Result<Upload<ChunkOutcome>>>

  /** Discards what has waited too long, and what waits for an event that is gone. */
  readonly expire: () => Promise<void>
}

export const createUploadInChunks = (ports: AttachmentPorts): UploadInChunks => {
  const slots = createTransferSlots(unfinishedUploadsMax, unfinishedUploadsOfTenantMax)
  const house: House = { ports, waiting: new Map(), takeSlot: slots.take }
  return {
    begin: async (principal, id, range) => {
      const judged = judgeRange(range)
      if (!judged.ok) return judged
      const free = await findPlace(ports, principal, id, 'create')
      if (!free.ok) return free
      const tooLong = (range.total ?? range.stop + 1) > attachmentBytesMax
      const unfinished = tooLong ? tooLarge : await findUnfinished(house, principal, id, range)
      if (unfinished.ok) return success(toChunk({ house, principal, id, range }, unfinished.value))
      if (unfinished.failure.kind === 'too-large') await discardWaiting(house, principal.tenant, id)
      return unfinished
    },
    expire: async () => {
      const oldest = ports.clock.nowMs() - unfinishedUploadKeptMs
      for (const unfinished of [...house.waiting.values()]) {
        const isOver = unfinished.touchedMs < oldest || (await hasNoEvent(ports, unfinished))
        if (isOver && !unfinished.isBusy) await discard(house, unfinished)
      }
    },
  }
}

type Unfinished = {
  readonly tenant: TenantId
  readonly id: EventId
  readonly staged: StagedAttachment
  readonly free: () => void
  naming: AttachmentNaming
  isBusy: boolean
  touchedMs: number
}

type House = {
  readonly ports: AttachmentPorts
  readonly waiting: Map<string, Unfinished>
  readonly takeSlot: (tenant: TenantId) => Result<() => void>
}

const hasNoEvent = async (
  { events }: AttachmentPorts,
  { tenant, id }: Unfinished,
): Promise<boolean> => {
  const event = await events.read(tenant, id)
  return !event.ok && event.failure.kind === 'not-found'
}

const tooLarge: Result<never> = failed({ kind: 'too-large', bytesMax: attachmentBytesMax })

const ownerOf = (id: EventId): AttachmentOwner => ({ kind: 'event', id })

const judgeRange = ({ start, stop, total }: ChunkRange): Result<void> =>
  start <= stop && (total === undefined || stop < total)
    ? success(undefined)
    : invalid('Content-Range', 'must be <start>-<stop>/<length or *>')

const findUnfinished = async (
  house: House,
  { tenant }: Principal,
  id: EventId,
  { start }: ChunkRange,
): Promise<Result<Unfinished>> => {
  const present = house.waiting.get(turnOf(tenant, ownerOf(id)))
  if (present?.isBusy === true) return conflict('attachment', id)
  if (start > 0) {
    const next = present?.staged.length() ?? 0
    if (present === undefined || next !== start) {
      return invalid('Content-Range', `the next chunk begins with byte ${next}`)
    }
    present.isBusy = true
    return success(present)
  }
  if (present) {
    present.isBusy = true
    await discard(house, present)
  }
  return beginUnfinished(house, tenant, id)
}

const beginUnfinished = async (
  { ports, waiting, takeSlot }: House,
  tenant: TenantId,
  id: EventId,
): Promise<Result<Unfinished>> => {
  const slot = takeSlot(tenant)
  if (!slot.ok) return slot
  const staged = await ports.attachments.stage(tenant, ownerOf(id))
  const key = turnOf(tenant, ownerOf(id))
  if (!staged.ok || waiting.has(key)) {
    slot.value()
    if (!staged.ok) return staged
    await staged.value.release()
    return conflict('attachment', id)
  }
  const unfinished: Unfinished = {
    tenant,
    id,
    staged: staged.value,
    free: slot.value,
    naming: { name: undefined, type: undefined },
    isBusy: true,
    touchedMs: ports.clock.nowMs(),
  }
  waiting.set(key, unfinished)
  return success(unfinished)
}

type Chunk = {
  readonly house: House
  readonly principal: Principal
  readonly id: EventId
  readonly range: ChunkRange
}

const toChunk = (chunk: Chunk, unfinished: Unfinished): Upload<ChunkOutcome> => ({
  write: unfinished.staged.write,
  keep: (naming) => keepChunk(chunk, unfinished, naming),
  discard: (cause) => discardChunk(chunk, unfinished, cause),
})

const keepChunk = async (
  chunk: Chunk,
  unfinished: Unfinished,
  naming: AttachmentNaming,
): Promise<Result<ChunkOutcome>> => {
  const { house, range } = chunk
  const { staged } = unfinished
  const expected = range.stop - range.start + 1
  if (staged.length() !== range.stop + 1) {
    const came = staged.length() - range.start
    await discardChunk(chunk, unfinished, undefined)
    return invalid('Content-Range', `says ${expected} bytes, and the body has ${came}`)
  }
  const { name, type } = unfinished.naming
  Object.assign(unfinished, { naming: { name: naming.name ?? name, type: naming.type ?? type } })
  if (range.stop + 1 === range.total) return finish(chunk, unfinished)
  const told = await tellIncomplete(house, unfinished, range)
  if (told.ok) {
    Object.assign(unfinished, { isBusy: false, touchedMs: house.ports.clock.nowMs() })
    return success({ state: 'incomplete', range })
  }
  await discard(house, unfinished)
  return told
}

const finish = async (
  { house, principal, id }: Chunk,
  unfinished: Unfinished,
): Promise<Result<ChunkOutcome>> => {
  forget(house, unfinished)
  const { ports } = house
  const attaching = { ports, principal, id, mode: 'create' } as const
  const kept = await attach(attaching, unfinished.staged, unfinished.naming, undefined)
  if (kept.ok) return success({ state: 'complete', attachment: kept.value })
  await agreeInTurn(house, unfinished)
  return kept
}

const tellIncomplete = async (
  { ports }: House,
  { tenant, id }: Unfinished,
  { stop, total }: ChunkRange,
): Promise<Result<void>> => {
  const value = JSON.stringify({ range: `0-${stop}/${total ?? '*'}` })
  const fragments = [{ name: incompleteBinaryFragment, value }]
  const changed = await ports.events.change(tenant, id, { text: undefined, fragments })
  return changed.ok ? success(undefined) : changed
}

/** A chunk that did not come whole is forgotten, the ones before it are not, unless all together are too much. */
const discardChunk = async (
  { house, range }: Chunk,
  unfinished: Unfinished,
  cause: Failure | undefined,
): Promise<void> => {
  if (range.start === 0 || cause?.kind === 'too-large') return discard(house, unfinished)
  await unfinished.staged.rewind(range.start)
  Object.assign(unfinished, { isBusy: false })
}

const discardWaiting = async (house: House, tenant: TenantId, id: EventId): Promise<void> => {
  const unfinished = house.waiting.get(turnOf(tenant, ownerOf(id)))
  if (unfinished && !unfinished.isBusy) await discard(house, unfinished)
}

/** The event says no more that something is on its way; when that cannot be written now, it is later. */
const discard = async (house: House, unfinished: Unfinished): Promise<void> => {
  forget(house, unfinished)
  const agreed = await agreeInTurn(house, unfinished)
  await (agreed.ok ? unfinished.staged.release() : unfinished.staged.leave())
}

const forget = ({ waiting }: House, { tenant, id, free }: Unfinished): void => {
  waiting.delete(turnOf(tenant, ownerOf(id)))
  free()
}

const agreeInTurn = ({ ports }: House, { tenant, id }: Unfinished): Promise<Result<void>> =>
  ports.inTurn(turnOf(tenant, ownerOf(id)), () => agreeWithFile(ports, tenant, ownerOf(id)))
