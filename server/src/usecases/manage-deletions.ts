import type { Principal } from '../core/access.ts'
import type { EventFilter } from '../core/event-query.ts'
import { invalid, notFound, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { TenantId } from '../core/identity.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { DeletionJob, EventStore } from '../ports/event-store.ts'
import type { Inventory } from '../ports/inventory.ts'
import { findTenant } from './manage-apps.ts'

export type DeletionPorts = {
  readonly accounts: Accounts
  readonly inventory: Inventory
  readonly events: EventStore
}

/**
 * The running deletions of a tenant, for its own administrators and operators; everybody else fails with `forbidden`,
 * whether the tenant exists or not.
 */
export type ManageDeletions = {
  /** Fails with `not-found` (tenant). */
  readonly list: (principal: Principal, tenant: TenantId) => Promise<Result<readonly DeletionJob[]>>

  /**
   * Brings back what has not been removed yet. Fails with `not-found` (tenant, job), and with `invalid` for a deletion
   * that removes what a deleted object or tenant has left: nothing of those may be seen again.
   */
  readonly cancel: (principal: Principal, tenant: TenantId, id: string) => Promise<Result<void>>
}

export const createManageDeletions = (ports: DeletionPorts): ManageDeletions => {
  const list: ManageDeletions['list'] = async (principal, tenant) => {
    const known = await findTenant(ports.accounts, principal, tenant)
    return known.ok ? ports.events.listDeletions(tenant) : known
  }
  return {
    list,
    cancel: async (principal, tenant, id) => {
      const running = await list(principal, tenant)
      if (!running.ok) return running
      const job = running.value.find((each) => String(each.id) === id)
      if (!job) return notFound('job', id)
      const isOfLeaving = await removesLeftovers(ports.inventory, tenant, job.filter)
      if (!isOfLeaving.ok) return isOfLeaving
      return isOfLeaving.value ? leftovers : ports.events.cancelDeletion(tenant, job.id)
    },
  }
}

/**
 * Of a tenant: everything, which nobody can ask for in another way; it may go on when there is a new tenant of that
 * name. Of objects: all from sources of which one is not there any more.
 */
const removesLeftovers = async (
  inventory: Inventory,
  tenant: TenantId,
  filter: EventFilter,
): Promise<Result<boolean>> => {
  if (Object.keys(filter).length === 0) return success(true)
  const ids = [...new Set(filter.sources ?? [])]
  if (ids.length === 0) return success(false)
  const known = await inventory.readSources(tenant, ids)
  return known.ok ? success(known.value.length < ids.length) : known
}

const leftovers = invalid(
  'id',
  'this deletion removes what a deleted object or tenant has left and is not cancelled',
)
