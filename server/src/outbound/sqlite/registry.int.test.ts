import { accountsContract } from '../../ports/accounts.contract.ts'
import { inventoryContract } from '../../ports/inventory.contract.ts'
import { openInProcess } from './testing/in-process-registry.ts'

inventoryContract('sqlite', async (clock) => openInProcess(clock))
accountsContract('sqlite', async (clock) => openInProcess(clock))
