import { eventStoreContract } from '../../ports/event-store.contract.ts'
import { createMemoryEventStore } from './event-store.ts'

eventStoreContract('memory', (clock) => Promise.resolve(createMemoryEventStore(clock)))
