import {
  binaryFragment,
  describeAttachment,
  incompleteBinaryFragment,
  storedFileFragments,
} from '../core/attachment.ts'
import type { Attachment, AttachmentOwner } from '../core/attachment.ts'
import { success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { Fragment, Fragments } from '../core/fragments.ts'
import type { EventId, ManagedObjectId, TenantId } from '../core/identity.ts'
import { pageSizeMax } from '../core/limits.ts'
import type { UnsettledAttachment } from '../ports/attachments.ts'
import type { AttachmentPorts } from './attachment-ports.ts'
import type { Turns } from './in-turn.ts'

export type AgreePorts = Pick<AttachmentPorts, 'attachments' | 'events' | 'inventory'>

export type SettlePorts = AgreePorts & Turns

/**
 * Brings to an end what was begun with files and then cut short, by a crash or a full disk: the file that is there is the
 * truth, and events and objects are made to say so. What an unfinished upload wrote goes. Answers the first failure, after
 * having tried all.
 */
export type SettleAttachments = () => Promise<Result<void>>

export const createSettleAttachments =
  (ports: SettlePorts): SettleAttachments =>
  async () => {
    const unsettled = await ports.attachments.listUnsettled()
    if (!unsettled.ok) return unsettled
    let outcome: Result<void> = success(undefined)
    for (const each of unsettled.value) {
      const settled = await settle(ports, each)
      if (outcome.ok) outcome = settled
    }
    return outcome
  }

const settle = async (
  ports: SettlePorts,
  unsettled: UnsettledAttachment,
): Promise<Result<void>> => {
  const { tenant, owner } = unsettled
  const agreed =
    owner === undefined
      ? await removeUnfinished(ports, unsettled)
      : await ports.inTurn(turnOf(tenant, owner), () => agreeWithFile(ports, tenant, owner))
  return agreed.ok ? ports.attachments.settle(unsettled) : agreed
}

/** The key under which everything that touches one owner's file takes turns. */
export const turnOf = (tenant: TenantId, { kind, id }: AttachmentOwner): string =>
  `${tenant}/${kind}/${id}`

/** Makes the owner say what its file says; a file without an owner goes. To be called in the owner's turn. */
export const agreeWithFile = async (
  ports: AgreePorts,
  tenant: TenantId,
  owner: AttachmentOwner,
): Promise<Result<void>> => {
  const file = await ports.attachments.describe(tenant, owner)
  if (!file.ok && file.failure.kind !== 'not-found') return file
  const attachment = file.ok ? file.value : undefined
  const agreed =
    owner.kind === 'event'
      ? await agreeEvent(ports, tenant, owner.id, attachment)
      : await agreeObject(ports, tenant, owner.id, attachment)
  const isOrphan = !agreed.ok && agreed.failure.kind === 'not-found'
  return isOrphan ? deleteFile(ports, tenant, owner) : agreed
}

/** No file is as good as one that was deleted. */
export const deleteFile = async (
  { attachments }: Pick<AgreePorts, 'attachments'>,
  tenant: TenantId,
  owner: AttachmentOwner,
): Promise<Result<void>> => {
  const deleted = await attachments.delete(tenant, owner)
  return deleted.ok || deleted.failure.kind === 'not-found' ? success(undefined) : deleted
}

const agreeEvent = async (
  { events }: AgreePorts,
  tenant: TenantId,
  id: EventId,
  attachment: Attachment | undefined,
): Promise<Result<void>> => {
  const event = await events.read(tenant, id)
  if (!event.ok) return event
  const fragments = fragmentsFor(attachment)
  if (fragments.every((fragment) => isSaid(fragment, event.value.fragments))) {
    return success(undefined)
  }
  const changed = await events.change(tenant, id, { text: undefined, fragments })
  return changed.ok ? success(undefined) : changed
}

/** What an event says of its attachment, or of having none. */
export const fragmentsFor = (attachment: Attachment | undefined): Fragments => [
  attachment ? describeAttachment(attachment) : { name: binaryFragment, value: 'null' },
  { name: incompleteBinaryFragment, value: 'null' },
]

const isSaid = ({ name, value }: Fragment, said: Fragments): boolean =>
  (said.find((fragment) => fragment.name === name)?.value ?? 'null') === value

const agreeObject = async (
  { inventory }: AgreePorts,
  tenant: TenantId,
  id: ManagedObjectId,
  attachment: Attachment | undefined,
): Promise<Result<void>> => {
  const object = await inventory.readObject(tenant, id)
  if (!object.ok) return object
  if (attachment === undefined) return success(undefined)
  const fragments = storedFileFragments(attachment)
  if (fragments.every((fragment) => isSaid(fragment, object.value.fragments))) {
    return success(undefined)
  }
  const unchanged = { name: undefined, type: undefined, owner: undefined }
  const changed = await inventory.changeObject(tenant, id, { ...unchanged, fragments })
  return changed.ok ? success(undefined) : changed
}

/**
 * An upload that was to make an object may have made it without giving it its file: of the objects that call themselves
 * a file and came since, those without one go. Nobody was told of them. An upload under way is in between too, so
 * that what is found is looked at again when there is none.
 */
const removeUnfinished = async (
  ports: SettlePorts,
  unsettled: UnsettledAttachment,
): Promise<Result<void>> => {
  const found = await findWithoutFile(ports, unsettled)
  if (!found.ok) return found
  if (found.value.length === 0) return success(undefined)
  return ports.alone(() => deleteWithoutFile(ports, unsettled.tenant, found.value))
}

const findWithoutFile = async (
  { attachments, inventory }: AgreePorts,
  { tenant, sinceMs }: UnsettledAttachment,
): Promise<Result<readonly ManagedObjectId[]>> => {
  const filter = { fragmentType: binaryFragment }
  const unfinished: ManagedObjectId[] = []
  for (let skip = 0, more = true; more; skip += pageSizeMax) {
    const page = await inventory.listObjects(tenant, filter, skip, pageSizeMax)
    if (!page.ok) return page
    for (const { id, creationMs } of page.value.objects) {
      if (creationMs < sinceMs) continue
      const file = await attachments.describe(tenant, { kind: 'managed-object', id })
      if (!file.ok && file.failure.kind !== 'not-found') return file
      if (!file.ok) unfinished.push(id)
    }
    more = page.value.more
  }
  return success(unfinished)
}

const deleteWithoutFile = async (
  { attachments, inventory }: AgreePorts,
  tenant: TenantId,
  ids: readonly ManagedObjectId[],
): Promise<Result<void>> => {
  for (const id of ids) {
    const file = await attachments.describe(tenant, { kind: 'managed-object', id })
    if (file.ok) continue
    if (file.failure.kind !== 'not-found') return file
    const deleted = await inventory.deleteObject(tenant, id)
    if (!deleted.ok && deleted.failure.kind !== 'not-found') return deleted
  }
  return success(undefined)
}
