import { expect, it, vi } from 'vitest'
import { toUserName } from '../../../core/identity.ts'
import { deletionSliceObjectsMax } from '../../../core/limits.ts'
import { device, noChange, serial, t1, valueOf } from '../../../ports/registry-samples.contract.ts'
import { createSqliteAccounts } from '../accounts.ts'
import { createSqliteInventory } from '../inventory.ts'
import { openSqliteStores } from '../open-stores.ts'
import { createRegistryCaches } from '../registry-caches.ts'
import { callInProcess, countTenantRows, openRegistryFile } from '../testing/in-process-registry.ts'
import { deafMeter, scratchFolder, throwProblem } from '../testing/scratch-store.contract.ts'
import type { Accounts } from '../../../ports/accounts.ts'
import type { Inventory } from '../../../ports/inventory.ts'

const clock = { nowMs: () => Date.UTC(2026, 0, 1) }
const objects = 2 * deletionSliceObjectsMax + 1
const user = toUserName('u')
const tenant = { id: t1, name: 't1', domain: 't1', state: 'active' } as const
const fragments = [{ name: 'f', value: '1' }]

const fill = async (accounts: Accounts, inventory: Inventory) => {
  const account = { tenant: t1, passwordHash: '', enabled: true, roles: [], profile: {} }
  valueOf(await accounts.createTenant(tenant, [{ ...account, name: user }]))
  const drafts = Array.from({ length: objects }, (_, n) => ({
    name: undefined,
    type: undefined,
    fragments,
    externalIds: [serial(String(n))],
  }))
  const all = valueOf(await inventory.createObjects(t1, device, drafts))
  const created = all.at(-1)
  if (created === undefined) throw new Error('nothing was created')
  const children = all.slice(0, -1).map(({ id }) => id)
  valueOf(await inventory.linkChildren(t1, { parent: created.id, kind: 'asset' }, children))
  return created.id
}

it('a deleted tenant is gone for everybody while slices of it are still there', async () => {
  const db = openRegistryFile(':memory:')
  const calls = callInProcess(db)
  const accounts = createSqliteAccounts(calls, createRegistryCaches(), clock)
  const inventory = createSqliteInventory(calls, createRegistryCaches(), clock)
  const id = await fill(accounts, inventory)
  valueOf(await accounts.deleteTenant(t1))
  valueOf(await inventory.finishPurges([{ tenant: t1, object: undefined }]))
  const left = objects - deletionSliceObjectsMax
  expect(countTenantRows(db)).toEqual([left, left, left, 0, left - 1])

  const last = serial(String(objects - 1))
  const found = [
    await accounts.readUser(t1, user),
    await accounts.deleteUser(t1, user),
    await inventory.readObject(t1, id),
    await inventory.changeObject(t1, id, noChange),
    await inventory.deleteObject(t1, id),
    await inventory.resolveExternalId(t1, last),
    await inventory.unbindExternalId(t1, last),
    await inventory.bindExternalId(t1, id, serial('x')),
    await inventory.listExternalIds(t1, id),
    await accounts.createTenant(tenant, []),
  ]
  expect(found.filter(({ ok }) => ok)).toEqual([])
  expect(valueOf(await inventory.readSources(t1, [id]))).toEqual([])
  expect(valueOf(await inventory.listOwned(t1, device, 9))).toEqual([])
  expect(valueOf(await inventory.listObjects(t1, {}, 0, 9)).objects).toEqual([])
  expect(valueOf(await inventory.countObjects(t1, { fragmentType: 'f' }))).toBe(0)
  expect(valueOf(await accounts.listUsers(t1))).toEqual([])

  while (valueOf(await calls.write('removeLeaving'))) {
    expect(countTenantRows(db)[0]).toBeLessThan(left)
  }
  expect(countTenantRows(db)).toEqual([0, 0, 0, 0, 0])
  valueOf(await accounts.createTenant(tenant, []))
  expect(valueOf(await inventory.countObjects(t1, {}))).toBe(0)
})

it('what is left of a deleted tenant goes in the background, also after a restart', async () => {
  const config = { folder: scratchFolder(), readers: 1, logProblem: throwProblem }
  const before = await openSqliteStores(config, clock, deafMeter)
  await fill(before.accounts, before.inventory)
  const deleted = before.accounts.deleteTenant(t1)
  await Promise.all([deleted, before.close()])
  valueOf(await deleted)
  const after = await openSqliteStores(config, clock, deafMeter)
  valueOf(await after.inventory.finishPurges([{ tenant: t1, object: undefined }]))
  await vi.waitUntil(async () => (await after.accounts.createTenant(tenant, [])).ok, {
    timeout: 10_000,
  })
  expect(valueOf(await after.inventory.countObjects(t1, {}))).toBe(0)
  await after.close()
})
