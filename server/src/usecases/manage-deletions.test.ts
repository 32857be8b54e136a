import { expect, it } from 'vitest'
import { roles, type Principal } from '../core/access.ts'
import type { EventFilter } from '../core/event-query.ts'
import { success } from '../core/failure.ts'
import { toJobId, toManagedObjectId, toTenantId, toUserName } from '../core/identity.ts'
import { createMemoryEventStore } from '../outbound/memory/event-store.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import { createSystemClock } from '../outbound/system/clock.ts'
import { valueOf } from '../ports/event-samples.contract.ts'
import { createManageDeletions } from './manage-deletions.ts'

const tenant = toTenantId('t1')
const user = toUserName('admin')
const principal: Principal = { kind: 'user', tenant, user, roles: new Set(roles) }
const id = toJobId(7)

/** A tenant with one object, in whose store a deletion by this filter never gets on by itself. */
const withDeletion = async (filterOf: (object: number) => EventFilter) => {
  const clock = createSystemClock()
  const { accounts, inventory } = createMemoryRegistry(clock)
  valueOf(await accounts.createTenant({ id: tenant, name: 't', domain: 't', state: 'active' }, []))
  const draft = { name: undefined, type: undefined, externalIds: [], fragments: [] }
  const [object] = valueOf(await inventory.createObjects(tenant, undefined, [draft]))
  const filter = filterOf(object?.id ?? 0)
  const job = { id, tenant, filter, startedMs: 0, removedEvents: 3, partsLeft: 1 }
  let isRunning = true
  const events = {
    ...createMemoryEventStore(clock),
    listDeletions: () => Promise.resolve(success(isRunning ? [job] : [])),
    cancelDeletion: () => {
      isRunning = false
      return Promise.resolve(success(undefined))
    },
  }
  return createManageDeletions({ accounts, inventory, events })
}

it('a deletion by source and one by time are cancelled', async () => {
  const filters: readonly ((object: number) => EventFilter)[] = [
    (object) => ({ sources: [toManagedObjectId(object)] }),
    () => ({ time: { toMs: 5 } }),
  ]
  for (const filter of filters) {
    const deletions = await withDeletion(filter)
    expect(valueOf(await deletions.list(principal, tenant))).toHaveLength(1)
    expect((await deletions.cancel(principal, tenant, '7')).ok).toBe(true)
    expect(valueOf(await deletions.list(principal, tenant))).toEqual([])
  }
})

it('a deletion of what a deleted object or tenant has left goes on', async () => {
  const filters: readonly ((object: number) => EventFilter)[] = [
    (object) => ({ sources: [toManagedObjectId(object), toManagedObjectId(object + 1)] }),
    () => ({}),
  ]
  for (const filter of filters) {
    const deletions = await withDeletion(filter)
    const cancelled = await deletions.cancel(principal, tenant, '7')
    expect(cancelled).toMatchObject({ failure: { kind: 'invalid' } })
    expect(valueOf(await deletions.list(principal, tenant))).toHaveLength(1)
  }
})

it('an id that no running deletion has is not found', async () => {
  const deletions = await withDeletion(() => ({ time: { toMs: 5 } }))
  for (const absent of ['8', '07', 'x']) {
    const cancelled = await deletions.cancel(principal, tenant, absent)
    expect(cancelled).toMatchObject({ failure: { kind: 'not-found', what: 'job', id: absent } })
  }
})
