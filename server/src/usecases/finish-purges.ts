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
 * Deletes the events of objects and tenants that are gone, of one tenant or of all: right after a deletion, and every
 * now and then for what was left over. A note goes only when the deletion of its events is on disk, so that a crash or
 * a refusal in between is made good by a later run; deleting twice does no harm. The objects of one tenant
 * share a deletion, because each running one is a condition on every read. Goes on after a failure, and
 * answers the first.
 */
export type FinishPurges = (only?: TenantId) => Promise<Result<void>>

/**
 * To be made once. A tenant's runs follow each other: a run that has read its notes and then sleeps must not wake up when
 * another one has done its work and a new tenant of that name has events. Whoever asks while a run waits for its
 * turn shares it, so that a tenant has at most two.
 */
export const createFinishPurges = (ports: PurgePorts): FinishPurges => {
  const running = new Map<TenantId, Promise<Result<void>>>()
  const waiting = new Map<TenantId, Promise<Result<void>>>()
  const begin = (tenant: TenantId): Promise<Result<void>> => {
    waiting.delete(tenant)
    const run = finishTenant(ports, tenant).finally(() => running.delete(tenant))
    running.set(tenant, run)
    return run
  }
  const inTurn = (tenant: TenantId): Promise<Result<void>> => {
    const before = running.get(tenant)
    if (before === undefined) return begin(tenant)
    const next =
      waiting.get(tenant) ??
      before.then(
        () => begin(tenant),
        () => begin(tenant),
      )
    waiting.set(tenant, next)
    return next
  }
  return (only) => (only === undefined ? finishAll(ports, inTurn) : inTurn(only))
}

const finishAll = async (
  { inventory }: PurgePorts,
  inTurn: (tenant: TenantId) => Promise<Result<void>>,
): Promise<Result<void>> => {
  const noted = await inventory.listPurges()
  if (!noted.ok) return noted
  let outcome: Result<void> = success(undefined)
  for (const tenant of new Set(noted.value.map((purge) => purge.tenant))) {
    const finished = await inTurn(tenant)
    if (outcome.ok) outcome = finished
  }
  return outcome
}

const finishTenant = async (ports: PurgePorts, tenant: TenantId): Promise<Result<void>> => {
  const noted = await ports.inventory.listPurges()
  if (!noted.ok) return noted
  const purges = noted.value.filter((purge) => purge.tenant === tenant)
  let outcome: Result<void> = success(undefined)
  for (let at = 0; at < purges.length; at += purgedTogetherMax) {
    const finished = await finishGroup(ports, tenant, purges.slice(at, at + purgedTogetherMax))
    if (outcome.ok) outcome = finished
  }
  return outcome
}

const finishGroup = async (
  { inventory, events }: PurgePorts,
  tenant: TenantId,
  purges: readonly Purge[],
): Promise<Result<void>> => {
  const sources = purges.flatMap(({ object }) => object ?? [])
  const isWholeTenant = sources.length < purges.length
  const job = await events.deleteMatching(tenant, isWholeTenant ? {} : { sources })
  return job.ok ? inventory.finishPurges(purges) : job
}
