import type { Principal } from '../core/access.ts'
import type { Result } from '../core/failure.ts'
import type { TenantId } from '../core/identity.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { DeletionJob, EventStore } from '../ports/event-store.ts'
import { findTenant } from './manage-apps.ts'

export type ListDeletions = (
  principal: Principal,
  tenant: TenantId,
) => Promise<Result<readonly DeletionJob[]>>

/** The running deletions of a tenant, for its own administrators and operators. Fails with `not-found` (tenant). */
export const createListDeletions =
  (accounts: Accounts, events: EventStore): ListDeletions =>
  async (principal, tenant) => {
    const known = await findTenant(accounts, principal, tenant)
    return known.ok ? events.listDeletions(tenant) : known
  }
