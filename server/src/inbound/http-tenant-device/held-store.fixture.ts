import { failed, success } from '../../core/failure.ts'
import { retryAfterS } from '../../core/limits.ts'
import type { AcceptedState, EventStore, StoreHealth } from '../../ports/event-store.ts'

/** A store in trouble, as far as a test puts it there; all else is the store inside. */
export type HeldStore = {
  readonly surround: (events: EventStore) => EventStore
  readonly trouble: {
    queuedEvents: number
    /** `events`: only the journal takes. */
    refuses: 'nothing' | 'events' | 'everything'
    reason: 'busy' | 'disk-full' | 'storage-failed'
    /** What receipts answer while accepted events wait. */
    held: AcceptedState | undefined
    /** A bug of the store. */
    throws: boolean
  }
}

export const createHeldStore = (): HeldStore => {
  const trouble: HeldStore['trouble'] = {
    queuedEvents: 0,
    refuses: 'nothing',
    reason: 'busy',
    held: undefined,
    throws: false,
  }
  const refused = () => failed({ kind: 'unavailable', reason: trouble.reason, retryAfterS })
  return {
    trouble,
    surround: (events) => ({
      ...events,
      appendUnique: async (tenant, event) => {
        if (trouble.throws) throw new Error('a secret of the store')
        return trouble.refuses === 'nothing' ? events.appendUnique(tenant, event) : refused()
      },
      accept: async (tenant, event) =>
        trouble.refuses === 'everything' ? refused() : events.accept(tenant, event),
      readAccepted: async (tenant, receipt) => {
        const state = await events.readAccepted(tenant, receipt)
        return state.ok && trouble.held ? success(trouble.held) : state
      },
      health: (): StoreHealth => ({ ...events.health(), queuedEvents: trouble.queuedEvents }),
    }),
  }
}
