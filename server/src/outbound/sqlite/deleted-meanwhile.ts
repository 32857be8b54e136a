import { success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import type { ManagedObjectId, TenantId } from '../../core/identity.ts'
import type { Source } from '../../ports/inventory.ts'

/**
 * Keeps a slow read from answering what is gone. A read may have looked before a deletion and arrive after its
 * answer; an event stored because of it would come behind the purge of the object's events and stay for ever.
 */
export type DeletedMeanwhile = {
  /** Runs the read, and leaves out what `note` has named since it began. */
  readonly leaveOut: (tenant: TenantId, read: ReadSources) => ReturnType<ReadSources>
  /** An object, or without one the whole tenant, has been deleted: called before the deletion is answered. */
  readonly note: (tenant: TenantId, object?: ManagedObjectId) => void
}

type ReadSources = () => Promise<Result<readonly Source[]>>

/** One for each read under way, which are bounded by `queuedReadsMax`. */
type Watch = {
  readonly tenant: TenantId
  readonly gone: Set<ManagedObjectId>
  isTenantGone: boolean
}

export const createDeletedMeanwhile = (): DeletedMeanwhile => {
  const watches = new Set<Watch>()
  return {
    leaveOut: async (tenant, read) => {
      const watch: Watch = { tenant, gone: new Set(), isTenantGone: false }
      watches.add(watch)
      try {
        const sources = await read()
        return sources.ok ? success(sources.value.filter(({ id }) => isThere(watch, id))) : sources
      } finally {
        watches.delete(watch)
      }
    },
    note: (tenant, object) => {
      for (const watch of watches) if (watch.tenant === tenant) noteIn(watch, object)
    },
  }
}

const isThere = ({ isTenantGone, gone }: Watch, id: ManagedObjectId): boolean =>
  !isTenantGone && !gone.has(id)

const noteIn = (watch: Watch, object: ManagedObjectId | undefined): void => {
  if (object === undefined) watch.isTenantGone = true
  else watch.gone.add(object)
}
