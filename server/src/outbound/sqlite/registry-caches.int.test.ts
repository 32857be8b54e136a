import { beforeEach, describe, expect, it } from 'vitest'
import { toManagedObjectId, toUserName } from '../../core/identity.ts'
import { device, serial, t1, valueOf } from '../../ports/registry-samples.contract.ts'
import { createSqliteAccounts } from './accounts.ts'
import { createSqliteInventory } from './inventory.ts'
import { createRegistryCaches } from './registry-caches.ts'
import { callInProcess, openRegistryFile } from './testing/in-process-registry.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Inventory } from '../../ports/inventory.ts'
import type { RegistryCalls } from './registry-calls.ts'

/** Reads look at once; while they are held, what they found arrives only when they are let go. */
const holdReads = (calls: RegistryCalls) => {
  let isHeld = false
  let letGo: () => void = () => undefined
  let until = Promise.resolve()
  const read: RegistryCalls['read'] = async (name, ...args) => {
    const found = calls.read(name, ...args)
    if (isHeld) await until
    return found
  }
  const hold = (): void => {
    isHeld = true
    until = new Promise((resolve) => {
      letGo = () => {
        isHeld = false
        resolve()
      }
    })
  }
  return { calls: { write: calls.write, read }, hold, letGo: () => letGo() }
}

describe('a read that is still on its way when a write is answered', () => {
  let accounts: Accounts
  let inventory: Inventory
  let held: ReturnType<typeof holdReads>

  beforeEach(async () => {
    const clock = { nowMs: () => 1_000 }
    held = holdReads(callInProcess(openRegistryFile(':memory:')))
    const caches = createRegistryCaches()
    accounts = createSqliteAccounts(held.calls, caches, clock)
    inventory = createSqliteInventory(held.calls, caches, clock)
    valueOf(await accounts.createTenant({ id: t1, name: 't', domain: 't', state: 'active' }, []))
  })

  const draft = { name: 'n', type: undefined, fragments: [], externalIds: [serial('a')] }

  /** Begins a read, lets a write happen, begins the same read again and answers what that one found. */
  const readAfter = async <T>(read: () => Promise<T>, write: () => Promise<unknown>) => {
    held.hold()
    const before = read()
    await write()
    const after = read()
    held.letGo()
    await before
    return after
  }

  it('is not joined by who asks for what has been created meanwhile', async () => {
    const name = toUserName('u')
    const user = { tenant: t1, name, passwordHash: '', enabled: true, roles: [], profile: {} }
    const found = [
      await readAfter(
        () => accounts.readUser(t1, name),
        () => accounts.createUser(user),
      ),
      await readAfter(
        () => accounts.findApp(t1, { key: 'k' }),
        () => accounts.createApp({ tenant: t1, id: 'i', key: 'k', name: 'a' }),
      ),
      await readAfter(
        () => accounts.findKey('hash'),
        () =>
          accounts.createKey({
            tenant: t1,
            prefix: 'p',
            hash: 'hash',
            name: 'k',
            allTenants: false,
            devices: undefined,
            expiresMs: undefined,
          }),
      ),
      await readAfter(
        () => inventory.resolveExternalId(t1, serial('a')),
        () => inventory.createObjects(t1, device, [draft]),
      ),
    ]
    expect(found.map(({ ok }) => ok)).toEqual([true, true, true, true])
  })

  it.each([
    ['its object', (id: number) => inventory.deleteObject(t1, toManagedObjectId(id))],
    ['its tenant', () => accounts.deleteTenant(t1)],
  ])('answers no source after the deletion of %s', async (_, remove) => {
    const [gone, kept] = valueOf(
      await inventory.createObjects(t1, device, [draft, { ...draft, externalIds: [] }]),
    )
    if (gone === undefined || kept === undefined) throw new Error('two were created')
    held.hold()
    const read = inventory.readSources(t1, [gone.id])
    valueOf(await remove(gone.id))
    held.letGo()
    expect(valueOf(await read)).toEqual([])
    expect(valueOf(await inventory.readSources(t1, [gone.id]))).toEqual([])
  })
})
