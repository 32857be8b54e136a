import { beforeEach, describe, expect, it } from 'vitest'
import { toManagedObjectId, toUserName } from '../core/identity.ts'
import { deletionSliceObjectsMax, hierarchyObjectsMax } from '../core/limits.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import { deleteObjects } from './delete-objects.ts'
import { admin as adminName, draft, t1, valueOf } from '../ports/registry-samples.contract.ts'
import { success } from '../core/failure.ts'
import type { Principal, Role } from '../core/access.ts'
import type { ChildKind } from '../core/family.ts'
import type { ManagedObjectId } from '../core/identity.ts'
import type { Inventory } from '../ports/inventory.ts'
import type { DeletionPorts, ObjectDeletion } from './delete-objects.ts'

const userOf = (name: string, ...roles: readonly Role[]): Principal => ({
  kind: 'user',
  tenant: t1,
  user: toUserName(name),
  roles: new Set(roles),
})

const admin = userOf('admin', 'ROLE_INVENTORY_ADMIN')
const userAdmin = userOf('boss', 'ROLE_INVENTORY_ADMIN', 'ROLE_USER_MANAGEMENT_ADMIN')
const device = userOf('device_1')
const group = [{ name: 'c8y_IsDeviceGroup', value: '{}' }]
const isDevice = [{ name: 'c8y_IsDevice', value: '{}' }]

const how = (over: Partial<ObjectDeletion> = {}): ObjectDeletion => ({
  cascade: 'never',
  withDeviceUser: false,
  ...over,
})

const denied = { ok: false, failure: { kind: 'forbidden', reason: 'role' } }

