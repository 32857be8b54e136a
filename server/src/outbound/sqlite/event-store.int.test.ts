import { eventStoreContract } from '../../ports/event-store.contract.ts'
import { openSqliteStores } from './open-stores.ts'
import { deafMeter, scratchFolder, throwProblem } from './testing/scratch-store.contract.ts'

eventStoreContract('sqlite', async (clock) => {
  const config = { folder: scratchFolder(), logProblem: throwProblem }
  return (await openSqliteStores(config, clock, deafMeter)).events
})
