import { allows } from './grants.ts'
import type { Grants } from './grants.ts'
import type { ManagedObjectId, TenantId, UserName } from './identity.ts'

/** The roles that this server gives a meaning to (docs/protocols/cumulocity.md, 5.5). */
export const roles = [
  'ROLE_EVENT_READ',
  'ROLE_EVENT_ADMIN',
  'ROLE_INVENTORY_READ',
  'ROLE_INVENTORY_ADMIN',
  'ROLE_INVENTORY_CREATE',
  'ROLE_MANAGED_OBJECT_READ',
  'ROLE_MANAGED_OBJECT_ADMIN',
  'ROLE_MANAGED_OBJECT_CREATE',
  'ROLE_IDENTITY_READ',
  'ROLE_IDENTITY_ADMIN',
  'ROLE_USER_MANAGEMENT_READ',
  'ROLE_USER_MANAGEMENT_CREATE',
  'ROLE_USER_MANAGEMENT_ADMIN',
  'ROLE_USER_MANAGEMENT_OWN_READ',
  'ROLE_USER_MANAGEMENT_OWN_ADMIN',
  'ROLE_TENANT_MANAGEMENT_READ',
  'ROLE_TENANT_MANAGEMENT_ADMIN',
  'ROLE_TENANT_MANAGEMENT_CREATE',
  'ROLE_TENANT_MANAGEMENT_UPDATE',
  'ROLE_TENANT_ADMIN',
  'ROLE_OPTION_MANAGEMENT_READ',
  'ROLE_OPTION_MANAGEMENT_ADMIN',
  'ROLE_DEVICE_CONTROL_READ',
  'ROLE_DEVICE_CONTROL_ADMIN',
  'ROLE_DEVICE_BOOTSTRAP',
  'ROLE_DEVICE',
  'ROLE_APPLICATION_MANAGEMENT_READ',
  'ROLE_APPLICATION_MANAGEMENT_ADMIN',
  'ROLE_RETENTION_RULE_READ',
  'ROLE_RETENTION_RULE_ADMIN',
  'ROLE_AUDIT_READ',
  'ROLE_AUDIT_ADMIN',
  'ROLE_SYSTEM',
] as const

export type Role = (typeof roles)[number]

/** A person or device account that has proved its password. */
export type UserPrincipal = {
  readonly kind: 'user'
  readonly tenant: TenantId
  readonly user: UserName
  readonly roles: ReadonlySet<Role>
  /** Rights on single objects; absent for none. */
  readonly grants?: Grants | undefined
}

/** A program that holds an API key: it reads and creates events of its tenant, nothing else. */
export type KeyPrincipal = {
  readonly kind: 'key'
  /** `management` for an operator's key, which may report for the devices of every tenant. */
  readonly tenant: TenantId
  readonly keyPrefix: string
  readonly allTenants: boolean
  /** The only devices it covers; undefined for all of its tenant. */
  readonly devices: ReadonlySet<ManagedObjectId> | undefined
}

export type Principal = UserPrincipal | KeyPrincipal

/** What access decisions need to know of a managed object. */
export type Owned = {
  readonly id: ManagedObjectId
  readonly owner: UserName | undefined
}

export const hasRole = (principal: Principal, ...anyOf: readonly Role[]): boolean =>
  principal.kind === 'user' && anyOf.some((role) => principal.roles.has(role))

export const isOwner = (principal: Principal, object: Owned): boolean =>
  principal.kind === 'user' && object.owner === principal.user

/** Of the rights on single objects, those on this very one: `reachObjects` brings down what is given above it. */
const isGranted = (
  principal: Principal,
  object: Owned,
  scope: 'EVENT' | 'MANAGED_OBJECT',
  level: 'READ' | 'ADMIN',
): boolean =>
  principal.kind === 'user' &&
  principal.grants !== undefined &&
  allows(principal.grants.on.get(object.id) ?? [], scope, level)

/** A list of devices limits every key, also an operator's. */
const covers = (key: KeyPrincipal, object: Owned): boolean =>
  key.devices === undefined || key.devices.has(object.id)

/** Whether every event of the tenant may be listed, without asking for each source. */
export const mayReadAllEvents = (principal: Principal): boolean =>
  principal.kind === 'key'
    ? !principal.allTenants && principal.devices === undefined
    : hasRole(principal, 'ROLE_EVENT_READ')

export const mayReadEventsOf = (principal: Principal, source: Owned): boolean =>
  principal.kind === 'key'
    ? !principal.allTenants && covers(principal, source)
    : hasRole(principal, 'ROLE_EVENT_READ') ||
      isOwner(principal, source) ||
      isGranted(principal, source, 'EVENT', 'READ')

