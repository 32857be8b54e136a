import { success, type Result } from '../core/failure.ts'
import type { ManagedObjectId, TenantId } from '../core/identity.ts'
import type { Ports } from './create-protocols.ts'

/** A device of the demo by its serial number, such as `door-1`. */
export type DemoDevice = { readonly serial: string; readonly id: ManagedObjectId }

export type PreparedDemo = {
  /** In the order of the serial numbers that were asked for. */
  readonly devices: readonly DemoDevice[]
  readonly appId: string
  /** What the fleet shows to report its events; `end` revokes it. */
  readonly key: string
  readonly end: () => Promise<void>
}

const name = 'demo fleet'

/**
 * Makes what a simulated fleet needs in a tenant: devices, an app and an API key. A second demo on the same folder finds the
 * devices and the app of the first; the key is new each time, and one that a crash left over is revoked.
 */
export const prepareDemo = async (
  ports: Ports,
  tenant: TenantId,
  serials: readonly string[],
): Promise<Result<PreparedDemo>> => {
  const devices: DemoDevice[] = []
  for (const serial of serials) {
    const id = await findOrCreateDevice(ports, tenant, serial)
    if (!id.ok) return id
    devices.push({ serial, id: id.value })
  }
  const appId = await findOrCreateApp(ports, tenant)
  if (!appId.ok) return appId
  const revoked = await revokeKeys(ports, tenant)
  if (!revoked.ok) return revoked
  const { key, prefix, hash } = ports.secrets.createApiKey()
  const scope = { allTenants: false, devices: undefined, expiresMs: undefined }
  const created = await ports.accounts.createKey({ tenant, prefix, hash, name, ...scope })
  if (!created.ok) return created
  const end = async (): Promise<void> => {
    await ports.accounts.revokeKey(tenant, prefix)
  }
  return success({ devices, appId: appId.value, key, end })
}

const findOrCreateDevice = async (
  { inventory }: Ports,
  tenant: TenantId,
  serial: string,
): Promise<Result<ManagedObjectId>> => {
  const externalId = { type: 'c8y_Serial', externalId: serial }
  const known = await inventory.resolveExternalId(tenant, externalId)
  if (known.ok || known.failure.kind !== 'not-found') return known
  const fragments = [{ name: 'c8y_IsDevice', value: '{}' }]
  const draft = { name: serial, type: 'demo', fragments, externalIds: [externalId] }
  const created = await inventory.createObjects(tenant, undefined, [draft])
  return created.ok ? inventory.resolveExternalId(tenant, externalId) : created
}

const findOrCreateApp = async (
  { accounts, secrets }: Ports,
  tenant: TenantId,
): Promise<Result<string>> => {
  const apps = await accounts.listApps(tenant)
  if (!apps.ok) return apps
  const known = apps.value.find((app) => app.name === name)
  if (known !== undefined) return success(known.id)
  const [id, key] = [secrets.randomText(9), secrets.randomText(18)]
  const created = await accounts.createApp({ tenant, id, key, name })
  return created.ok ? success(id) : created
}

const revokeKeys = async ({ accounts }: Ports, tenant: TenantId): Promise<Result<void>> => {
  const keys = await accounts.listKeys(tenant)
  if (!keys.ok) return keys
  for (const { prefix } of keys.value.filter((key) => key.name === name)) {
    const revoked = await accounts.revokeKey(tenant, prefix)
    if (!revoked.ok) return revoked
  }
  return success(undefined)
}
