import type { Principal } from '../core/access.ts'
import type { ApiKey } from '../core/account.ts'
import type { AuditNote } from '../core/audit.ts'
import { failed, invalid, success, type Result } from '../core/failure.ts'
import { managementTenant, type ManagedObjectId, type TenantId } from '../core/identity.ts'
import { displayNameLengthMax, keyDevicesMax } from '../core/limits.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Clock } from '../ports/clock.ts'
import type { Inventory } from '../ports/inventory.ts'
import type { Secrets } from '../ports/secrets.ts'
import { mayAdminister, mayOperate } from './administer.ts'
import { findTenant } from './manage-apps.ts'
import { noteOf } from './note-of.ts'
import { isDisplayName } from './manage-tenants.ts'

export type KeyPorts = {
  readonly accounts: Accounts
  readonly inventory: Inventory
  readonly secrets: Secrets
  readonly clock: Clock
}

export type KeyDraft = {
  readonly name: string | undefined
  /** The only devices it covers; undefined for all of the tenant. */
  readonly devices: readonly ManagedObjectId[] | undefined
  /** Milliseconds from now; undefined for ever. */
  readonly validForMs: number | undefined
  /** Only for keys of `management`: reports for the devices of every tenant. */
  readonly allTenants: boolean
}

/** `key` is the secret itself: answered once and kept nowhere. */
export type CreatedKey = { readonly key: string; readonly kept: ApiKey }

/**
 * The API keys of a tenant, for its own administrators and operators; everybody else fails with `forbidden`, whether the
 * tenant exists or not. Keys of `management` cover all tenants, and no others do.
 */
export type ManageKeys = {
  /** Fails with `invalid` and `not-found` (tenant). */
  readonly create: (
    principal: Principal,
    tenant: TenantId,
    draft: KeyDraft,
  ) => Promise<Result<CreatedKey>>
  /** Fails with `not-found` (tenant). */
  readonly list: (principal: Principal, tenant: TenantId) => Promise<Result<readonly ApiKey[]>>
  /** In force for the next request. Fails with `not-found` (tenant, key). */
  readonly revoke: (principal: Principal, tenant: TenantId, prefix: string) => Promise<Result<void>>
}

export const createManageKeys = (ports: KeyPorts): ManageKeys => ({
  create: async (principal, tenant, draft) => {
    const allowed = mayCreate(principal, tenant, draft)
    if (!allowed.ok) return allowed
    const admitted = await admitKey(ports, tenant, draft)
    return admitted.ok ? createKey(ports, principal, tenant, draft) : admitted
  },
  list: async (principal, tenant) => {
    const known = await findTenant(ports.accounts, principal, tenant)
    return known.ok ? ports.accounts.listKeys(tenant) : known
  },
  revoke: async (principal, tenant, prefix) => {
    const known = await findTenant(ports.accounts, principal, tenant)
    if (!known.ok) return known
    const note = keyNote(principal, tenant, prefix, 'API key revoked')
    return ports.accounts.noting(note).revokeKey(tenant, prefix)
  },
})

const mayCreate = (principal: Principal, tenant: TenantId, draft: KeyDraft): Result<void> =>
  draft.allTenants || tenant === managementTenant
    ? mayOperate(principal)
    : mayAdminister(principal, tenant)

const admitKey = async (
  { accounts, inventory }: KeyPorts,
  tenant: TenantId,
  { name, devices, allTenants }: KeyDraft,
): Promise<Result<void>> => {
  if (name !== undefined && !isDisplayName(name)) {
    return invalid('name', `must be 1 to ${displayNameLengthMax} characters`)
  }
  if (allTenants !== (tenant === managementTenant)) {
    return invalid('allTenants', 'goes with the keys of management, and only with those')
  }
  const known = await accounts.readTenant(tenant)
  if (!known.ok) return known
  if (devices === undefined) return success(undefined)
  if (allTenants) return invalid('devices', "can't be named for a key of all tenants")
  return admitDevices(inventory, tenant, devices)
}

const admitDevices = async (
  inventory: Inventory,
  tenant: TenantId,
  devices: readonly ManagedObjectId[],
): Promise<Result<void>> => {
  if (devices.length === 0 || devices.length > keyDevicesMax) {
    return invalid('devices', `must be 1 to ${keyDevicesMax} devices`)
  }
  const found = await inventory.readSources(tenant, devices)
  if (!found.ok) return found
  const ids = new Set(found.value.map(({ id }) => id))
  const absent = devices.filter((device) => !ids.has(device))
  if (absent.length === 0) return success(undefined)
  return failed({
    kind: 'invalid',
    issues: absent.map((device) => ({
      path: 'devices',
      problem: 'wrong',
      message: `there is no device ${device}`,
    })),
  })
}

/** The prefix names a key and opens nothing. */
const keyNote = (
  principal: Principal,
  tenant: TenantId,
  source: string,
  activity: string,
): AuditNote => noteOf(principal, { type: 'ApiKey', activity, source, tenant })

const createKey = async (
  { accounts, secrets, clock }: KeyPorts,
  principal: Principal,
  tenant: TenantId,
  draft: KeyDraft,
): Promise<Result<CreatedKey>> => {
  const { key, prefix, hash } = secrets.createApiKey()
  const { name, devices, validForMs, allTenants } = draft
  const note = keyNote(principal, tenant, prefix, 'API key created')
  const kept = await accounts.noting(note).createKey({
    tenant,
    prefix,
    hash,
    name: name ?? '',
    allTenants,
    devices: devices === undefined ? undefined : [...new Set(devices)],
    expiresMs: validForMs === undefined ? undefined : clock.nowMs() + validForMs,
  })
  return kept.ok ? success({ key, kept: kept.value }) : kept
}
