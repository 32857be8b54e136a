import type { Role } from './access.ts'
import type { ManagedObjectId, TenantId, UserName } from './identity.ts'

export type Tenant = {
  readonly id: TenantId
  readonly name: string
  /** The first label of the host names by which this tenant is reached; the id unless set. */
  readonly domain: string
  readonly state: 'active' | 'suspended'
  readonly creationMs: number
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
  readonly creationMs: number
  readonly lastPasswordChangeMs: number
}

export type NewUser = Omit<User, 'creationMs' | 'lastPasswordChangeMs'>

/** `undefined` leaves a field. */
export type UserChange = {
  readonly passwordHash: string | undefined
  readonly enabled: boolean | undefined
  readonly roles: readonly Role[] | undefined
  readonly profile: Readonly<Record<string, string>> | undefined
}

/** A program of a tenant that reports events (docs/protocols/tenant-device-events.md, `appId`). */
export type App = {
  readonly tenant: TenantId
  readonly id: string
  readonly name: string
  /** Names the app in place of its id; it identifies, it does not authenticate. */
  readonly key: string
  readonly creationMs: number
}

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
  lastPasswordChangeMs: change.passwordHash === undefined ? old.lastPasswordChangeMs : nowMs,
})
