import type { Principal } from '../core/access.ts'
import type { App, NewApp } from '../core/account.ts'
import type { AuditNote } from '../core/audit.ts'
import { invalid, type Result } from '../core/failure.ts'
import type { TenantId } from '../core/identity.ts'
import { appsMax, displayNameLengthMax } from '../core/limits.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Secrets } from '../ports/secrets.ts'
import { mayAdminister } from './administer.ts'
import type { InTurn } from './in-turn.ts'
import { noteOf } from './note-of.ts'
import { isDisplayName } from './manage-tenants.ts'

export type AppPorts = {
  readonly accounts: Accounts
  readonly secrets: Secrets
  /** By the tenant's id, and shared by all that creates its apps: no two may take the same last place. */
  readonly inTurn: InTurn
}

/**
 * The apps of a tenant, for its own administrators and operators; everybody else fails with `forbidden`, whether the tenant
 * exists or not.
 */
export type ManageApps = {
  /** Fails with `invalid`, also beyond `appsMax`, and `not-found` (tenant). */
  readonly create: (principal: Principal, tenant: TenantId, name: string) => Promise<Result<App>>
  /** Fails with `not-found` (tenant). */
  readonly list: (principal: Principal, tenant: TenantId) => Promise<Result<readonly App[]>>
  /** Fails with `not-found` (tenant, app). */
  readonly delete: (principal: Principal, tenant: TenantId, id: string) => Promise<Result<void>>
}

export const createManageApps = ({ accounts, secrets, inTurn }: AppPorts): ManageApps => ({
  create: async (principal, tenant, name) => {
    const allowed = mayAdminister(principal, tenant)
    if (!allowed.ok) return allowed
    if (!isDisplayName(name)) {
      return invalid('name', `must be 1 to ${displayNameLengthMax} characters`)
    }
    const id = secrets.randomText(appIdBytes)
    const key = secrets.randomText(appKeyBytes)
    return createOneMoreApp({ accounts, inTurn }, principal, { tenant, id, key, name })
  },
  list: async (principal, tenant) => {
    const known = await findTenant(accounts, principal, tenant)
    return known.ok ? accounts.listApps(tenant) : known
  },
  delete: async (principal, tenant, id) => {
    const known = await findTenant(accounts, principal, tenant)
    if (!known.ok) return known
    const note = appNote(principal, id, 'Application deleted', tenant)
    return accounts.noting(note).deleteApp(tenant, id)
  },
})

/**
 * Counted and created in the tenant's turn, so that its last place is taken once. Fails with `invalid` for a tenant that has as
 * many as it may, whichever way they came, and with `not-found` (tenant) and `conflict` (app).
 */
export const createOneMoreApp = (
  { accounts, inTurn }: Omit<AppPorts, 'secrets'>,
  principal: Principal,
  app: NewApp,
): Promise<Result<App>> =>
  inTurn(app.tenant, async () => {
    const apps = await accounts.listApps(app.tenant)
    if (!apps.ok) return apps
    if (apps.value.length >= appsMax) return tooManyApps
    const note = appNote(principal, app.id, 'Application created', app.tenant)
    return accounts.noting(note).createApp(app)
  })

const tooManyApps = invalid('', `a tenant has at most ${appsMax} applications`)

/** Its key is not in it. */
export const appNote = (
  principal: Principal,
  source: string,
  activity: string,
  tenant: TenantId,
): AuditNote => noteOf(principal, { type: 'Application', activity, source, tenant })

/** An id is short, because people copy it; neither it nor the key authenticates. */
const appIdBytes = 9
const appKeyBytes = 18

/** Permission first, existence second. */
export const findTenant = async (accounts: Accounts, principal: Principal, tenant: TenantId) => {
  const allowed = mayAdminister(principal, tenant)
  return allowed.ok ? accounts.readTenant(tenant) : allowed
}
