import { accountsContract } from '../../ports/accounts.contract.ts'
import { inventoryContract } from '../../ports/inventory.contract.ts'
import { openSqliteStores } from './open-stores.ts'
import { deafMeter, scratchFolder, throwProblem } from './testing/scratch-store.contract.ts'
import type { MakeRegistry } from '../../ports/registry-samples.contract.ts'

const openOnThreads: MakeRegistry = (clock) =>
  openSqliteStores(
    { folder: scratchFolder(), readers: 1, logProblem: throwProblem },
    clock,
    deafMeter,
  )

inventoryContract('sqlite on its threads', openOnThreads)
accountsContract('sqlite on its threads', openOnThreads)
