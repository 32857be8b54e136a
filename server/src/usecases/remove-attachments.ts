import type { AttachmentOwner } from '../core/attachment.ts'
import { success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { TenantId } from '../core/identity.ts'
import type { Attachments } from '../ports/attachments.ts'
import type { EventStore } from '../ports/event-store.ts'
import type { Inventory } from '../ports/inventory.ts'
import { deleteFile } from './settle-attachments.ts'

/** Told of a tenant of which files may be left whose owner is gone. */
export type OnOrphans = (tenant: TenantId) => void

/**
 * An event store that takes the attachment with the event, whatever it is that deletes: at once for a single event,
 * by the next sweep for a deletion by filter, which may be of millions and names none of them.
 */
export const removeWithEvents = (
  events: EventStore,
  attachments: Attachments,
  onOrphans: OnOrphans,
): EventStore => ({
  ...events,
  delete: async (tenant, id) => {
    const deleted = await events.delete(tenant, id)
    if (!deleted.ok) return deleted
    await removeFile(attachments, tenant, { kind: 'event', id }, onOrphans)
    return deleted
  },
  deleteMatching: async (tenant, filter) => {
    const job = await events.deleteMatching(tenant, filter)
    if (job.ok) onOrphans(tenant)
    return job
  },
})

/** An inventory that takes the stored file with its object. */
export const removeWithObjects = (
  inventory: Inventory,
  attachments: Attachments,
  onOrphans: OnOrphans,
): Inventory => ({
  ...inventory,
  noting: (note) => removeWithObjects(inventory.noting(note), attachments, onOrphans),
  deleteObject: async (tenant, id) => {
    const deleted = await inventory.deleteObject(tenant, id)
    if (!deleted.ok) return deleted
    await removeFile(attachments, tenant, { kind: 'managed-object', id }, onOrphans)
    return deleted
  },
  deleteObjects: async (tenant, ids) => {
    const deleted = await inventory.deleteObjects(tenant, ids)
    if (deleted.ok) onOrphans(tenant)
    return deleted
  },
})

/** The owner is gone whatever happens to its file now: what fails here is left to the sweep. */
const removeFile = async (
  attachments: Attachments,
  tenant: TenantId,
  owner: AttachmentOwner,
  onOrphans: OnOrphans,
): Promise<void> => {
  const removed = await deleteFile({ attachments }, tenant, owner)
  if (!removed.ok) onOrphans(tenant)
}

export type SweepPorts = {
  readonly attachments: Attachments
  readonly events: EventStore
  readonly inventory: Inventory
}

/**
 * Deletes the files whose event or object is gone, of one tenant or of all. Asks the store about each file, so that it
 * does not matter what deleted the event. Goes on after a failure, and answers the first.
 */
export type SweepAttachments = (only?: TenantId) => Promise<Result<void>>

export const createSweepAttachments =
  (ports: SweepPorts): SweepAttachments =>
  async (only) => {
    let outcome: Result<void> = success(undefined)
    for (let page: number | undefined = 0; page !== undefined;) {
      const listed = await listPage(ports, page)
      if (!listed.ok) return listed
      const { places, next } = listed.value
      for (const { tenant, owner } of places) {
        if (only !== undefined && tenant !== only) continue
        const swept = await sweepOne(ports, tenant, owner)
        if (outcome.ok) outcome = swept
      }
      page = next
    }
    return outcome
  }

const listPage = ({ attachments }: SweepPorts, page: number) => attachments.list(page)

const sweepOne = async (
  { attachments, events, inventory }: SweepPorts,
  tenant: TenantId,
  owner: AttachmentOwner,
): Promise<Result<void>> => {
  const found =
    owner.kind === 'event'
      ? await events.read(tenant, owner.id)
      : await inventory.readObject(tenant, owner.id)
  if (found.ok) return success(undefined)
  return found.failure.kind === 'not-found' ? deleteFile({ attachments }, tenant, owner) : found
}
