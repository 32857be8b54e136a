import { admitEvent } from '../core/admit-event.ts'
import { toManagedObjectId, toTenantId } from '../core/identity.ts'
import type { EventDraft } from '../core/admit-event.ts'
import type { AdmittedEvent, UniqueEvent } from '../core/event.ts'
import type { Result } from '../core/failure.ts'
import type { Fragment } from '../core/fragments.ts'
import type { Clock } from './clock.ts'
import type { EventStore } from './event-store.ts'

/** A clock that stands still until a test sets it. */
export type StepClock = Clock & { readonly setMs: (ms: number) => void }

/** What each case of the contract gets: a fresh, empty store and the clock that it was made with. */
export type StoreUnderTest = { readonly store: EventStore; readonly clock: StepClock }

export const sampleStartMs = Date.UTC(2026, 1, 1, 9)

export const createStepClock = (startMs: number = sampleStartMs): StepClock => {
  let nowMs = startMs
  return {
    nowMs: () => nowMs,
    setMs: (ms) => {
      nowMs = ms
    },
  }
}

export const sampleTenant = toTenantId('t1')
export const otherTenant = toTenantId('t2')

export const fragment = (name: string, value: unknown): Fragment => ({
  name,
  value: JSON.stringify(value),
})

/** An event as a Cumulocity device would send it: no tenant-device event equals it. */
export const sampleEvent = (parts: Partial<EventDraft> = {}): AdmittedEvent =>
  valueOf(
    admitEvent({
      source: toManagedObjectId(1001),
      type: 'c8y_LocationUpdate',
      text: 'Location updated',
      time: { ms: sampleStartMs, offsetMinutes: 0 },
      fragments: [],
      ...parts,
    }),
  )

/** An event as a tenant-device client would send it: it has a digest. */
export const sampleUnique = (parts: Partial<EventDraft> & { data?: unknown } = {}): UniqueEvent => {
  const { data = { n: 1 }, ...draft } = parts
  const fragments = [
    fragment('appId', 'app-1'),
    fragment('severity', 'INFO'),
    fragment('data', data),
  ]
  const event = sampleEvent({ fragments, ...draft })
  if (event.digest === undefined) throw new Error('these fragments give no digest')
  return { ...event, digest: event.digest }
}

/** Unwraps what a test expects to succeed; the failure is in the message otherwise. */
export const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`expected success: ${JSON.stringify(result.failure)}`)
  return result.value
}
