import type { Principal } from '../core/access.ts'
import type { App } from '../core/account.ts'
import type { AuditNote } from '../core/audit.ts'
import { invalid, success, type Result } from '../core/failure.ts'
import type { TenantId } from '../core/identity.ts'
import { appsMax, displayNameLengthMax } from '../core/limits.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Secrets } from '../ports/secrets.ts'
import { mayAdminister } from './administer.ts'
import { noteOf } from './note-of.ts'
import { isDisplayName } from './manage-tenants.ts'

export type AppPorts = { readonly accounts: Accounts; readonly secrets: Secrets }

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

export const createManageApps = ({ accounts, secrets }: AppPorts): ManageApps => ({
  create: async (principal, tenant, name) => {
    const allowed = mayAdminister(principal, tenant)
    if (!allowed.ok) return allowed
    if (!isDisplayName(name)) {
      return invalid('name', `must be 1 to ${displayNameLengthMax} characters`)
    }
    const admitted = await admitOneMoreApp(accounts, tenant)
    if (!admitted.ok) return admitted
    const id = secrets.randomText(appIdBytes)
    const note = appNote(principal, id, 'Application created', tenant)
    return accounts.noting(note).createApp({
      tenant,
      id,
      key: secrets.randomText(appKeyBytes),
      name,
    })
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

/** Fails with `invalid` for a tenant that has as many as it may, whichever way they came. */
export const admitOneMoreApp = async (
  accounts: Accounts,
  tenant: TenantId,
): Promise<Result<void>> => {
  const apps = await accounts.listApps(tenant)
  if (!apps.ok) return apps
  return apps.value.length < appsMax ? success(undefined) : tooManyApps
}

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
