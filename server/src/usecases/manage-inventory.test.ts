import { beforeEach, describe, expect, it } from 'vitest'
import { toManagedObjectId, toTenantId, toUserName } from '../core/identity.ts'
import { createMemoryEventStore } from '../outbound/memory/event-store.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import { createFinishPurges } from './finish-purges.ts'
import { createManageIdentity } from './manage-identity.ts'
import { createManageInventory } from './manage-inventory.ts'
import type { KeyPrincipal, Principal, Role } from '../core/access.ts'
import type { Failure, Result } from '../core/failure.ts'
import type { ManagedObjectId, TenantId } from '../core/identity.ts'
import type { ManagedObjectChange, ManagedObjectDraft } from '../core/managed-object.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { EventStore } from '../ports/event-store.ts'
import type { Inventory } from '../ports/inventory.ts'
import type { ManageIdentity } from './manage-identity.ts'
import type { ManageInventory } from './manage-inventory.ts'

const clock = { nowMs: () => Date.UTC(2026, 0, 1) }
const t1 = toTenantId('t1')
const t2 = toTenantId('t2')
const absent = toManagedObjectId(7)

const userOf = (tenant: TenantId, name: string, ...roles: readonly Role[]): Principal => ({
  kind: 'user',
  tenant,
  user: toUserName(name),
  roles: new Set(roles),
})

const admin = userOf(t1, 'admin', 'ROLE_INVENTORY_ADMIN', 'ROLE_IDENTITY_ADMIN')
const device = userOf(t1, 'device_1', 'ROLE_INVENTORY_CREATE')
const reader = userOf(t1, 'reader', 'ROLE_INVENTORY_READ', 'ROLE_IDENTITY_READ')
const stranger = userOf(t1, 'stranger')
const foreigner = userOf(t2, 'admin', 'ROLE_INVENTORY_ADMIN', 'ROLE_IDENTITY_ADMIN')
const key: KeyPrincipal = {
  kind: 'key',
  tenant: t1,
  keyPrefix: 'bfk_1',
  allTenants: false,
  devices: undefined,
}

const draft: ManagedObjectDraft = {
  name: 'door',
  type: undefined,
  fragments: [],
  externalIds: [{ type: 'c8y_Serial', externalId: 'a' }],
}

const rename: ManagedObjectChange = {
  name: 'gate',
  type: undefined,
  owner: undefined,
  fragments: [],
}

const alone = { cascade: 'never', withDeviceUser: false } as const

const serial = { type: 'c8y_Serial', externalId: 'a' }
const other = { type: 'c8y_Serial', externalId: 'b' }

const denied = { ok: false, failure: { kind: 'forbidden', reason: 'role' } }

const missing = (what: string, id: string | number) => ({
  ok: false,
  failure: { kind: 'not-found', what, id: String(id) },
})

const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`unexpected failure ${JSON.stringify(result.failure)}`)
  return result.value
}

