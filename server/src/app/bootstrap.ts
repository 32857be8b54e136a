import { roles } from '../core/access.ts'
import type { NewUser } from '../core/account.ts'
import { failed, success, type Result } from '../core/failure.ts'
import {
  firstOperator,
  managementTenant,
  type ManagedObjectId,
  type TenantId,
} from '../core/identity.ts'
import type { UserName } from '../core/identity.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Inventory } from '../ports/inventory.ts'
import type { Passwords } from '../ports/passwords.ts'
import type { Secrets } from '../ports/secrets.ts'
import type { Config } from './config.ts'

export type BootstrapPorts = {
  readonly accounts: Accounts
  readonly inventory: Inventory
  readonly passwords: Passwords
  readonly secrets: Secrets
}

/** What the very first start made. */
export type FirstStart = {
  readonly tenant: TenantId
  readonly user: UserName
  /** Only when it was made here: a password that somebody chose is not repeated. */
  readonly madePassword: string | undefined
  readonly device: ManagedObjectId
}

/**
 * Fills an empty data folder: the first tenant with its administrator, a device and an app, and the operators' tenant with
 * the user `admin` and the same password. Answers undefined when that has been done before. The operators' tenant comes
 * last and says that all is done, so that a start that was cut short is completed by the next one.
 */
export const bootstrap = async (
  config: Config,
  ports: BootstrapPorts,
): Promise<Result<FirstStart | undefined>> => {
  const management = await ports.accounts.readTenant(managementTenant)
  if (management.ok) return success(undefined)
  if (management.failure.kind !== 'not-found') return management
  const madePassword =
    config.bootstrapPassword === undefined ? ports.secrets.randomText(passwordBytes) : undefined
  const passwordHash = await ports.passwords.hash(config.bootstrapPassword ?? madePassword ?? '')
  const first = await createFirstTenant(config, ports, passwordHash)
  if (!first.ok) return first
  const operator = administratorOf(managementTenant, firstOperator, passwordHash)
  const created = await ports.accounts.createTenant(tenantOf(managementTenant), [operator])
  if (!created.ok) return created
  const { bootstrapTenant: tenant, bootstrapUser: user } = config
  return success({ tenant, user, madePassword, device: first.value })
}

const passwordBytes = 18
const firstDevice = 'first-device'

const tenantOf = (id: TenantId) => ({ id, name: id, domain: id, state: 'active' as const })

const administratorOf = (tenant: TenantId, name: UserName, passwordHash: string): NewUser => ({
  tenant,
  name,
  passwordHash,
  enabled: true,
  roles,
  profile: {},
})

const createFirstTenant = async (
  { bootstrapTenant: tenant, bootstrapUser: user }: Config,
  { accounts, inventory, secrets }: BootstrapPorts,
  passwordHash: string,
): Promise<Result<ManagedObjectId>> => {
  const known = await accounts.readTenant(tenant)
  const account = known.ok
    ? await resetAdministrator(accounts, administratorOf(tenant, user, passwordHash))
    : await accounts.createTenant(tenantOf(tenant), [administratorOf(tenant, user, passwordHash)])
  if (!account.ok) return account
  const apps = await accounts.listApps(tenant)
  if (!apps.ok) return apps
  if (apps.value.length === 0) {
    const [id, key] = [secrets.randomText(9), secrets.randomText(18)]
    const app = await accounts.createApp({ tenant, id, key, name: 'first-app' })
    if (!app.ok) return app
  }
  return createFirstDevice(inventory, tenant, user)
}

/** Of a start that was cut short: nobody has seen the password it made. */
const resetAdministrator = async (accounts: Accounts, user: NewUser): Promise<Result<unknown>> => {
  const { passwordHash, enabled } = user
  const change = { passwordHash, enabled, roles, profile: undefined }
  const changed = await accounts.changeUser(user.tenant, user.name, change)
  const isAbsent = !changed.ok && changed.failure.kind === 'not-found'
  return isAbsent ? accounts.createUser(user) : changed
}

const createFirstDevice = async (
  inventory: Inventory,
  tenant: TenantId,
  owner: UserName,
): Promise<Result<ManagedObjectId>> => {
  const externalId = { type: 'c8y_Serial', externalId: firstDevice }
  const known = await inventory.resolveExternalId(tenant, externalId)
  if (known.ok || known.failure.kind !== 'not-found') return known
  const created = await inventory.createObjects(tenant, owner, [
    {
      name: firstDevice,
      type: undefined,
      fragments: [{ name: 'c8y_IsDevice', value: '{}' }],
      externalIds: [externalId],
    },
  ])
  if (!created.ok) return created
  const [device] = created.value
  return device === undefined ? failed(nothingCreated) : success(device.id)
}

const nothingCreated = { kind: 'not-found', what: 'managed-object', id: firstDevice } as const
