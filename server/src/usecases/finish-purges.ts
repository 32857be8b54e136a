import { success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { TenantId } from '../core/identity.ts'
import { purgedTogetherMax } from '../core/limits.ts'
import type { EventStore } from '../ports/event-store.ts'
import type { Inventory, Purge } from '../ports/inventory.ts'

export type PurgePorts = {
  readonly inventory: Inventory
  readonly events: EventStore
}

/**
 * Deletes the events of objects and tenants that are gone, of one tenant or of all: right after a deletion, and at every
 * start for what was left over. A note goes only when the deletion of its events is on disk, so that a crash or a
 * refusal in between is made good by the next run; deleting twice does no harm. The objects of one tenant
 * share a deletion, because each running one is a condition on every read. Goes on after a failure, and
 * answers the first.
 */
export const finishPurges = async (ports: PurgePorts, only?: TenantId): Promise<Result<void>> => {
  const noted = await ports.inventory.listPurges()
  if (!noted.ok) return noted
  const wanted = noted.value.filter(({ tenant }) => only === undefined || tenant === only)
  let outcome: Result<void> = success(undefined)
  for (const purges of groupPurges(wanted)) {
    const finished = await finishGroup(ports, purges)
    if (outcome.ok) outcome = finished
  }
  return outcome
}

/** By tenant, and at most `purgedTogetherMax` of a tenant's objects together. */
const groupPurges = (purges: readonly Purge[]): readonly (readonly Purge[])[] => {
  const tenants = new Set(purges.map(({ tenant }) => tenant))
  return [...tenants].flatMap((tenant) => slices(purges.filter((purge) => purge.tenant === tenant)))
}

const slices = (purges: readonly Purge[]): readonly (readonly Purge[])[] => {
  const cut: (readonly Purge[])[] = []
  for (let at = 0; at < purges.length; at += purgedTogetherMax) {
    cut.push(purges.slice(at, at + purgedTogetherMax))
  }
  return cut
}

const finishGroup = async (
  { inventory, events }: PurgePorts,
  purges: readonly Purge[],
): Promise<Result<void>> => {
  const [first] = purges
  if (first === undefined) return success(undefined)
  const sources = purges.flatMap(({ object }) => object ?? [])
  const isWholeTenant = sources.length < purges.length
  const job = await events.deleteMatching(first.tenant, isWholeTenant ? {} : { sources })
  if (!job.ok) return job
  for (const purge of purges) {
    const finished = await inventory.finishPurge(purge)
    if (!finished.ok) return finished
  }
  return success(undefined)
}
