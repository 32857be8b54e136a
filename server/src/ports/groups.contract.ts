import { describe, expect, it } from 'vitest'
import { toGroupId, toInventoryRoleId, toManagedObjectId } from '../core/identity.ts'
import { predefinedInventoryRoles } from '../core/inventory-role.ts'
import { absent, admin, noChange, t1, t2, t3, userOf } from './accounts-under-test.contract.ts'
import { missing, taken, valueOf } from './registry-samples.contract.ts'
import type { NewGroup } from '../core/group.ts'
import type { NewInventoryRole } from '../core/inventory-role.ts'
import type { AccountsUnderTest } from './accounts-under-test.contract.ts'

const groupOf = (name: string, over: Partial<NewGroup> = {}): NewGroup => ({
  tenant: t1,
  name,
  description: 'doors and locks',
  roles: ['ROLE_EVENT_READ'],
  devicePermissions: { '10': ['EVENT:*:READ'] },
  customProperties: '{"a":1}',
  ...over,
})

const roleOf = (name: string, over: Partial<NewInventoryRole> = {}): NewInventoryRole => ({
  tenant: t1,
  name,
  description: '',
  permissions: [{ scope: 'EVENT', fragment: '*', level: 'READ' }],
  ...over,
})

/** What every keeper of groups and inventory roles promises, negative cases first. */
export const groupCases = (test: AccountsUnderTest): void => {
  describe('groups', () => {
    it('of another tenant are like groups that do not exist', async () => {
      const { accounts } = test
      const { id } = valueOf(await accounts.createGroup(groupOf('a')))
      for (const wanted of [id, toGroupId(id + 1000)]) {
        const gone = missing('group', wanted)
        expect(await accounts.readGroup(t2, wanted)).toEqual(gone)
        expect(await accounts.changeGroup(t2, wanted, {})).toEqual(gone)
        expect(await accounts.deleteGroup(t2, wanted)).toEqual(gone)
      }
      expect(valueOf(await accounts.listGroups(t2))).toEqual([])
      expect((await accounts.readGroup(t1, id)).ok).toBe(true)
    })

    it('conflict by name inside a tenant, created and renamed', async () => {
      const { accounts } = test
      expect(await accounts.createGroup(groupOf('a', { tenant: t3 }))).toEqual(
        missing('tenant', t3),
      )
      const first = valueOf(await accounts.createGroup(groupOf('a')))
      expect(await accounts.createGroup(groupOf('a'))).toEqual(taken('group', 'a'))
      const second = valueOf(await accounts.createGroup(groupOf('b')))
      expect(await accounts.changeGroup(t1, second.id, { name: 'a' })).toEqual(taken('group', 'a'))
      valueOf(await accounts.changeGroup(t1, first.id, { name: 'a', roles: [] }))
      expect((await accounts.createGroup(groupOf('a', { tenant: t2 }))).ok).toBe(true)
    })

    it('keep what they were created with, change only where told, and are listed by id', async () => {
      const { accounts } = test
      const first = valueOf(await accounts.createGroup(groupOf('b')))
      expect(first).toEqual({ ...groupOf('b'), id: first.id, creationMs: test.clock.ms })
      const second = valueOf(await accounts.createGroup(groupOf('a')))
      expect(second.id).toBeGreaterThan(first.id)
      const changed = valueOf(await accounts.changeGroup(t1, first.id, { description: 'x' }))
      expect(changed).toEqual({ ...first, description: 'x' })
      expect(valueOf(await accounts.listGroups(t1))).toEqual([changed, second])
    })

    it('never have an id twice', async () => {
      const { accounts } = test
      const { id } = valueOf(await accounts.createGroup(groupOf('a')))
      valueOf(await accounts.deleteGroup(t1, id))
      expect(valueOf(await accounts.createGroup(groupOf('a'))).id).toBeGreaterThan(id)
    })

    it('leave their members when they are deleted', async () => {
      const { accounts } = test
      const { id } = valueOf(await accounts.createGroup(groupOf('a')))
      const other = valueOf(await accounts.createGroup(groupOf('b')))
      valueOf(await accounts.createUser(userOf(t1, admin, { groups: [id, other.id] })))
      expect(valueOf(await accounts.readUser(t1, admin)).groups).toEqual([id, other.id])
      valueOf(await accounts.deleteGroup(t1, id))
      expect(valueOf(await accounts.readUser(t1, admin)).groups).toEqual([other.id])
      expect(await accounts.deleteGroup(t1, id)).toEqual(missing('group', id))
    })
  })

  describe('inventory roles', () => {
    it('of another tenant are like roles that do not exist', async () => {
      const { accounts } = test
      const { id } = valueOf(await accounts.createInventoryRole(roleOf('a')))
      for (const wanted of [id, toInventoryRoleId(id + 1000)]) {
        const gone = missing('inventory-role', wanted)
        expect(await accounts.changeInventoryRole(t2, wanted, {})).toEqual(gone)
        expect(await accounts.deleteInventoryRole(t2, wanted)).toEqual(gone)
      }
      expect(valueOf(await accounts.listInventoryRoles(t2))).toEqual([])
      expect(valueOf(await accounts.listInventoryRoles(t1))).toHaveLength(1)
    })

    it('begin after the predefined ones, conflict by name, and change only where told', async () => {
      const { accounts } = test
      const first = valueOf(await accounts.createInventoryRole(roleOf('a')))
      expect(first).toEqual({ ...roleOf('a'), id: first.id })
      expect(first.id).toBeGreaterThan(predefinedInventoryRoles.length)
      expect(await accounts.createInventoryRole(roleOf('a'))).toEqual(taken('inventory-role', 'a'))
      expect(await accounts.createInventoryRole(roleOf('a', { tenant: t3 }))).toEqual(
        missing('tenant', t3),
      )
      const second = valueOf(await accounts.createInventoryRole(roleOf('b')))
      expect(await accounts.changeInventoryRole(t1, second.id, { name: 'a' })).toEqual(
        taken('inventory-role', 'a'),
      )
      const changed = valueOf(
        await accounts.changeInventoryRole(t1, first.id, { description: 'x' }),
      )
      expect(changed).toEqual({ ...first, description: 'x' })
      expect(valueOf(await accounts.listInventoryRoles(t1))).toEqual([changed, second])
      valueOf(await accounts.deleteInventoryRole(t1, second.id))
      expect(valueOf(await accounts.createInventoryRole(roleOf('b'))).id).toBeGreaterThan(second.id)
    })
  })

  describe('an account', () => {
    it('that does not exist is not found, also when another tenant has one', async () => {
      valueOf(await test.accounts.createUser(userOf(t1, admin)))
      expect(await test.accounts.readAccount(t2, admin)).toEqual(missing('user', admin))
      expect(await test.accounts.readAccount(t1, absent)).toEqual(missing('user', absent))
    })

    it('has the groups and inventory roles of its user, as they are at the next read', async () => {
      const { accounts } = test
      const group = valueOf(await accounts.createGroup(groupOf('a')))
      const role = valueOf(await accounts.createInventoryRole(roleOf('r')))
      valueOf(await accounts.createInventoryRole(roleOf('unassigned')))
      const user = valueOf(await accounts.createUser(userOf(t1, admin)))
      const read = async () => valueOf(await accounts.readAccount(t1, admin))
      expect(await read()).toEqual({ user, groups: [], inventoryRoles: [] })
      const assignments = [{ id: 1, object: toManagedObjectId(7), roles: [role.id] }]
      const groups = [toGroupId(group.id + 1000), group.id]
      const change = { ...noChange, groups, assignments }
      const changed = valueOf(await accounts.changeUser(t1, admin, change))
      expect(await read()).toEqual({ user: changed, groups: [group], inventoryRoles: [role] })
      const renamed = valueOf(await accounts.changeGroup(t1, group.id, { name: 'z' }))
      const widened = valueOf(await accounts.changeInventoryRole(t1, role.id, { permissions: [] }))
      expect(await read()).toEqual({ user: changed, groups: [renamed], inventoryRoles: [widened] })
      valueOf(await accounts.deleteGroup(t1, group.id))
      valueOf(await accounts.deleteInventoryRole(t1, role.id))
      expect(await read()).toMatchObject({ groups: [], inventoryRoles: [] })
    })

    it('has the device permissions and properties that its user was given', async () => {
      const { accounts } = test
      const over = { devicePermissions: { '7': ['*:*:*'] }, customProperties: '{"x":[1]}' }
      const user = valueOf(await accounts.createUser(userOf(t1, admin, over)))
      expect(user).toMatchObject(over)
      const due = { ...noChange, shouldResetPassword: true, customProperties: '{}' }
      valueOf(await accounts.changeUser(t1, admin, due))
      const marked = valueOf(await accounts.readAccount(t1, admin)).user
      expect(marked).toMatchObject({ shouldResetPassword: true, customProperties: '{}' })
      valueOf(await accounts.changeUser(t1, admin, { ...noChange, passwordHash: 'new' }))
      expect(valueOf(await accounts.readUser(t1, admin)).shouldResetPassword).toBe(false)
    })
  })
}
