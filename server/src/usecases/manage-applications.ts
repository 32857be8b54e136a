import { isSelf, mayAdministerApps, mayReadApps } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import type { App, AppChange, AppKind } from '../core/account.ts'
import { denied, invalid, notFound, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { TenantId, UserName } from '../core/identity.ts'
import type { Secrets } from '../ports/secrets.ts'
import { appNote, createOneMoreApp } from './manage-apps.ts'
import type { AppPorts } from './manage-apps.ts'
import { isDisplayName } from './manage-tenants.ts'

export type ApplicationDraft = {
  readonly name: string
  readonly key: string
  readonly kind: AppKind
  readonly contextPath: string | undefined
}

/**
 * The applications of the caller's tenant as the Cumulocity dialect has them (docs/protocols/cumulocity.md, 6.8). Nothing is
 * hosted: they are names and keys. Ok means on disk. Every call fails with `forbidden`.
 */
export type ManageApplications = {
  /** By ascending id. */
  readonly list: (principal: Principal) => Promise<Result<readonly App[]>>

  /** Those that this user may use, which are all of the tenant; everybody may ask for itself. Fails with `not-found` (user). */
  readonly listOfUser: (
    principal: Principal,
    user: UserName | undefined,
  ) => Promise<Result<readonly App[]>>

  /** Of the own tenant only. */
  readonly listOfTenant: (principal: Principal, tenant: TenantId) => Promise<Result<readonly App[]>>

  /** Fails with `not-found` (app). */
  readonly read: (principal: Principal, id: string) => Promise<Result<App>>

  /** The one whose key the caller shows. Fails with `not-found` (app), also without a key. */
  readonly readByKey: (principal: Principal, key: string | undefined) => Promise<Result<App>>

  /** Fails with `invalid`, also beyond `appsMax`, and `conflict` (app) when the key is taken. */
  readonly create: (principal: Principal, draft: ApplicationDraft) => Promise<Result<App>>

  /** Fails with `invalid`, `not-found` (app), and `conflict` (app) when the key is taken. */
  readonly change: (principal: Principal, id: string, change: AppChange) => Promise<Result<App>>

  /** Fails with `not-found` (app). */
  readonly delete: (principal: Principal, id: string) => Promise<Result<void>>
}

export const createManageApplications = ({
  accounts,
  secrets,
  inTurn,
}: AppPorts): ManageApplications => ({
  list: async (principal) =>
    mayReadApps(principal) ? accounts.listApps(principal.tenant) : denied,

  listOfUser: async (principal, user) => {
    if (user !== undefined && isSelf(principal, user)) return accounts.listApps(principal.tenant)
    if (!mayReadApps(principal)) return denied
    if (user === undefined) return notFound('user', '')
    const known = await accounts.readUser(principal.tenant, user)
    return known.ok ? accounts.listApps(principal.tenant) : known
  },

  listOfTenant: async (principal, tenant) =>
    mayReadApps(principal) && principal.tenant === tenant ? accounts.listApps(tenant) : denied,

  read: async (principal, id) =>
    mayReadApps(principal) ? accounts.findApp(principal.tenant, { id }) : denied,

  readByKey: async (principal, key) => {
    if (principal.kind !== 'user') return denied
    return key === undefined ? notFound('app', '') : accounts.findApp(principal.tenant, { key })
  },

  create: async (principal, draft) => {
    if (!mayAdministerApps(principal)) return denied
    const admitted = admit(draft)
    if (!admitted.ok) return admitted
    const app = { ...draft, tenant: principal.tenant, id: newAppId(secrets) }
    return createOneMoreApp({ accounts, inTurn }, principal, app)
  },

  change: async (principal, id, change) => {
    if (!mayAdministerApps(principal)) return denied
    const admitted = admit(change)
    if (!admitted.ok) return admitted
    const note = appNote(principal, id, 'Application changed', principal.tenant)
    return accounts.noting(note).changeApp(principal.tenant, id, change)
  },

  delete: async (principal, id) =>
    mayAdministerApps(principal)
      ? accounts
          .noting(appNote(principal, id, 'Application deleted', principal.tenant))
          .deleteApp(principal.tenant, id)
      : denied,
})

/** All digits, because a client tells an id from a name by that; few enough of them to be exact as a number. */
const newAppId = ({ digest, randomText }: Secrets): string =>
  String(Number.parseInt(digest(randomText(idBytes)).slice(0, idDigits), 16))

const idBytes = 18
const idDigits = 12

const admit = (texts: AppChange): Result<void> => {
  for (const path of ['name', 'key', 'contextPath'] as const) {
    const text = texts[path]
    if (text !== undefined && !isDisplayName(text)) return invalid(path, 'must be a short text')
  }
  return success(undefined)
}
