import { mayCreateEventsOf } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import type { Tenant } from '../core/account.ts'
import { decodeTenantId } from '../core/decode-identity.ts'
import { parseManagedObjectId } from '../core/event-id.ts'
import { failed, notFound, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { ManagedObjectId, TenantId } from '../core/identity.ts'
import type { ExternalId } from '../core/managed-object.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Inventory, Source } from '../ports/inventory.ts'
import { hasGrantsBelow, reachObjects } from './reach-objects.ts'

export type DevicePorts = {
  readonly accounts: Accounts
  readonly inventory: Inventory
}

/** A device that the caller may report for. */
export type ReportingDevice = {
  readonly tenant: TenantId
  readonly device: Source
}

/**
 * Finds the tenant and the device of a report as their names stand in its address
 * (docs/protocols/tenant-device-events.md, 1 and 2). A device is named by its own id, by an external id of type
 * `udid`, or as `sn-!-<serial>` by one of type `c8y_Serial`, looked for in this order. Without a wait for most reports.
 * Fails as `findReportingTenant` does, then with `not-found` (source), then with `forbidden` (device).
 */
export type FindReportingDevice = (
  principal: Principal,
  tenantName: string,
  deviceName: string,
) => Result<ReportingDevice> | Promise<Result<ReportingDevice>>

export const createFindReportingDevice =
  (ports: DevicePorts): FindReportingDevice =>
  (principal, tenantName, deviceName) =>
    knownPlace(ports, principal, tenantName, deviceName) ??
    lookForPlace(ports, principal, tenantName, deviceName)

/**
 * For a caller's own tenant and a device that is named by its own id, when both are in memory. Undefined says nothing.
 */
const knownPlace = (
  { accounts, inventory }: DevicePorts,
  principal: Principal,
  tenantName: string,
  deviceName: string,
): Result<ReportingDevice> | undefined => {
  if (tenantName !== principal.tenant || hasGrantsBelow(principal)) return undefined
  const tenant = accounts.knownTenant(principal.tenant)
  const id = parseManagedObjectId(deviceName)
  if (tenant?.state !== 'active' || id === undefined) return undefined
  const device = inventory.knownSource(tenant.id, id)
  return device && admitTo(principal, tenant.id, device)
}

const admitTo = (
  principal: Principal,
  tenant: TenantId,
  device: Source,
): Result<ReportingDevice> =>
  mayCreateEventsOf(principal, device) ? success({ tenant, device }) : notCovered

const lookForPlace = async (
  { accounts, inventory }: DevicePorts,
  principal: Principal,
  tenantName: string,
  deviceName: string,
): Promise<Result<ReportingDevice>> => {
  const tenant = await findReportingTenant(accounts, principal, tenantName)
  if (!tenant.ok) return tenant
  const device = await lookForDevice(inventory, tenant.value, deviceName)
  if (!device.ok) return device
  const reached = hasGrantsBelow(principal)
    ? await reachObjects(inventory, principal, [device.value.id])
    : success(principal)
  return reached.ok ? admitTo(reached.value, tenant.value, device.value) : reached
}

/**
 * The tenant of this name, when the caller may name it. A caller that is tied to one tenant is refused every other name
 * with `forbidden` (tenant) before anything is looked up, so that it cannot find out which tenants exist; only an
 * operator's key can meet `not-found` (tenant). Fails with `forbidden` (suspended) for everybody, operators included.
 */
export const findReportingTenant = async (
  accounts: Accounts,
  principal: Principal,
  name: string,
): Promise<Result<TenantId>> => {
  if (principal.kind === 'key' && principal.allTenants) {
    const id = decodeTenantId(name)
    return id === undefined ? notFound('tenant', name) : activeTenant(await accounts.readTenant(id))
  }
  if (name !== principal.tenant) return otherTenant
  const own = await accounts.readTenant(principal.tenant)
  const isGone = !own.ok && own.failure.kind === 'not-found'
  return isGone ? otherTenant : activeTenant(own)
}

const otherTenant = failed({ kind: 'forbidden', reason: 'tenant' })
const suspended = failed({ kind: 'forbidden', reason: 'suspended' })
const notCovered = failed({ kind: 'forbidden', reason: 'device' })

const activeTenant = (tenant: Result<Tenant>): Result<TenantId> => {
  if (!tenant.ok) return tenant
  return tenant.value.state === 'suspended' ? suspended : success(tenant.value.id)
}

const lookForDevice = async (
  inventory: Inventory,
  tenant: TenantId,
  name: string,
): Promise<Result<Source>> => {
  const byOwnId = await readDevice(inventory, tenant, parseManagedObjectId(name))
  if (!isAbsent(byOwnId)) return byOwnId
  for (const externalId of externalIdsOf(name)) {
    const bound = await inventory.resolveExternalId(tenant, externalId)
    const device = bound.ok ? await readDevice(inventory, tenant, bound.value) : bound
    if (!isAbsent(device)) return device
  }
  return notFound('source', name)
}

const isAbsent = (found: Result<Source>): boolean => !found.ok && found.failure.kind === 'not-found'

const readDevice = async (
  inventory: Inventory,
  tenant: TenantId,
  id: ManagedObjectId | undefined,
): Promise<Result<Source>> => {
  if (id === undefined) return notFound('source', '')
  const known = inventory.knownSource(tenant, id)
  if (known !== undefined) return success(known)
  const found = await inventory.readSources(tenant, [id])
  if (!found.ok) return found
  const [device] = found.value
  return device === undefined ? notFound('source', id) : success(device)
}

const serialPrefix = 'sn-!-'

const externalIdsOf = (name: string): readonly ExternalId[] => {
  const udid = { type: 'udid', externalId: name }
  return name.startsWith(serialPrefix)
    ? [udid, { type: 'c8y_Serial', externalId: name.slice(serialPrefix.length) }]
    : [udid]
}
