import { beforeEach, expect, it } from 'vitest'
import type { AuditNote } from '../core/audit.ts'
import { toTenantId, toUserName } from '../core/identity.ts'
import type { ManagedObjectId, TenantId } from '../core/identity.ts'
import { retryAfterS } from '../core/limits.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import { valueOf } from '../ports/event-samples.contract.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Inventory } from '../ports/inventory.ts'
import { limitObjects } from './limit-objects.ts'

const t1 = toTenantId('t1')
const t2 = toTenantId('t2')
const owner = toUserName('admin')
const objectsMax = 5

const full = { ok: false, failure: { kind: 'unavailable', reason: 'tenant-full', retryAfterS } }

let clock: { ms: number; readonly nowMs: () => number }
let accounts: Accounts
let inner: Inventory
let inventory: Inventory
let counted: number

const addTenant = async (id: TenantId) =>
  valueOf(await accounts.createTenant({ id, name: id, domain: id, state: 'active' }, []))

beforeEach(async () => {
  const now = { ms: 1000, nowMs: () => now.ms }
  clock = now
  const registry = createMemoryRegistry(clock)
  accounts = registry.accounts
  inner = registry.inventory
  counted = 0
  const counting: Inventory = {
    ...inner,
    countObjects: (tenant, filter) => {
      counted += 1
      return inner.countObjects(tenant, filter)
    },
  }
  inventory = limitObjects({ inventory: counting, accounts }, objectsMax)
  for (const id of [t1, t2]) await addTenant(id)
})

const draft = { name: undefined, type: undefined, fragments: [], externalIds: [] }

const create = (objects: number, tenant = t1) =>
  inventory.createObjects(
    tenant,
    owner,
    Array.from({ length: objects }, () => draft),
  )

const fill = async (): Promise<readonly ManagedObjectId[]> =>
  valueOf(await create(objectsMax)).map(({ id }) => id)

it('a tenant with as many objects as it may creates no more, and another does', async () => {
  expect(await create(objectsMax + 1)).toEqual(full)
  valueOf(await create(2))
  valueOf(await create(3))
  expect(await create(1)).toEqual(full)
  expect(valueOf(await inner.countObjects(t1, {}))).toBe(objectsMax)
  valueOf(await create(1, t2))
  expect(await create(1, toTenantId('t3'))).toMatchObject({ failure: { what: 'tenant' } })
})

it('deleting makes room, however it is done', async () => {
  const [first, ...others] = await fill()
  if (first === undefined) throw new Error('objects were created')
  valueOf(await inventory.deleteObject(t1, first))
  valueOf(await create(1))
  expect(await create(1)).toEqual(full)
  const note: AuditNote = {
    ...{ tenant: t1, type: 'Inventory', activity: 'a', text: 't', source: undefined },
    user: undefined,
  }
  valueOf(await inventory.noting(note).deleteObjects(t1, [first, ...others]))
  valueOf(await create(objectsMax - 1))
  expect(await create(1)).toEqual(full)
})

it('what fails takes no room', async () => {
  const externalIds = [{ type: 'c8y_Serial', externalId: '1' }]
  valueOf(await inventory.createObjects(t1, owner, [{ ...draft, externalIds }]))
  for (let turn = 0; turn < objectsMax; turn += 1) {
    const taken = await inventory.createObjects(t1, owner, [{ ...draft, externalIds }])
    expect(taken).toMatchObject({ failure: { kind: 'conflict' } })
  }
  valueOf(await create(objectsMax - 1))
})

it('objects are counted once, and again only before somebody is refused', async () => {
  for (let turn = 0; turn < objectsMax; turn += 1) valueOf(await create(1))
  expect(counted).toBe(1)
  for (let turn = 0; turn < 3; turn += 1) expect(await create(1)).toEqual(full)
  expect(counted).toBe(2)
})

it('calls that come at once do not go beyond the limit', async () => {
  const all = await Promise.all(Array.from({ length: 4 * objectsMax }, () => create(1)))
  expect(all.filter(({ ok }) => ok)).toHaveLength(objectsMax)
})

it('a tenant that is made anew begins with none', async () => {
  await fill()
  valueOf(await accounts.deleteTenant(t1))
  valueOf(await inner.finishPurges([{ tenant: t1, object: undefined }]))
  clock.ms += 1
  await addTenant(t1)
  await fill()
  expect(await create(1)).toEqual(full)
})

it('without a limit it is the inventory itself', () => {
  expect(limitObjects({ inventory: inner, accounts }, 0)).toBe(inner)
})
