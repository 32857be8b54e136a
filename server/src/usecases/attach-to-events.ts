import { mayChangeEventsOf } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import { admitDescription, unknownType } from '../core/attachment.ts'
import type { Attachment, AttachmentNaming, AttachmentOwner } from '../core/attachment.ts'
import { conflict, notFound, success } from '../core/failure.ts'
import type { Failure, Result } from '../core/failure.ts'
import type { EventId } from '../core/identity.ts'
import type { KeepMode, StagedAttachment } from '../ports/attachments.ts'
import type { AttachmentPorts, Download, Upload } from './attachment-ports.ts'
import { findSourcedEvent } from './find-sourced-event.ts'
import type { QueryEvents } from './query-events.ts'
import { agreeWithFile, deleteFile, fragmentsFor, turnOf } from './settle-attachments.ts'

/** The one file that an event may have (docs/protocols/cumulocity.md, 3.7). Ok means on disk. */
export type AttachToEvents = {
  /**
   * Begins an upload. Fails with `not-found` (event), `forbidden`, with `conflict` (attachment) for `create` when there is
   * one, with `not-found` (attachment) for `replace` when there is none, and with `unavailable`; `keep` with the
   * same and with `invalid`. The name is the former one or the event's id when none is given.
   */
  readonly begin: (
    principal: Principal,
    id: EventId,
    mode: KeepMode,
  ) => Promise<Result<Upload<Attachment>>>

  /** Fails with `not-found` (attachment), also when there is no event, and `forbidden`. */
  readonly read: (principal: Principal, id: EventId) => Promise<Result<Download>>

  /** Fails with `not-found` (event or attachment) and `forbidden`. */
  readonly delete: (principal: Principal, id: EventId) => Promise<Result<void>>
}

export const createAttachToEvents = (
  ports: AttachmentPorts,
  queryEvents: Pick<QueryEvents, 'read'>,
): AttachToEvents => ({
  begin: async (principal, id, mode) => {
    const former = await findPlace(ports, principal, id, mode)
    if (!former.ok) return former
    const slot = ports.slots.take(principal.tenant)
    if (!slot.ok) return slot
    const staged = await ports.attachments.stage(principal.tenant, { kind: 'event', id })
    if (!staged.ok) {
      slot.value()
      return staged
    }
    return success(toUpload({ ports, principal, id, mode }, staged.value, former.value, slot.value))
  },

  read: async (principal, id) => {
    const event = await queryEvents.read(principal, id)
    if (!event.ok) return isAbsent(event.failure) ? notFound('attachment', id) : event
    return openDownload(ports, principal, { kind: 'event', id })
  },

  delete: async (principal, id) => {
    const changeable = await findSourcedEvent(ports, principal, id, mayChangeEventsOf)
    if (!changeable.ok) return changeable
    return ports.inTurn(turnOf(principal.tenant, { kind: 'event', id }), () =>
      detach(ports, principal, id),
    )
  },
})

const isAbsent = ({ kind }: Failure): boolean => kind === 'not-found'

/** Opens a file for sending; the slot is given back when it is closed. */
export const openDownload = async (
  { attachments, slots }: AttachmentPorts,
  { tenant }: Principal,
  owner: AttachmentOwner,
): Promise<Result<Download>> => {
  const slot = slots.take(tenant)
  if (!slot.ok) return slot
  const open = await attachments.open(tenant, owner)
  if (!open.ok) {
    slot.value()
    return open
  }
  const { close } = open.value
  return success({
    ...open.value,
    close: () => {
      slot.value()
      return close()
    },
  })
}

/** Answers the description that is there, so that a mistake is told before the file is sent. */
export const findPlace = async (
  ports: AttachmentPorts,
  principal: Principal,
  id: EventId,
  mode: KeepMode,
): Promise<Result<Attachment | undefined>> => {
  const attachable = await findSourcedEvent(ports, principal, id, mayChangeEventsOf)
  if (!attachable.ok) return attachable
  const former = await ports.attachments.describe(principal.tenant, { kind: 'event', id })
  if (!former.ok && !isAbsent(former.failure)) return former
  if (mode === 'create') return former.ok ? conflict('attachment', id) : success(undefined)
  return former
}

