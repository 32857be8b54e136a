import { expect, it } from 'vitest'
import { success } from '../core/failure.ts'
import { toTenantId } from '../core/identity.ts'
import type { Result } from '../core/failure.ts'
import { createMemoryEventStore } from '../outbound/memory/event-store.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import type { Meter } from '../ports/meter.ts'
import { createReportEvent } from './report-event.ts'
import type { Report } from './report-event.ts'

const t1 = toTenantId('t1')
const clock = { nowMs: () => 1_000 }

const deafMeter: Meter = {
  countRequest: () => undefined,
  countEvents: () => undefined,
  countCommit: () => undefined,
  countSkewedClock: () => undefined,
  observe: () => undefined,
  render: () => Promise.resolve(''),
}

const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`unexpected failure ${JSON.stringify(result.failure)}`)
  return result.value
}

const report: Report = {
  app: { appId: 'app', appKey: undefined },
  fields: success({ type: 'a', text: '', severity: '1', data: '{}', timeMs: 1_000 }),
}

const setUp = async () => {
  const { accounts, inventory } = createMemoryRegistry(clock)
  const events = createMemoryEventStore(clock)
  await accounts.createTenant({ id: t1, name: 't', domain: 't', state: 'active' }, [])
  await accounts.createApp({ tenant: t1, id: 'app', key: 'k', name: 'a' })
  const draft = { name: undefined, type: undefined, fragments: [], externalIds: [] }
  const [object] = valueOf(await inventory.createObjects(t1, undefined, [draft]))
  if (object === undefined) throw new Error('nothing was created')
  const { id, name, type, owner } = object
  const ports = { accounts, inventory, events, clock, meter: deafMeter }
  return { ports, place: { tenant: t1, device: { id, name, type, owner } } }
}

const gone = { ok: false, failure: { kind: 'not-found', what: 'source' } }

it.each([false, true])(
  'nothing is taken in for a device deleted after it was found (respond-async: %s)',
  async (respondAsync) => {
    const { ports, place } = await setUp()
    const reportEvent = createReportEvent(ports)
    valueOf(await ports.inventory.deleteObject(t1, place.device.id))
    expect(await reportEvent(place, report, { respondAsync })).toMatchObject(gone)
    expect(valueOf(await ports.events.count(t1, {}))).toBe(0)
  },
)

it('nothing goes into the journal for a device deleted while the store was refusing the event', async () => {
  const { ports, place } = await setUp()
  const events: typeof ports.events = {
    ...ports.events,
    appendUnique: async () => {
      await ports.inventory.deleteObject(t1, place.device.id)
      return { ok: false, failure: { kind: 'unavailable', reason: 'busy', retryAfterS: 1 } }
    },
  }
  const reportEvent = createReportEvent({ ...ports, events })
  expect(await reportEvent(place, report, { respondAsync: false })).toMatchObject(gone)
  expect(valueOf(await ports.events.count(t1, {}))).toBe(0)
})
