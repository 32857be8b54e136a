import { success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { EventStore } from '../ports/event-store.ts'
import type { Inventory, Purge } from '../ports/inventory.ts'

export type PurgePorts = {
  readonly inventory: Inventory
  readonly events: EventStore
}

/**
 * Deletes the events of an object or a tenant that is gone. The note about it goes only when the deletion is
 * on disk, so that a crash or a refusal in between is made good at the next start.
 */
export const purgeEvents = async (
  { inventory, events }: PurgePorts,
  purge: Purge,
): Promise<Result<void>> => {
  const filter = purge.object === undefined ? {} : { sources: [purge.object] }
  const job = await events.deleteMatching(purge.tenant, filter)
  return job.ok ? inventory.finishPurge(purge) : job
}

/** For the start: everything that an earlier run had still to delete. Stops at the first failure. */
export const finishPurges = async (ports: PurgePorts): Promise<Result<void>> => {
  const purges = await ports.inventory.listPurges()
  if (!purges.ok) return purges
  for (const purge of purges.value) {
    const done = await purgeEvents(ports, purge)
    if (!done.ok) return done
  }
  return success(undefined)
}
