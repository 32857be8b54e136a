import { eventStoreContract } from '../../ports/event-store.contract.ts'
import { tenantLimitContract } from '../../ports/event-store-limits.contract.ts'
import { createMemoryEventStore } from './event-store.ts'

eventStoreContract('memory', (clock) => Promise.resolve(createMemoryEventStore(clock)))

tenantLimitContract('memory', (clock, tenantBytesMax) =>
  Promise.resolve(createMemoryEventStore(clock, { tenantBytesMax })),
)
