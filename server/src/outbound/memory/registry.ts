import { createMemoryAccounts } from './accounts.ts'
import { createMemoryInventory } from './inventory.ts'
import { createRegistryState } from './registry-state.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Inventory } from '../../ports/inventory.ts'

export type Registry = { readonly inventory: Inventory; readonly accounts: Accounts }

/**
 * The reference of `Inventory` and `Accounts`: nothing is kept beyond the process. The two share one
 * state, because a tenant is deleted with its managed objects.
 */
export const createMemoryRegistry = (clock: Clock): Registry => {
  const state = createRegistryState()
  return {
    inventory: createMemoryInventory(state, clock),
    accounts: createMemoryAccounts(state, clock),
  }
}
