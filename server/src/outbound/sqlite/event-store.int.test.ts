import { eventStoreContract } from '../../ports/event-store.contract.ts'
import { tenantLimitContract } from '../../ports/event-store-limits.contract.ts'
import { openSqliteStores } from './open-stores.ts'
import { deafMeter, scratchFolder, throwProblem } from './testing/scratch-store.contract.ts'

/** Once with all events in the hot part, and once with so few in each that nearly all lie in files. */
for (const partRows of [125_000, 3]) {
  eventStoreContract(`sqlite, ${partRows} rows in a part`, async (clock) => {
    const config = { folder: scratchFolder(), partRows, logProblem: throwProblem }
    return (await openSqliteStores(config, clock, deafMeter)).events
  })
  tenantLimitContract(`sqlite, ${partRows} rows in a part`, async (clock, tenantBytesMax) => {
    const config = { folder: scratchFolder(), partRows, tenantBytesMax, logProblem: throwProblem }
    return (await openSqliteStores(config, clock, deafMeter)).events
  })
}
