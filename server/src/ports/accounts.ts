import type {
  ApiKey,
  App,
  AppChange,
  NewApp,
  NewUser,
  Tenant,
  TenantChange,
  User,
  UserChange,
} from '../core/account.ts'
import type { AuditNote } from '../core/audit.ts'
import type { Result } from '../core/failure.ts'
import type { TenantId, UserName } from '../core/identity.ts'
import type { AuditRecords } from './audit-records.ts'
import type { DeviceRequests } from './device-requests.ts'
import type { Groups } from './groups.ts'
import type { RetentionRules } from './retention-rules.ts'
import type { Sessions } from './sessions.ts'
import type { TenantOptions } from './tenant-options.ts'

/**
 * Keeps tenants and what proves who is calling: users, apps and API keys. Writes are durable on return; a
 * read that begins after a write's answer sees it, so that a changed password or a revoked key counts from the next
 * request on. Failures of every call: `unavailable`; those named at a call come on top.
 */
export type Accounts = Tenants &
  Sessions &
  Groups &
  DeviceRequests &
  RetentionRules &
  TenantOptions &
  AuditRecords & {
    /** The same accounts, whose changes write this audit record too, in their transaction; a change that fails writes none. */
    readonly noting: (note: AuditNote) => Accounts
  }

type Tenants = {
  /**
   * Grows whenever a change of tenants, users, sessions, groups, inventory roles or keys may have come into force, before its caller has the answer: what
   * a read that began under a revision has answered is true for as long as the revision is the same. Apps and options don't count.
   */
  readonly revision: () => number

  /**
   * Creates the tenant with its first users and the default retention rule in one transaction. Fails with `conflict` (tenant) when
   * its id or domain is taken or something of an earlier tenant of this id has still to go, and with
   * `conflict` (user) when two of the users have one name.
   */
  readonly createTenant: (
    tenant: Omit<Tenant, 'creationMs'>,
    users: readonly NewUser[],
  ) => Promise<Result<Tenant>>

  /** Fails with `not-found` (tenant). Cheap: kept in memory. */
  readonly readTenant: (tenant: TenantId) => Promise<Result<Tenant>>

  /** The tenant if it is in memory: an answer without a wait, as good as that of `readTenant`. Undefined says nothing. */
  readonly knownTenant: (tenant: TenantId) => Tenant | undefined

  /** By ascending id, `management` included. Cheap: kept in memory. */
  readonly listTenants: () => Promise<Result<readonly Tenant[]>>

  /** Fails with `not-found` (tenant). */
  readonly changeTenantState: (tenant: TenantId, state: Tenant['state']) => Promise<Result<Tenant>>

  /** Fails with `not-found` (tenant). */
  readonly changeTenant: (tenant: TenantId, change: TenantChange) => Promise<Result<Tenant>>

  /**
   * Deletes the tenant with its users, apps, keys, options, managed objects and external ids (at once for everybody who looks,
   * in the background on disk), and notes in the same transaction that its events have still to go (`Inventory.listPurges`); that note takes the place of
   * those of its deleted objects. Fails with `not-found` (tenant).
   */
  readonly deleteTenant: (tenant: TenantId) => Promise<Result<void>>

  /** Fails with `not-found` (tenant) and `conflict` (user). */
  readonly createUser: (user: NewUser) => Promise<Result<User>>

  /** Fails with `not-found` (user). Cheap: kept in memory. */
  readonly readUser: (tenant: TenantId, name: UserName) => Promise<Result<User>>

  /** By ascending name. */
  readonly listUsers: (tenant: TenantId) => Promise<Result<readonly User[]>>

  /** Fails with `not-found` (user). */
  readonly changeUser: (
    tenant: TenantId,
    name: UserName,
    change: UserChange,
  ) => Promise<Result<User>>

  /** Fails with `not-found` (user). */
  readonly deleteUser: (tenant: TenantId, name: UserName) => Promise<Result<void>>

  /** Fails with `not-found` (tenant) and with `conflict` (app) when its id or key is taken. */
  readonly createApp: (app: NewApp) => Promise<Result<App>>

  /** By its id or its key. Fails with `not-found` (app). Cheap: kept in memory. */
  readonly findApp: (
    tenant: TenantId,
    by: { readonly id: string } | { readonly key: string },
  ) => Promise<Result<App>>

  /** The app of this id if it is in memory: an answer without a wait, as good as that of `findApp`. Undefined says nothing. */
  readonly knownApp: (tenant: TenantId, id: string) => App | undefined

  /** By ascending id. */
  readonly listApps: (tenant: TenantId) => Promise<Result<readonly App[]>>

  /** Fails with `not-found` (app), and with `conflict` (app) when the new key is taken. */
  readonly changeApp: (tenant: TenantId, id: string, change: AppChange) => Promise<Result<App>>

  /** Fails with `not-found` (app). */
  readonly deleteApp: (tenant: TenantId, id: string) => Promise<Result<void>>

  /** Fails with `not-found` (tenant) and with `conflict` (key) when its prefix or hash is taken. */
  readonly createKey: (key: Omit<ApiKey, 'creationMs'>) => Promise<Result<ApiKey>>

  /** By the SHA-256 of the whole key. Fails with `not-found` (key). Cheap: kept in memory. */
  readonly findKey: (hash: string) => Promise<Result<ApiKey>>

  /** By ascending prefix. */
  readonly listKeys: (tenant: TenantId) => Promise<Result<readonly ApiKey[]>>

  /** Fails with `not-found` (key). */
  readonly revokeKey: (tenant: TenantId, prefix: string) => Promise<Result<void>>
}