describe('managed objects and external ids', () => {
  let inventory: Inventory
  let accounts: Accounts
  let events: EventStore
  let objects: ManageInventory
  let identity: ManageIdentity

  beforeEach(async () => {
    const registry = createMemoryRegistry(clock)
    inventory = registry.inventory
    events = createMemoryEventStore(clock)
    accounts = registry.accounts
    objects = createManageInventory({
      inventory,
      accounts,
      finishPurges: createFinishPurges({ inventory, events }),
    })
    identity = createManageIdentity(inventory)
    for (const id of [t1, t2]) {
      await registry.accounts.createTenant({ id, name: id, domain: id, state: 'active' }, [])
    }
  })

  const create = async (principal = device, over: Partial<ManagedObjectDraft> = {}) => {
    const created = await objects.create(principal, [{ ...draft, ...over }], undefined)
    const [object] = valueOf(created)
    if (object === undefined) throw new Error('nothing was created')
    return object
  }

  const report = (source: ManagedObjectId) =>
    events.append(t1, [
      {
        source,
        type: 'x',
        text: '',
        time: { ms: 0, offsetMinutes: 0 },
        fragments: [],
        digest: undefined,
      },
    ])

  describe('refuse', () => {
    it("another tenant's administrator exactly as if the object did not exist", async () => {
      const { id } = await create()
      for (const wanted of [id, absent]) {
        const gone = missing('managed-object', wanted)
        expect(await objects.read(foreigner, wanted)).toEqual(gone)
        expect(await objects.change(foreigner, wanted, rename)).toEqual(gone)
        expect(await objects.touch(foreigner, wanted)).toEqual(gone)
        expect(await objects.delete(foreigner, wanted, alone)).toEqual(gone)
        const unknown = missing('global-id', wanted)
        expect(await identity.list(foreigner, wanted)).toEqual(unknown)
        expect(await identity.bind(foreigner, wanted, other)).toEqual(unknown)
      }
      const unbound = missing('external-id', 'c8y_Serial/a')
      expect(await identity.resolve(foreigner, serial)).toEqual(unbound)
      expect(await identity.unbind(foreigner, serial)).toEqual(unbound)
      expect(await identity.search(foreigner, [serial])).toEqual({ ok: true, value: [] })
    })

    it.each([
      ['a user without a role', stranger],
      ['an API key', key],
    ])('%s', async (_, principal) => {
      const { id } = await create()
      expect(await objects.create(principal, [draft], undefined)).toEqual(denied)
      expect(await objects.read(principal, id)).toEqual(denied)
      expect(await objects.change(principal, id, rename)).toEqual(denied)
      expect(await objects.delete(principal, id, alone)).toEqual(denied)
      expect(await identity.list(principal, id)).toEqual(denied)
      expect(await identity.bind(principal, id, other)).toEqual(denied)
      expect(await identity.resolve(principal, serial)).toEqual(denied)
      expect(await identity.unbind(principal, serial)).toEqual(denied)
    })

    it('a reader that wants to write', async () => {
      const { id } = await create()
      expect(await objects.create(reader, [draft], undefined)).toEqual(denied)
      expect(await objects.change(reader, id, rename)).toEqual(denied)
      expect(await identity.bind(reader, id, other)).toEqual(denied)
      expect(await identity.unbind(reader, serial)).toEqual(denied)
    })

    it('to create for somebody else with no more than the right to create', async () => {
      const owner = toUserName('somebody')
      expect(await objects.create(device, [draft], owner)).toEqual(denied)
      const [created] = valueOf(await objects.create(admin, [draft], owner))
      expect(created?.owner).toBe(owner)
    })

    it('a bad fragment before anything is stored', async () => {
      const bad = { ...draft, externalIds: [], fragments: [{ name: 'a b', value: '1' }] }
      const result = await objects.create(admin, [draft, bad], undefined)
      expect(result).toMatchObject({ ok: false, failure: { kind: 'invalid' } })
      expect(valueOf(await inventory.countObjects(t1, {}))).toBe(0)
    })
  })

  describe('let the owner', () => {
    it('read, change and delete what it created', async () => {
      const { id, owner } = await create()
      expect(owner).toBe('device_1')
      expect((await objects.read(device, id)).ok).toBe(true)
      expect(valueOf(await objects.change(device, id, rename)).name).toBe('gate')
      expect((await objects.touch(device, id)).ok).toBe(true)
      expect((await objects.delete(device, id, alone)).ok).toBe(true)
      expect(await objects.read(device, id)).toEqual(missing('managed-object', id))
    })

    it('bind, list, resolve and unbind names of it', async () => {
      const { id } = await create()
      valueOf(await identity.bind(device, id, other))
      expect(valueOf(await identity.list(device, id))).toEqual([serial, other])
      expect(valueOf(await identity.resolve(device, other))).toBe(id)
      expect(valueOf(await identity.search(device, [other, serial]))).toEqual([
        { ...other, object: id },
        { ...serial, object: id },
      ])
      valueOf(await identity.unbind(device, other))
      expect(await identity.resolve(device, other)).toEqual(missing('external-id', 'c8y_Serial/b'))
    })
  })

  it('tell a device without roles that its serial is not registered yet', async () => {
    expect(await identity.resolve(device, serial)).toEqual(missing('external-id', 'c8y_Serial/a'))
  })

  it('list to a user without a role its own and the global objects, totals included', async () => {
    const own = await create()
    const fragments = [{ name: 'c8y_Global', value: '{}' }]
    const shared = await create(admin, { externalIds: [], fragments })
    await create(admin, { externalIds: [] })
    const request = { filter: {}, skip: 0, size: 10 }
    const seen = valueOf(await objects.list(device, request, { withTotal: true }))
    expect(seen.objects.map(({ id }) => id)).toEqual([own.id, shared.id])
    expect(seen.total).toBe(2)
    expect(valueOf(await objects.list(reader, request, { withTotal: true })).total).toBe(3)
    expect((await objects.read(stranger, shared.id)).ok).toBe(true)
    expect(await objects.list(key, request, { withTotal: false })).toEqual(denied)
  })

  describe('when an object is deleted', () => {
    it('its events go and no other', async () => {
      const gone = await create()
      const kept = await create(admin, { externalIds: [] })
      await report(gone.id)
      await report(kept.id)
      valueOf(await objects.delete(admin, gone.id, alone))
      expect(valueOf(await events.count(t1, {}))).toBe(1)
      expect(valueOf(await inventory.listPurges())).toEqual([])
    })

    it('events that could not go with it go with the next deletion', async () => {
      const busy: Failure = { kind: 'too-many', retryAfterS: 1 }
      const refusing: EventStore = {
        ...events,
        deleteMatching: () => Promise.resolve({ ok: false, failure: busy }),
      }
      const first = await create()
      const second = await create(admin, { externalIds: [] })
      await report(first.id)
      await report(second.id)
      const finishPurges = createFinishPurges({ inventory, events: refusing })
      const refused = createManageInventory({ inventory, accounts, finishPurges })
      expect((await refused.delete(admin, first.id, alone)).ok).toBe(true)
      expect(valueOf(await inventory.listPurges())).toEqual([{ tenant: t1, object: first.id }])
      valueOf(await objects.delete(admin, second.id, alone))
      expect(valueOf(await events.count(t1, {}))).toBe(0)
      expect(valueOf(await inventory.listPurges())).toEqual([])
    })

    it('what a crash left over is finished at the start, in one deletion for each tenant', async () => {
      const jobs: (readonly [TenantId, unknown])[] = []
      const noting: EventStore = {
        ...events,
        deleteMatching: (tenant, filter) => {
          jobs.push([tenant, filter])
          return events.deleteMatching(tenant, filter)
        },
      }
      const created = [await create(), await create(admin, { externalIds: [] })]
      const ids = created.map(({ id }) => id)
      for (const id of ids) {
        await report(id)
        await inventory.deleteObject(t1, id)
      }
      const foreign = await create(foreigner)
      await inventory.deleteObject(t2, foreign.id)
      valueOf(await createFinishPurges({ inventory, events: noting })())
      expect(jobs).toEqual([
        [t1, { sources: ids }],
        [t2, { sources: [foreign.id] }],
      ])
      expect(valueOf(await events.count(t1, {}))).toBe(0)
      expect(valueOf(await inventory.listPurges())).toEqual([])
    })
  })
})
