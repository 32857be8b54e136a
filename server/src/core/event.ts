import type { EventId, ManagedObjectId, TenantId } from './identity.ts'
import type { EventTime } from './event-time.ts'
import type { Fragments } from './fragments.ts'

/** An event that has been judged right and may be stored. Made by `admitEvent` only. */
export type AdmittedEvent = {
  readonly source: ManagedObjectId
  readonly type: string
  readonly text: string
  readonly time: EventTime
  readonly fragments: Fragments
  /**
   * What "all other data are equal" compares, kept for ever as first stored; undefined for an event
   * that no tenant-device event can equal (docs/protocols/tenant-device-events.md, 4).
   */
  readonly digest: string | undefined
}

/** An event that takes part in duplicate detection. */
export type UniqueEvent = AdmittedEvent & { readonly digest: string }

/** An event as it is kept. `source`, `type`, `time` and `creationMs` never change. */
export type StoredEvent = {
  readonly tenant: TenantId
  readonly id: EventId
  readonly source: ManagedObjectId
  readonly type: string
  readonly text: string
  readonly time: EventTime
  /** When the store took it in, milliseconds since 1970. */
  readonly creationMs: number
  readonly lastUpdatedMs: number
  readonly fragments: Fragments
}

/** A partial update (docs/protocols/cumulocity.md, 2.1). A fragment whose value is `null` is removed. */
export type EventChange = {
  readonly text: string | undefined
  readonly fragments: Fragments
}