describe('deleting a managed object', () => {
  let ports: DeletionPorts

  beforeEach(async () => {
    const registry = createMemoryRegistry({ nowMs: () => Date.UTC(2026, 0, 1) })
    ports = { ...registry, finishPurges: () => Promise.resolve(success(undefined)) }
    const user = { tenant: t1, passwordHash: '', enabled: true, roles: [], profile: {} }
    const users = ['device_1', 'person'].map((name) => ({ ...user, name: toUserName(name) }))
    const tenant = { id: t1, name: 't1', domain: 't1', state: 'active' } as const
    valueOf(await ports.accounts.createTenant(tenant, users))
  })

  const create = async (count: number, fragments = group, owner = adminName) => {
    const drafts = Array.from({ length: count }, () => draft({ fragments }))
    const objects = valueOf(await ports.inventory.createObjects(t1, owner, drafts))
    return objects.map(({ id }) => id)
  }
  const one = async (fragments = group, owner = adminName): Promise<ManagedObjectId> => {
    const [id] = await create(1, fragments, owner)
    return id ?? toManagedObjectId(1)
  }
  const link = async (
    parent: ManagedObjectId,
    children: readonly ManagedObjectId[],
    kind: ChildKind = 'asset',
  ) => valueOf(await ports.inventory.linkChildren(t1, { parent, kind }, children))
  const left = async () => valueOf(await ports.inventory.countObjects(t1, {}))

  it('without cascade leaves its children', async () => {
    const top = await one()
    await link(top, await create(2))
    valueOf(await deleteObjects(ports, admin, top, how()))
    expect(await left()).toBe(2)
  })

  it('with cascade takes the whole hierarchy of a device or group, and of nothing else', async () => {
    const plain = await one([])
    const top = await one()
    const below = await one([])
    await link(plain, [top])
    await link(top, [below])
    await link(below, [await one([])], 'device')
    valueOf(await deleteObjects(ports, admin, top, how({ cascade: 'devices-and-groups' })))
    expect(await left()).toBe(1)
    await link(plain, [await one([])], 'addition')
    valueOf(await deleteObjects(ports, admin, plain, how({ cascade: 'devices-and-groups' })))
    expect(await left()).toBe(1)
  })

  it('with a forced cascade takes the hierarchy of any object, also one that runs in a circle', async () => {
    const [top, below] = [await one([]), await one([])]
    await link(top, [below])
    await link(below, [top], 'addition')
    valueOf(await deleteObjects(ports, admin, top, how({ cascade: 'always' })))
    expect(await left()).toBe(0)
  })

  it('deletes nothing when the caller may not change all that would go', async () => {
    const owner = toUserName('device_1')
    const top = await one(group, owner)
    await link(top, [await one(group, owner), await one()])
    const cascade = how({ cascade: 'always' })
    expect(await deleteObjects(ports, device, top, cascade)).toEqual(denied)
    expect(await left()).toBe(3)
  })

  it('refuses a hierarchy beyond the bound, and deletes nothing', async () => {
    const top = await one()
    await link(top, await create(hierarchyObjectsMax))
    expect(await deleteObjects(ports, admin, top, how({ cascade: 'always' }))).toEqual({
      ok: false,
      failure: { kind: 'conflict', what: 'managed-object', id: String(top) },
    })
    expect(await left()).toBe(hierarchyObjectsMax + 1)
  })

  it('that failed in between is finished by the same call, whichever slice failed', async () => {
    const size = 2 * deletionSliceObjectsMax
    for (let failing = 1; failing <= 3; failing += 1) {
      const top = await one()
      const [middle = top, ...leaves] = await create(size)
      await link(top, [middle])
      await link(middle, leaves)
      const faulty = { ...ports, inventory: failNth(ports.inventory, failing) }
      const cascade = how({ cascade: 'always' })
      const failed = await deleteObjects(faulty, admin, top, cascade)
      expect(failed).toMatchObject({ ok: false, failure: { kind: 'unavailable' } })
      expect(await left()).toBe(size + 1 - (failing - 1) * deletionSliceObjectsMax)
      valueOf(await deleteObjects(ports, admin, top, cascade))
      expect(await left()).toBe(0)
      expect(valueOf(await ports.inventory.listPurges())).toHaveLength(failing * (size + 1))
    }
  })

  it('takes the user of a device only for who may administer users, or is it', async () => {
    const owner = toUserName('device_1')
    const withDeviceUser = how({ withDeviceUser: true })
    const id = await one(isDevice, owner)
    expect(await deleteObjects(ports, admin, id, withDeviceUser)).toEqual(denied)
    expect((await ports.accounts.readUser(t1, owner)).ok).toBe(true)
    valueOf(await deleteObjects(ports, userAdmin, id, withDeviceUser))
    expect((await ports.accounts.readUser(t1, owner)).ok).toBe(false)
    const second = await one(isDevice, owner)
    valueOf(await deleteObjects(ports, device, second, withDeviceUser))
    expect(await left()).toBe(0)
  })

  it('never takes a person, nor the user of what is no device', async () => {
    const withDeviceUser = how({ withDeviceUser: true })
    const person = toUserName('person')
    const owner = toUserName('device_1')
    valueOf(await deleteObjects(ports, userAdmin, await one(isDevice, person), withDeviceUser))
    valueOf(await deleteObjects(ports, userAdmin, await one([], owner), withDeviceUser))
    expect((await ports.accounts.readUser(t1, person)).ok).toBe(true)
    expect((await ports.accounts.readUser(t1, owner)).ok).toBe(true)
  })
})

/** An inventory that cannot delete the nth time it is asked to delete many, noting or not. */
const failNth = (inventory: Inventory, nth: number): Inventory => {
  let calls = 0
  const surround = (inner: Inventory): Inventory => ({
    ...inner,
    noting: (note) => surround(inner.noting(note)),
    deleteObjects: (tenant, ids) => {
      calls += 1
      return calls === nth
        ? Promise.resolve({
            ok: false,
            failure: { kind: 'unavailable', reason: 'busy', retryAfterS: 1 },
          })
        : inner.deleteObjects(tenant, ids)
    },
  })
  return surround(inventory)
}
