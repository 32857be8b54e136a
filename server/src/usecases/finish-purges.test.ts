import { expect, it } from 'vitest'
import { success } from '../core/failure.ts'
import { toManagedObjectId, toTenantId } from '../core/identity.ts'
import { purgedTogetherMax } from '../core/limits.ts'
import type { Result } from '../core/failure.ts'
import { createMemoryEventStore } from '../outbound/memory/event-store.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import type { Purge } from '../ports/inventory.ts'
import type { EventStore } from '../ports/event-store.ts'
import { createFinishPurges } from './finish-purges.ts'

const t1 = toTenantId('t1')
const t2 = toTenantId('t2')
const clock = { nowMs: () => 1_000 }

const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`unexpected failure ${JSON.stringify(result.failure)}`)
  return result.value
}

/** A store whose deletions by filter wait until the test lets them go, and are counted. */
const holdDeletions = (events: EventStore) => {
  const held: (() => void)[] = []
  const deleteMatching: EventStore['deleteMatching'] = async (tenant, filter) => {
    await new Promise<void>((resolve) => held.push(resolve))
    return events.deleteMatching(tenant, filter)
  }
  return { events: { ...events, deleteMatching }, held, letGo: () => held.shift()?.() }
}

const setUp = async () => {
  const { accounts, inventory } = createMemoryRegistry(clock)
  const store = createMemoryEventStore(clock)
  const { events, held, letGo } = holdDeletions(store)
  const tenantOf = (id: typeof t1) => ({ id, name: id, domain: id, state: 'active' as const })
  for (const id of [t1, t2]) valueOf(await accounts.createTenant(tenantOf(id), []))
  const finishPurges = createFinishPurges({ inventory, events })
  const createObject = async (tenant: typeof t1) => {
    const draft = { name: undefined, type: undefined, fragments: [], externalIds: [] }
    const [object] = valueOf(await inventory.createObjects(tenant, undefined, [draft]))
    if (object === undefined) throw new Error('nothing was created')
    return object.id
  }
  return { accounts, inventory, store, finishPurges, held, letGo, tenantOf, createObject }
}

const untilHeld = async (held: readonly unknown[]): Promise<void> => {
  while (held.length === 0) await new Promise(setImmediate)
}

it('a run that was overtaken never empties a new tenant of the old name', async () => {
  const { accounts, store, finishPurges, held, letGo, tenantOf } = await setUp()
  valueOf(await accounts.deleteTenant(t1))
  const slow = finishPurges()
  const quick = finishPurges(t1)
  await untilHeld(held)
  expect(held).toHaveLength(1)
  expect((await accounts.createTenant(tenantOf(t1), [])).ok).toBe(false)
  letGo()
  valueOf(await quick)
  valueOf(await accounts.createTenant(tenantOf(t1), []))
  const time = { ms: 0, offsetMinutes: 0 }
  const event = { type: 'x', text: '', time, fragments: [], digest: undefined } as const
  valueOf(await store.append(t1, [{ ...event, source: toManagedObjectId(1) }]))
  letGo()
  valueOf(await slow)
  expect(valueOf(await store.count(t1, {}))).toBe(1)
})

it('those who ask while a run waits for its turn share it', async () => {
  const { inventory, finishPurges, held, letGo, createObject } = await setUp()
  const ids = [await createObject(t1), await createObject(t1), await createObject(t1)]
  const runs = []
  for (const id of ids) {
    valueOf(await inventory.deleteObject(t1, id))
    runs.push(finishPurges(t1))
    await untilHeld(held)
  }
  letGo()
  await untilHeld(held)
  letGo()
  expect(await Promise.all(runs)).toEqual(ids.map(() => success(undefined)))
  expect(valueOf(await inventory.listPurges())).toEqual([])
  expect(held).toEqual([])
})

it('the notes of a whole hierarchy are forgotten in one step for each deletion', async () => {
  const { inventory, store, createObject } = await setUp()
  const steps: number[] = []
  const counting = {
    ...inventory,
    finishPurges: (purges: readonly Purge[]) => {
      steps.push(purges.length)
      return inventory.finishPurges(purges)
    },
  }
  const ids = []
  for (let nth = 0; nth < purgedTogetherMax + 1; nth += 1) ids.push(await createObject(t1))
  valueOf(await inventory.deleteObjects(t1, ids))
  valueOf(await createFinishPurges({ inventory: counting, events: store })(t1))
  expect(steps).toEqual([purgedTogetherMax, 1])
  expect(valueOf(await inventory.listPurges())).toEqual([])
})

it('the purge of one tenant does not wait for that of another', async () => {
  const { inventory, finishPurges, held, letGo, createObject } = await setUp()
  for (const tenant of [t1, t2]) {
    valueOf(await inventory.deleteObject(tenant, await createObject(tenant)))
  }
  const runs = [finishPurges(t1), finishPurges(t2)]
  await untilHeld(held)
  while (held.length < 2) await new Promise(setImmediate)
  letGo()
  letGo()
  expect((await Promise.all(runs)).every(({ ok }) => ok)).toBe(true)
})
