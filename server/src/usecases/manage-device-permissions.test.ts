import { describe, expect, it } from 'vitest'
import type { Principal } from '../core/access.ts'
import type { User } from '../core/account.ts'
import type { Result } from '../core/failure.ts'
import type { Group } from '../core/group.ts'
import { toTenantId, toUserName } from '../core/identity.ts'
import type { ManagedObjectId } from '../core/identity.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import { createSecrets } from '../outbound/system/secrets.ts'
import { valueOf } from '../ports/event-samples.contract.ts'
import type { Passwords } from '../ports/passwords.ts'
import { createInTurn } from './in-turn.ts'
import { createManageDevicePermissions } from './manage-device-permissions.ts'
import type { ManageDevicePermissions } from './manage-device-permissions.ts'
import { createManageGroups } from './manage-groups.ts'
import type { ManageGroups } from './manage-groups.ts'
import { createManageUsers } from './manage-users.ts'
import type { ManageUsers } from './manage-users.ts'
import { createProvePassword } from './prove-password.ts'
import { rememberPasswords } from './remember-passwords.ts'

const tenant = toTenantId('t1')
const bob = toUserName('bob')

const admin: Principal = {
  kind: 'user',
  tenant,
  user: toUserName('admin'),
  roles: new Set(['ROLE_USER_MANAGEMENT_ADMIN', 'ROLE_USER_MANAGEMENT_READ']),
}

const self: Principal = { kind: 'user', tenant, user: bob, roles: new Set() }
const caller = { ip: '127.0.0.1' }

type World = {
  readonly users: ManageUsers
  readonly groups: ManageGroups
  readonly permissions: ManageDevicePermissions
  /** Objects; `bob` and the group have every permission on the first. */
  readonly first: ManagedObjectId
  readonly other: ManagedObjectId
  readonly group: Group
  readonly readBob: () => Promise<User>
  readonly readGroup: () => Promise<Group>
}

const createWorld = async (): Promise<World> => {
  const clock = { nowMs: () => 1000 }
  const { accounts, inventory } = createMemoryRegistry(clock)
  const slow: Passwords = {
    hash: (password) => Promise.resolve(`hash of ${password}`),
    verify: (password, hash) => Promise.resolve(hash === `hash of ${password}`),
  }
  const secrets = createSecrets()
  const passwords = rememberPasswords(slow, secrets)
  const ports = { accounts, inventory, passwords, secrets, clock }
  const provePassword = createProvePassword({ defaultTenant: undefined }, ports)
  const shared = { ...ports, provePassword, inTurn: createInTurn() }
  valueOf(await accounts.createTenant({ id: tenant, name: 't', domain: 't', state: 'active' }, []))
  const drafts = ['a', 'b'].map((name) => ({ name, type: '', fragments: [], externalIds: [] }))
  const objects = valueOf(await inventory.createObjects(tenant, undefined, drafts))
  const [first, other] = objects.map(({ id }) => id)
  if (first === undefined || other === undefined) throw new Error('two drafts make two objects')
  const devicePermissions = { [String(first)]: ['*:*:*'] }
  const user = { tenant, name: bob, passwordHash: 'hash of old', enabled: true, profile: {} }
  valueOf(await accounts.createUser({ ...user, roles: ['ROLE_EVENT_ADMIN'], devicePermissions }))
  const named = { tenant, name: 'g', description: '', customProperties: '{}' }
  const group = valueOf(await accounts.createGroup({ ...named, roles: [], devicePermissions }))
  return {
    users: createManageUsers(shared),
    groups: createManageGroups(shared),
    permissions: createManageDevicePermissions(shared),
    ...{ first, other, group },
    readBob: async () => valueOf(await accounts.readUser(tenant, bob)),
    readGroup: async () => valueOf(await accounts.readGroup(tenant, group.id)),
  }
}

const noUpdate = { password: undefined, enabled: undefined, roles: undefined, profile: undefined }
const reading = ['EVENT:*:READ']

type Change = (world: World) => Promise<Result<unknown>>

type Race = readonly [
  what: string,
  giving: Change,
  taking: Change,
  isBack: (world: World) => Promise<boolean>,
]

const races: readonly Race[] = [
  [
    'a permission of a user',
    ({ permissions, other }) =>
      permissions.change(admin, other, {
        users: [{ name: bob, permissions: reading }],
        groups: [],
      }),
    ({ users }) => users.change(admin, tenant, bob, { ...noUpdate, devicePermissions: {} }),
    async ({ readBob, first }) => String(first) in (await readBob()).devicePermissions,
  ],
  [
    'a permission of a group',
    ({ permissions, other, group }) =>
      permissions.change(admin, other, {
        users: [],
        groups: [{ id: group.id, permissions: reading }],
      }),
    ({ groups, group }) => groups.change(admin, tenant, group.id, { devicePermissions: {} }),
    async ({ readGroup, first }) => String(first) in (await readGroup()).devicePermissions,
  ],
  [
    'a role of a user',
    ({ users }) => users.grant(admin, tenant, bob, 'ROLE_EVENT_READ'),
    ({ users }) => users.change(admin, tenant, bob, { ...noUpdate, roles: [] }),
    async ({ readBob }) => (await readBob()).roles.includes('ROLE_EVENT_ADMIN'),
  ],
  [
    'a password that was set anew',
    ({ users }) => users.changePassword(self, caller, { old: 'old', new: 'newest' }),
    ({ users }) => users.change(admin, tenant, bob, { ...noUpdate, password: 'renewed' }),
    async ({ readBob }) => (await readBob()).passwordHash !== 'hash of renewed',
  ],
  [
    'a group that is deleted, of a user',
    ({ groups, group }) => groups.members.add(admin, { tenant, id: group.id }, bob),
    ({ groups, group }) => groups.delete(admin, tenant, group.id),
    async ({ readBob }) => (await readBob()).groups.length > 0,
  ],
]

/** More turns of the microtask queue than either change takes. */
const moments = 40

describe('what is taken away while something else is given stays away:', () => {
  it.each(races)('%s, at whatever moment', async (_, giving, taking, isBack) => {
    for (let moment = 0; moment < moments; moment += 1) {
      const world = await createWorld()
      const given = giving(world)
      for (let turn = 0; turn < moment; turn += 1) await Promise.resolve()
      valueOf(await taking(world))
      await given
      expect([moment, await isBack(world)]).toEqual([moment, false])
    }
  })
})