export const mayCreateEventsOf = (principal: Principal, source: Owned): boolean =>
  principal.kind === 'key'
    ? covers(principal, source)
    : hasRole(principal, 'ROLE_EVENT_ADMIN') ||
      isOwner(principal, source) ||
      isGranted(principal, source, 'EVENT', 'ADMIN')

/** Updating and deleting one event. A key may not. */
export const mayChangeEventsOf = (principal: Principal, source: Owned): boolean =>
  principal.kind === 'user' &&
  (hasRole(principal, 'ROLE_EVENT_ADMIN') ||
    isOwner(principal, source) ||
    isGranted(principal, source, 'EVENT', 'ADMIN'))

/** Deleting by filter has no owner rule (docs/protocols/cumulocity.md, 3.5). */
export const mayDeleteEvents = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_EVENT_ADMIN')

/** As everywhere, ADMIN does not include READ (docs/protocols/cumulocity.md, 5.5). */
export const mayReadAllManagedObjects = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_INVENTORY_READ', 'ROLE_MANAGED_OBJECT_READ')

export const mayCreateManagedObjects = (principal: Principal): boolean =>
  hasRole(
    principal,
    'ROLE_INVENTORY_ADMIN',
    'ROLE_INVENTORY_CREATE',
    'ROLE_MANAGED_OBJECT_ADMIN',
    'ROLE_MANAGED_OBJECT_CREATE',
  )

/** Creating an object for somebody else needs more than creating one. */
export const mayChangeAllManagedObjects = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_INVENTORY_ADMIN', 'ROLE_MANAGED_OBJECT_ADMIN')

export const mayChangeManagedObject = (principal: Principal, object: Owned): boolean =>
  mayChangeAllManagedObjects(principal) ||
  isOwner(principal, object) ||
  isGranted(principal, object, 'MANAGED_OBJECT', 'ADMIN')

/** Whether the caller may read this object, besides those that everybody may. */
export const mayReadManagedObject = (principal: Principal, object: Owned): boolean =>
  mayReadAllManagedObjects(principal) ||
  isOwner(principal, object) ||
  isGranted(principal, object, 'MANAGED_OBJECT', 'READ')

/**
 * Linking gives whoever holds the parent a say over the child, so that both must be the caller's. To link what it creates,
 * the right to create is enough.
 */
export const mayLinkChildren = (principal: Principal, parent: Owned, child: Owned): boolean =>
  mayChangeManagedObject(principal, child) &&
  (mayChangeManagedObject(principal, parent) || mayCreateManagedObjects(principal))

const mayReadAllExternalIds = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_IDENTITY_READ')

export const mayReadExternalIdsOf = (principal: Principal, object: Owned): boolean =>
  mayReadAllExternalIds(principal) || isOwner(principal, object)

export const mayChangeExternalIdsOf = (principal: Principal, object: Owned): boolean =>
  hasRole(principal, 'ROLE_IDENTITY_ADMIN') || isOwner(principal, object)

export const mayReadUser = (principal: Principal, name: UserName): boolean =>
  mayReadAllUsers(principal) || isSelf(principal, name)

export const mayReadAllUsers = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_USER_MANAGEMENT_READ')

export const mayCreateUsers = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_USER_MANAGEMENT_CREATE', 'ROLE_USER_MANAGEMENT_ADMIN')

/** Changing another user, granting roles, deleting. */
export const mayAdministerUsers = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_USER_MANAGEMENT_ADMIN')

/** A user's own names and password; never its roles, nor whether it is enabled. */
export const mayChangeSelf = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_USER_MANAGEMENT_OWN_ADMIN')

export const isSelf = (principal: Principal, name: UserName): boolean =>
  principal.kind === 'user' && principal.user === name

/** Devices that are to be registered (docs/protocols/cumulocity.md, 5.7). */
export const mayReadDeviceRequests = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_DEVICE_CONTROL_READ')

export const mayAdministerDeviceRequests = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_DEVICE_CONTROL_ADMIN')

export const mayDeleteDeviceRequests = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_USER_MANAGEMENT_ADMIN')

export const mayBootstrapDevices = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_DEVICE_BOOTSTRAP')

export const mayReadApps = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_APPLICATION_MANAGEMENT_READ')

export const mayAdministerApps = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_APPLICATION_MANAGEMENT_ADMIN')

/** The options of one's tenant (docs/protocols/cumulocity.md, 6.5). */
export const mayReadOptions = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_OPTION_MANAGEMENT_READ')

export const mayChangeOptions = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_OPTION_MANAGEMENT_ADMIN')

/** How long data are kept (docs/protocols/cumulocity.md, 6.6). */
export const mayReadRetention = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_RETENTION_RULE_READ')

export const mayAdministerRetention = (principal: Principal): boolean =>
  hasRole(principal, 'ROLE_RETENTION_RULE_ADMIN')