/** What `keep` of an event's file needs to know. */
export type Attaching = {
  readonly ports: AttachmentPorts
  readonly principal: Principal
  readonly id: EventId
  readonly mode: KeepMode
}

const toUpload = (
  attaching: Attaching,
  staged: StagedAttachment,
  former: Attachment | undefined,
  free: () => void,
): Upload<Attachment> => ({
  write: staged.write,
  keep: async (naming) => {
    const kept = await attach(attaching, staged, naming, former)
    free()
    return kept
  },
  discard: async () => {
    await staged.release()
    free()
  },
})

/** Gives the event its file and says so on the event: both, or neither. Ends `staged` in any case. */
export const attach = async (
  attaching: Attaching,
  staged: StagedAttachment,
  naming: AttachmentNaming,
  former: Attachment | undefined,
): Promise<Result<Attachment>> => {
  const { ports, principal, id } = attaching
  const description = admitDescription({
    name: naming.name ?? former?.name ?? String(id),
    type: naming.type ?? unknownType,
  })
  if (!description.ok) {
    await staged.release()
    return description
  }
  const owner: AttachmentOwner = { kind: 'event', id }
  return ports.inTurn(turnOf(principal.tenant, owner), async () => {
    const gone = attaching.mode === 'replace' ? await isGone(attaching, owner) : undefined
    const kept = gone ?? (await staged.keep(owner, description.value, attaching.mode))
    if (kept.ok) return announce(attaching, staged, kept.value)
    await end(staged, kept.failure)
    return kept
  })
}

/** What was to be replaced may have been deleted while the new file came in. */
const isGone = async (
  { ports, principal }: Attaching,
  owner: AttachmentOwner,
): Promise<Result<never> | undefined> => {
  const there = await ports.attachments.describe(principal.tenant, owner)
  return there.ok ? undefined : there
}

/** After a failure of the storage nobody knows what is in force: it is looked at again later. */
const end = (staged: StagedAttachment, { kind }: Failure): Promise<void> =>
  kind === 'unavailable' ? staged.leave() : staged.release()

const announce = async (
  { ports, principal: { tenant }, id, mode }: Attaching,
  staged: StagedAttachment,
  attachment: Attachment,
): Promise<Result<Attachment>> => {
  const fragments = fragmentsFor(attachment)
  const changed = await ports.events.change(tenant, id, { text: undefined, fragments })
  if (changed.ok) {
    await staged.release()
    return success(attachment)
  }
  // A file that is new goes again, and so does one whose event has gone. One that took another's place stays: that is lost.
  if (mode === 'create' || isAbsent(changed.failure)) {
    await deleteFile(ports, tenant, { kind: 'event', id })
  }
  await staged.leave()
  return changed
}

/** First the note, then the file, then the event: cut short at any point, what is left over is brought to an end later. */
const detach = async (
  ports: AttachmentPorts,
  { tenant }: Principal,
  id: EventId,
): Promise<Result<void>> => {
  const owner: AttachmentOwner = { kind: 'event', id }
  const there = await ports.attachments.describe(tenant, owner)
  if (!there.ok) return there
  const note = await ports.attachments.stage(tenant, owner)
  if (!note.ok) return note
  const deleted = await ports.attachments.delete(tenant, owner)
  const agreed = deleted.ok ? await agreeWithFile(ports, tenant, owner) : deleted
  await (agreed.ok ? note.value.release() : note.value.leave())
  return deleted.ok && isFull(agreed) ? success(undefined) : agreed
}

/** The file is gone and has made room; the event says so as soon as changes are taken again. */
const isFull = (agreed: Result<void>): boolean =>
  !agreed.ok && agreed.failure.kind === 'unavailable' && fullReasons.has(agreed.failure.reason)

const fullReasons: ReadonlySet<string> = new Set(['disk-full', 'tenant-full'])
