import type { Role } from './access.ts'
import type { Group } from './group.ts'
import type { GroupId, ManagedObjectId, TenantId, UserName } from './identity.ts'
import type { InventoryAssignment, OwnInventoryRole } from './inventory-role.ts'
import type { DevicePermissions } from './permission.ts'

export type Tenant = {
  readonly id: TenantId
  readonly name: string
  /** The first label of the host names by which this tenant is reached; the id unless set. */
  readonly domain: string
  readonly state: 'active' | 'suspended'
  readonly creationMs: number
  /** What else is kept of it for people to read, by its JSON name: `adminName`, `contactPhone` …; absent for nothing. */
  readonly profile?: Readonly<Record<string, string>>
  /** A JSON object as text; absent for an empty one. */
  readonly customProperties?: string
}

/** What is left out stays as it is. */
export type TenantChange = Partial<Pick<Tenant, 'name' | 'state' | 'profile' | 'customProperties'>>

/** A tenant after a change; what is empty is not kept. */
export const changedTenant = <T extends Omit<Tenant, 'creationMs'>>(
  old: T,
  change: TenantChange,
): Omit<T, 'profile' | 'customProperties'> & Pick<Tenant, 'profile' | 'customProperties'> => {
  const { profile = {}, customProperties = '{}', ...rest } = { ...old, ...change }
  return {
    ...rest,
    ...(Object.keys(profile).length === 0 ? {} : { profile }),
    ...(customProperties === '{}' ? {} : { customProperties }),
  }
}

export type User = {
  readonly tenant: TenantId
  readonly name: UserName
  /** What `Passwords.hash` made; never leaves the server. */
  readonly passwordHash: string
  readonly enabled: boolean
  readonly roles: readonly Role[]
  /** Everything else a client keeps with a user (email, first name …), by its JSON name. */
  readonly profile: Readonly<Record<string, string>>
  readonly groups: readonly GroupId[]
  readonly devicePermissions: DevicePermissions
  readonly assignments: readonly InventoryAssignment[]
  /** A JSON object as text. */
  readonly customProperties: string
  /** The user is asked for a new password; nothing is refused until then. Ends when it changes. */
  readonly shouldResetPassword: boolean
  readonly creationMs: number
  readonly lastPasswordChangeMs: number
}

type SelfMade = 'creationMs' | 'lastPasswordChangeMs'

/** What most users have none of. */
const nothingMore = {
  groups: [],
  devicePermissions: {},
  assignments: [],
  customProperties: '{}',
  shouldResetPassword: false,
} satisfies Partial<User>

type Optional = keyof typeof nothingMore

export type NewUser = Omit<User, SelfMade | Optional> & Partial<Pick<User, Optional>>

export const createdUser = (user: NewUser, nowMs: number): User => ({
  ...nothingMore,
  ...user,
  creationMs: nowMs,
  lastPasswordChangeMs: nowMs,
})

/** `undefined` leaves a field. */
export type UserChange = {
  readonly passwordHash: string | undefined
  readonly enabled: boolean | undefined
  readonly roles: readonly Role[] | undefined
  readonly profile: Readonly<Record<string, string>> | undefined
  readonly groups?: readonly GroupId[] | undefined
  readonly devicePermissions?: DevicePermissions | undefined
  readonly assignments?: readonly InventoryAssignment[] | undefined
  readonly customProperties?: string | undefined
  readonly shouldResetPassword?: boolean | undefined
}

/** A user with everything from which its rights come. */
export type Account = {
  readonly user: User
  /** Those of its groups that exist. */
  readonly groups: readonly Group[]
  /** Those of its assignments that the tenant has made and that exist. */
  readonly inventoryRoles: readonly OwnInventoryRole[]
}

/** Whether the user's sessions end with this change: none outlives the password that began it. */
export const endsSessions = ({ passwordHash, enabled }: UserChange): boolean =>
  passwordHash !== undefined || enabled === false

/** A program of a tenant that reports events (docs/protocols/tenant-device-events.md, `appId`). */
export type App = {
  readonly tenant: TenantId
  readonly id: string
  readonly name: string
  /** Names the app in place of its id; it identifies, it does not authenticate. */
  readonly key: string
  readonly kind: AppKind
  /** Where a hosted app or a microservice is found below the server's address; undefined for none. */
  readonly contextPath: string | undefined
  readonly creationMs: number
}

export type NewApp = Omit<App, 'creationMs' | 'kind' | 'contextPath'> &
  Partial<Pick<App, 'kind' | 'contextPath'>>

export const createdApp = (app: NewApp, nowMs: number): App => ({
  kind: 'EXTERNAL',
  contextPath: undefined,
  ...app,
  creationMs: nowMs,
})

/** What is left out stays as it is. */
export type AppChange = Partial<Pick<App, 'name' | 'key' | 'contextPath'>>

export const appKinds = ['EXTERNAL', 'HOSTED', 'MICROSERVICE'] as const

export type AppKind = (typeof appKinds)[number]

/** An API key as it is kept: the key itself is shown once and stored as its SHA-256. */
export type ApiKey = {
  readonly tenant: TenantId
  /** The recognisable beginning of the key: names it in lists and for revocation. Unique. */
  readonly prefix: string
  readonly hash: string
  readonly name: string
  readonly allTenants: boolean
  /** The only devices it covers; undefined for all of the tenant. */
  readonly devices: readonly ManagedObjectId[] | undefined
  readonly expiresMs: number | undefined
  readonly creationMs: number
}

/** The user after a change; a new password hash moves the time of the last password change. */
export const mergeUser = (old: User, change: UserChange, nowMs: number): User => ({
  ...old,
  passwordHash: change.passwordHash ?? old.passwordHash,
  enabled: change.enabled ?? old.enabled,
  roles: change.roles ?? old.roles,
  profile: change.profile ?? old.profile,
  groups: change.groups ?? old.groups,
  devicePermissions: change.devicePermissions ?? old.devicePermissions,
  assignments: change.assignments ?? old.assignments,
  customProperties: change.customProperties ?? old.customProperties,
  shouldResetPassword:
    change.shouldResetPassword ?? (change.passwordHash === undefined && old.shouldResetPassword),
  lastPasswordChangeMs: change.passwordHash === undefined ? old.lastPasswordChangeMs : nowMs,
})
