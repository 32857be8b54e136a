import { mayAdministerUsers, mayReadAllUsers } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import type { User } from '../core/account.ts'
import type { AuditNote } from '../core/audit.ts'
import { conflict, denied, invalid, notFound, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { InventoryRoleId, ManagedObjectId, TenantId, UserName } from '../core/identity.ts'
import { predefinedInventoryRoles } from '../core/inventory-role.ts'
import type { InventoryAssignment, InventoryRole } from '../core/inventory-role.ts'
import { inventoryRolesMax, permissionsMax, permittedObjectsMax } from '../core/limits.ts'
import type { Permission } from '../core/permission.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Inventory } from '../ports/inventory.ts'
import type { InTurn } from './in-turn.ts'
import { noteOf } from './note-of.ts'
import { isDisplayName } from './manage-tenants.ts'

export type InventoryRoleDraft = {
  readonly name: string
  readonly description: string
  readonly permissions: readonly Permission[]
}

/** A role named by its id or its name. */
export type RoleName = { readonly id: InventoryRoleId } | { readonly name: string }

export type AssignmentDraft = {
  readonly object: ManagedObjectId
  readonly roles: readonly RoleName[]
}

/** The roles take the place of the former ones; an object that is named must be the one it is. */
export type AssignmentUpdate = {
  readonly object: ManagedObjectId | undefined
  readonly roles: readonly RoleName[]
}

/** An assignment with its roles, for who is shown it. */
export type Assigned = Omit<InventoryAssignment, 'roles'> & {
  readonly roles: readonly InventoryRole[]
}

/**
 * Inventory roles and who has them where (docs/protocols/cumulocity.md, 5.6). Reading needs the right to read all
 * users, changing to administer them; everybody else fails with `forbidden`. Ok means on disk, and counts from the next
 * request on.
 */
export type ManageInventoryRoles = {
  /** The predefined ones first, by ascending id. */
  readonly list: (principal: Principal) => Promise<Result<readonly InventoryRole[]>>

  /** Fails with `not-found` (inventory-role). */
  readonly read: (principal: Principal, id: InventoryRoleId) => Promise<Result<InventoryRole>>

  /** Fails with `invalid`, also beyond `inventoryRolesMax`, and `conflict` (inventory-role). */
  readonly create: (
    principal: Principal,
    draft: InventoryRoleDraft,
  ) => Promise<Result<InventoryRole>>

  /** Fails with `invalid`, also for a predefined one, `not-found` and `conflict` (inventory-role). */
  readonly change: (
    principal: Principal,
    id: InventoryRoleId,
    update: Partial<InventoryRoleDraft>,
  ) => Promise<Result<InventoryRole>>

  /** Fails with `invalid` for a predefined one, and `not-found` (inventory-role). */
  readonly delete: (principal: Principal, id: InventoryRoleId) => Promise<Result<void>>

  /** By ascending id. Fails with `not-found` (user). */
  readonly assignments: (
    principal: Principal,
    user: AccountName,
  ) => Promise<Result<readonly Assigned[]>>

  /** Fails with `not-found` (user, managed-object) and `invalid` for an unknown role. */
  readonly assign: (
    principal: Principal,
    user: AccountName,
    draft: AssignmentDraft,
  ) => Promise<Result<Assigned>>

  /** Fails with `not-found` (user, inventory-assignment) and `invalid` for an unknown role and another object. */
  readonly reassign: (
    principal: Principal,
    user: AccountName,
    id: number,
    update: AssignmentUpdate,
  ) => Promise<Result<Assigned>>

  /** Fails with `not-found` (user, inventory-assignment). */
  readonly unassign: (principal: Principal, user: AccountName, id: number) => Promise<Result<void>>
}

export type AccountName = { readonly tenant: TenantId; readonly name: UserName }

export type InventoryRolePorts = {
  readonly accounts: Accounts
  readonly inventory: Inventory
  /**
   * By the tenant's id, and shared by all that changes its users and groups: none may undo another, or take the same last
   * place.
   */
  readonly inTurn: InTurn
}

export const createManageInventoryRoles = (ports: InventoryRolePorts): ManageInventoryRoles => ({
  ...createRoles(ports),
  ...createAssignments(ports),
})

const otherObject = invalid('managedObject', 'an assignment stays on its object')
const tooManyRoles = invalid('', `a tenant has at most ${inventoryRolesMax} inventory roles`)
const tooManyAssignments = invalid('', `a user has at most ${permittedObjectsMax} assignments`)
const predefined = invalid('id', 'a predefined inventory role stays as it is')

const isPredefined = (id: InventoryRoleId): boolean => id <= predefinedInventoryRoles.length

type Roles = Pick<ManageInventoryRoles, 'list' | 'read' | 'create' | 'change' | 'delete'>

const createRoles = ({ accounts, inTurn }: InventoryRolePorts): Roles => ({
  list: async (principal) =>
    mayReadAllUsers(principal) ? listRoles(accounts, principal.tenant) : denied,

  read: async (principal, id) => {
    const roles = mayReadAllUsers(principal) ? await listRoles(accounts, principal.tenant) : denied
    if (!roles.ok) return roles
    const role = roles.value.find((each) => each.id === id)
    return role === undefined ? notFound('inventory-role', id) : success(role)
  },

  create: async (principal, draft) => {
    if (!mayAdministerUsers(principal)) return denied
    const admitted = admitRole(draft)
    if (!admitted.ok) return admitted
    const { tenant } = principal
    const activity = 'Inventory role created'
    const note = noteOf(principal, { type: 'InventoryRole', activity, about: draft.name })
    return inTurn(tenant, async () => {
      const roles = await listRoles(accounts, tenant)
      if (!roles.ok) return roles
      if (roles.value.length >= inventoryRolesMax) return tooManyRoles
      return accounts.noting(note).createInventoryRole({ ...draft, tenant })
    })
  },

  change: async (principal, id, update) => {
    if (!mayAdministerUsers(principal)) return denied
    if (isPredefined(id)) return predefined
    const admitted = admitRole(update)
    if (!admitted.ok) return admitted
    const note = roleNote(principal, id, 'Inventory role changed')
    return accounts.noting(note).changeInventoryRole(principal.tenant, id, update)
  },

  delete: async (principal, id) => {
    if (!mayAdministerUsers(principal)) return denied
    if (isPredefined(id)) return predefined
    const note = roleNote(principal, id, 'Inventory role deleted')
    return accounts.noting(note).deleteInventoryRole(principal.tenant, id)
  },
})

const roleNote = (principal: Principal, id: InventoryRoleId, activity: string): AuditNote =>
  noteOf(principal, { type: 'InventoryRole', activity, source: String(id) })

const listRoles = async (
  accounts: Accounts,
  tenant: TenantId,
): Promise<Result<readonly InventoryRole[]>> => {
  const own = await accounts.listInventoryRoles(tenant)
  return own.ok ? success([...predefinedInventoryRoles, ...own.value]) : own
}

const admitRole = ({ name, permissions }: Partial<InventoryRoleDraft>): Result<void> => {
  if (name !== undefined && !isDisplayName(name)) return invalid('name', 'must be a name')
  if (predefinedInventoryRoles.some((role) => role.name === name)) {
    return conflict('inventory-role', name ?? '')
  }
  return (permissions?.length ?? 0) <= permissionsMax
    ? success(undefined)
    : invalid('permissions', `has at most ${permissionsMax} elements`)
}

type Assignments = Pick<ManageInventoryRoles, 'assignments' | 'assign' | 'reassign' | 'unassign'>

const assignedNote = (
  principal: Principal,
  source: UserName,
  object: ManagedObjectId,
  roles: readonly InventoryRole[],
): AuditNote => {
  const about = `${source} on ${object}: ${roles.map(({ name }) => name).join(', ')}`
  return noteOf(principal, { type: 'User', activity: 'Inventory roles assigned', source, about })
}

const createAssignments = (ports: InventoryRolePorts): Assignments => {
  const { accounts } = ports
  const inTurn = createUserTurns(ports)
  const write = (
    note: AuditNote,
    user: User,
    assignments: readonly InventoryAssignment[],
  ): Promise<Result<User>> =>
    accounts.noting(note).changeUser(user.tenant, user.name, { ...noChange, assignments })
  return {
    assignments: async (principal, { tenant, name }) => {
      if (principal.tenant !== tenant || !mayReadAllUsers(principal)) return denied
      const user = await accounts.readUser(tenant, name)
      if (!user.ok) return user
      const roles = await listRoles(accounts, tenant)
      if (!roles.ok) return roles
      return success(user.value.assignments.map((each) => describe(each, roles.value)))
    },

    assign: (principal, { tenant, name }, draft) =>
      inTurn(principal, { tenant, name }, async (user) => {
        const roles = await admitAssignment(ports, tenant, draft)
        if (!roles.ok) return roles
        const { assignments } = user
        if (assignments.length >= permittedObjectsMax) return tooManyAssignments
        const id = Math.max(0, ...assignments.map((each) => each.id)) + 1
        const added = { id, object: draft.object, roles: roles.value.map((role) => role.id) }
        const note = assignedNote(principal, name, draft.object, roles.value)
        const written = await write(note, user, [...assignments, added])
        return written.ok ? success({ ...added, roles: roles.value }) : written
      }),

    reassign: (principal, { tenant, name }, id, update) =>
      inTurn(principal, { tenant, name }, async (user) => {
        const old = user.assignments.find((each) => each.id === id)
        if (old === undefined) return notFound('inventory-assignment', id)
        if (update.object !== undefined && update.object !== old.object) return otherObject
        const roles = await findRoles(accounts, tenant, update.roles)
        if (!roles.ok) return roles
        const changed = { ...old, roles: roles.value.map((role) => role.id) }
        const all = user.assignments.map((each) => (each === old ? changed : each))
        const note = assignedNote(principal, name, old.object, roles.value)
        const written = await write(note, user, all)
        return written.ok ? success({ ...changed, roles: roles.value }) : written
      }),

    unassign: (principal, { tenant, name }, id) =>
      inTurn(principal, { tenant, name }, async (user) => {
        const rest = user.assignments.filter((each) => each.id !== id)
        if (rest.length === user.assignments.length) return notFound('inventory-assignment', id)
        const activity = 'Inventory roles taken away'
        const about = `${name}, assignment ${id}`
        const note = noteOf(principal, { type: 'User', activity, source: name, about })
        const written = await write(note, user, rest)
        return written.ok ? success(undefined) : written
      }),
  }
}

/** For who may administer users, with the user as it is in its tenant's turn. */
const createUserTurns =
  ({ accounts, inTurn }: InventoryRolePorts) =>
  async <T>(
    principal: Principal,
    { tenant, name }: AccountName,
    job: (user: User) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    if (principal.tenant !== tenant || !mayAdministerUsers(principal)) return denied
    return inTurn(tenant, async () => {
      const user = await accounts.readUser(tenant, name)
      return user.ok ? job(user.value) : user
    })
  }

const describe = (assignment: InventoryAssignment, roles: readonly InventoryRole[]): Assigned => ({
  ...assignment,
  roles: roles.filter(({ id }) => assignment.roles.includes(id)),
})

const admitAssignment = async (
  { accounts, inventory }: InventoryRolePorts,
  tenant: TenantId,
  { object, roles: names }: AssignmentDraft,
): Promise<Result<readonly InventoryRole[]>> => {
  const found = await inventory.readSources(tenant, [object])
  if (!found.ok) return found
  return found.value.length === 0
    ? notFound('managed-object', object)
    : findRoles(accounts, tenant, names)
}

const findRoles = async (
  accounts: Accounts,
  tenant: TenantId,
  names: readonly RoleName[],
): Promise<Result<readonly InventoryRole[]>> => {
  const roles = await listRoles(accounts, tenant)
  if (!roles.ok) return roles
  const named = names.flatMap(
    (name) =>
      roles.value.find((role) => ('id' in name ? role.id === name.id : role.name === name.name)) ??
      [],
  )
  return named.length === names.length ? success(named) : invalid('roles', 'must exist')
}

const noChange = {
  passwordHash: undefined,
  enabled: undefined,
  roles: undefined,
  profile: undefined,
}
