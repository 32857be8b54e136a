import { success, type Result } from '../core/failure.ts'
import type { EventStore } from '../ports/event-store.ts'
import type { Inventory, Purge } from '../ports/inventory.ts'

/**
 * Deletes the events of objects and tenants that are gone: right after the deletion, and at every start for what a crash
 * left over. Deleting twice does no harm, so a crash anywhere in here is made good by the next run.
 */
export const finishPurges = async (
  inventory: Inventory,
  events: EventStore,
): Promise<Result<void>> => {
  const purges = await inventory.listPurges()
  if (!purges.ok) return purges
  for (const purge of purges.value) {
    const finished = await finishPurge(inventory, events, purge)
    if (!finished.ok) return finished
  }
  return success(undefined)
}

const finishPurge = async (
  inventory: Inventory,
  events: EventStore,
  purge: Purge,
): Promise<Result<void>> => {
  const filter = purge.object === undefined ? {} : { sources: [purge.object] }
  const deleted = await events.deleteMatching(purge.tenant, filter)
  return deleted.ok ? inventory.finishPurge(purge) : deleted
}
