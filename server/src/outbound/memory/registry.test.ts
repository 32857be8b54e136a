import { accountsContract } from '../../ports/accounts.contract.ts'
import { inventoryContract } from '../../ports/inventory.contract.ts'
import { createMemoryRegistry } from './registry.ts'
import type { Clock } from '../../ports/clock.ts'
import type { OpenRegistry } from '../../ports/registry-samples.contract.ts'

const open = (clock: Clock): Promise<OpenRegistry> =>
  Promise.resolve({ ...createMemoryRegistry(clock), close: () => Promise.resolve() })

inventoryContract('memory', open)
accountsContract('memory', open)
