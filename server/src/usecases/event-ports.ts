import type { StoredEvent } from '../core/event.ts'
import type { Clock } from '../ports/clock.ts'
import type { EventStore } from '../ports/event-store.ts'
import type { Inventory, Source } from '../ports/inventory.ts'
import type { Meter } from '../ports/meter.ts'

/** What the use cases around events need from the world. */
export type EventPorts = {
  readonly events: EventStore
  readonly inventory: Inventory
  readonly clock: Clock
  readonly meter: Meter
}

/** An event together with what is known of its source, as every answer shows it. */
export type SourcedEvent = {
  readonly event: StoredEvent
  readonly source: Source
}
