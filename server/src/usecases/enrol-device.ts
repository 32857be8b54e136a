import { mayAdministerUsers } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import type { User, UserChange } from '../core/account.ts'
import { admitManagedObject } from '../core/admit-managed-object.ts'
import { admitUser } from '../core/admit-user.ts'
import { deviceUserName } from '../core/device-request.ts'
import { denied, invalid, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { GroupId, ManagedObjectId, UserName } from '../core/identity.ts'
import { groupPathMax } from '../core/limits.ts'
import type { ManagedObjectDraft } from '../core/managed-object.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Inventory } from '../ports/inventory.ts'
import type { Passwords } from '../ports/passwords.ts'
import { findDeviceUsers } from './find-device-users.ts'
import { createFindObjectGroup } from './find-object-group.ts'
import type { FindObjectGroup } from './find-object-group.ts'
import type { InTurn } from './in-turn.ts'
import { noteOf } from './note-of.ts'

/** A device with the password that its operator chose for it. */
export type EnrolledDevice = {
  readonly id: string
  readonly password: string
  /** Undefined for a device that makes its own. The first of its external ids tells whether it is there already. */
  readonly object: ManagedObjectDraft | undefined
  /** The names of the groups, one in the other, that the object is put into; none for an object that stands alone. */
  readonly path: readonly string[]
}

/**
 * Gives a device a user, in the group of all registered devices, and an object that this user owns
 * (docs/protocols/cumulocity.md, 5.7). Nobody's right to do so is looked at. The object comes first and the user after
 * it, and what is there already is not made again, so that what was cut short is completed by doing it once more. A
 * user that is there gets the password; an object that is there stays as it is. Fails with `invalid`, with `conflict`
 * (external-id), and with `forbidden` for a user who is there and may do more than a registered device, unless the
 * caller administers users.
 */
export type EnrolDevice = (
  principal: Principal,
  device: EnrolledDevice,
) => Promise<Result<'created' | 'updated'>>

export type EnrolPorts = {
  readonly accounts: Accounts
  readonly inventory: Inventory
  readonly passwords: Passwords
  /** By the tenant's id, and shared by all that changes its users and groups: none may undo another. */
  readonly inTurn: InTurn
}

export const createEnrolDevice = (ports: EnrolPorts): EnrolDevice => {
  const findObjectGroup = createFindObjectGroup(ports.inventory)
  return async (principal, device) => {
    const user = deviceUserName(device.id)
    if (user === undefined) return unusableId
    const admitted = admitDevice(device)
    if (!admitted.ok) return admitted
    const placed = await placeObject(ports, findObjectGroup, { principal, user, device })
    return placed.ok ? giveUser(ports, principal, user, device.password) : placed
  }
}

export const unusableId = invalid('id', 'must be possible as the end of a user name')
const tooDeep = invalid('PATH', `names at most ${groupPathMax} groups`)

const admitDevice = ({ password, object, path }: EnrolledDevice): Result<unknown> => {
  const user = admitUser({ password, profile: undefined })
  if (!user.ok) return user
  if (path.length > groupPathMax) return tooDeep
  return object === undefined ? success(undefined) : admitManagedObject(object)
}

type Placing = {
  readonly principal: Principal
  readonly user: UserName
  readonly device: EnrolledDevice
}

const placeObject = async (
  { inventory }: EnrolPorts,
  findObjectGroup: FindObjectGroup,
  { principal, user, device: { object, path } }: Placing,
): Promise<Result<void>> => {
  if (object === undefined) return success(undefined)
  const { tenant } = principal
  const known = await findOwn(inventory, principal, user, object)
  if (!known.ok) return known
  if (known.value === 'of another') return success(undefined)
  const made =
    known.value === undefined ? await inventory.createObjects(tenant, user, [object]) : success([])
  if (!made.ok) return made
  const id = known.value ?? made.value[0]?.id
  if (path.length === 0 || id === undefined) return success(undefined)
  const group = await findObjectGroup(principal, path)
  return group.ok
    ? inventory.linkChildren(tenant, { parent: group.value, kind: 'asset' }, [id])
    : group
}

/** Undefined when it is not there yet. What somebody else owns is nothing that a file may move about. */
const findOwn = async (
  inventory: Inventory,
  { tenant }: Principal,
  user: UserName,
  { externalIds: [first] }: ManagedObjectDraft,
): Promise<Result<ManagedObjectId | 'of another' | undefined>> => {
  if (first === undefined) return success(undefined)
  const known = await inventory.resolveExternalId(tenant, first)
  if (!known.ok) return known.failure.kind === 'not-found' ? success(undefined) : known
  const sources = await inventory.readSources(tenant, [known.value])
  if (!sources.ok) return sources
  return success(sources.value[0]?.owner === user ? known.value : 'of another')
}

/** The password is hashed first, so that nobody waits in a turn for what is slow on purpose. */
const giveUser = async (
  { accounts, passwords, inTurn }: EnrolPorts,
  principal: Principal,
  name: UserName,
  password: string,
): Promise<Result<'created' | 'updated'>> => {
  const group = await findDeviceUsers(accounts, principal, principal.tenant)
  if (!group.ok) return group
  const given = { name, group: group.value, passwordHash: await passwords.hash(password) }
  return inTurn(principal.tenant, () => writeUser(accounts, principal, given))
}

type GivenUser = {
  readonly name: UserName
  readonly group: GroupId
  readonly passwordHash: string
}

const writeUser = async (
  accounts: Accounts,
  principal: Principal,
  { name, group, passwordHash }: GivenUser,
): Promise<Result<'created' | 'updated'>> => {
  const { tenant } = principal
  const known = await accounts.readUser(tenant, name)
  const noting = (activity: string): Accounts =>
    accounts.noting(noteOf(principal, { type: 'User', activity, source: name }))
  if (known.ok) {
    if (!mayAdministerUsers(principal) && mayDoMore(known.value, group)) return denied
    const change = deviceChange(known.value, group, passwordHash)
    const changed = await noting('User password changed').changeUser(tenant, name, change)
    return changed.ok ? success('updated') : changed
  }
  if (known.failure.kind !== 'not-found') return known
  const shared = { passwordHash, enabled: true, roles: [], profile: {}, groups: [group] }
  const created = await noting('User created').createUser({ tenant, name, ...shared })
  return created.ok ? success('created') : created
}

const deviceChange = (old: User, group: GroupId, passwordHash: string): UserChange => ({
  passwordHash,
  enabled: true,
  roles: undefined,
  profile: undefined,
  groups: [...new Set([...old.groups, group])],
})

/** Whoever sets its password could act as this user. */
const mayDoMore = (
  { roles, groups, devicePermissions, assignments }: User,
  ofDevices: GroupId,
): boolean =>
  roles.length > 0 ||
  groups.some((group) => group !== ofDevices) ||
  Object.keys(devicePermissions).length > 0 ||
  assignments.length > 0
