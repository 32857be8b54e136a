import { createBaseUrl } from '../inbound/http/base-url.ts'
import type { BaseUrl } from '../inbound/http/base-url.ts'
import type { Protocol } from '../inbound/http/create-http-server.ts'
import { createDecodeCredentials } from '../inbound/http/decode-credentials.ts'
import { createBodyReader } from '../inbound/http/read-body.ts'
import { createCumulocityProtocol } from '../inbound/http-cumulocity/create-cumulocity-protocol.ts'
import { createAdministrationProtocol } from '../inbound/http-native/create-administration-protocol.ts'
import {
  createHealthProtocols,
  type HealthPorts,
} from '../inbound/http-native/create-health-protocol.ts'
import { refuse } from '../inbound/http-native/answer-with.ts'
import { createOpenApiProtocols } from '../inbound/http-openapi/create-openapi-protocols.ts'
import { createTenantDeviceProtocol } from '../inbound/http-tenant-device/create-tenant-device-protocol.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Attachments } from '../ports/attachments.ts'
import type { Backups } from '../ports/backups.ts'
import type { Clock } from '../ports/clock.ts'
import type { EventStore } from '../ports/event-store.ts'
import type { Inventory } from '../ports/inventory.ts'
import type { Meter } from '../ports/meter.ts'
import type { Passwords } from '../ports/passwords.ts'
import type { Secrets } from '../ports/secrets.ts'
import { createAuthenticate } from '../usecases/authenticate.ts'
import type { CarryOutRetention } from '../usecases/carry-out-retention.ts'
import { createChangeEvents } from '../usecases/change-events.ts'
import { createFindReportingDevice } from '../usecases/find-reporting-device.ts'
import { createInTurn } from '../usecases/in-turn.ts'
import type { InTurn } from '../usecases/in-turn.ts'
import type { FinishPurges } from '../usecases/finish-purges.ts'
import { createIngestEvents } from '../usecases/ingest-events.ts'
import { createLogIn } from '../usecases/log-in.ts'
import { createManageDeletions } from '../usecases/manage-deletions.ts'
import { createDeviceUser } from '../usecases/device-user.ts'
import { createManageApps } from '../usecases/manage-apps.ts'
import { createManageBackups } from '../usecases/manage-backups.ts'
import { createManageChildren } from '../usecases/manage-children.ts'
import { createManageInventoryRoles } from '../usecases/manage-inventory-roles.ts'
import { createManageGroups } from '../usecases/manage-groups.ts'
import { createManageAudit } from '../usecases/manage-audit.ts'
import { createManageRetention } from '../usecases/manage-retention.ts'
import { createPreviewRetention } from '../usecases/preview-retention.ts'
import { createRegisterDevices } from '../usecases/register-devices.ts'
import { createManageIdentity } from '../usecases/manage-identity.ts'
import { createManageInventory } from '../usecases/manage-inventory.ts'
import { createManageDevicePermissions } from '../usecases/manage-device-permissions.ts'
import { createManageApplications } from '../usecases/manage-applications.ts'
import { createAdmitOrigin } from '../usecases/admit-origin.ts'
import { createManageOptions } from '../usecases/manage-options.ts'
import { createManageKeys } from '../usecases/manage-keys.ts'
import { createManageTenants } from '../usecases/manage-tenants.ts'
import { createManageUsers } from '../usecases/manage-users.ts'
import { createProvePassword } from '../usecases/prove-password.ts'
import type { LockedOut, ProvePassword } from '../usecases/prove-password.ts'
import { createQueryEvents } from '../usecases/query-events.ts'
import { createReadReceipt } from '../usecases/read-receipt.ts'
import { rememberPasswords } from '../usecases/remember-passwords.ts'
import { createReportEvent } from '../usecases/report-event.ts'
import type { Config } from './config.ts'
import { readServerVersion } from './server-version.ts'
import type { FileCases } from './create-file-cases.ts'
import { createRequestLimits } from './create-request-limits.ts'

/** Everything that the use cases ask of the world. */
export type Ports = {
  readonly accounts: Accounts
  readonly inventory: Inventory
  readonly events: EventStore
  readonly attachments: Attachments
  readonly backups: Backups
  readonly passwords: Passwords
  readonly secrets: Secrets
  readonly clock: Clock
  readonly meter: Meter
  /** Told once for each lock-out. */
  readonly noteLockOut?: (account: LockedOut) => void
}

/** Use cases that also work when nobody asks, and are therefore made outside. */
export type Jobs = {
  readonly finishPurges: FinishPurges
  readonly files: FileCases
  readonly carryOutRetention: CarryOutRetention
}

/** All that answers on the HTTP port, wired to the use cases. */
export const createProtocols = (
  config: Config,
  world: Ports,
  { finishPurges, files, carryOutRetention }: Jobs,
  phase: HealthPorts['phase'],
): readonly Protocol[] => {
  const { accounts, inventory, events, meter } = world
  // One memory for whoever hashes a password and whoever checks one.
  const passwords = rememberPasswords(world.passwords, world.secrets)
  const ports = { ...world, passwords, inTurn: createInTurn() }
  const { defaultTenant, publicUrl, metricsToken } = config
  const provePassword = createProvePassword({ defaultTenant }, ports)
  const authenticate = createAuthenticate({ defaultTenant }, ports, provePassword)
  const limits = createRequestLimits(config, ports, authenticate)
  const edge = {
    decodeCredentials: createDecodeCredentials(),
    authenticate: limits.authenticate,
    baseUrl: createBaseUrl(publicUrl),
    bodies: createBodyReader(),
  }
  const protocols = [
    createCumulocityProtocol(
      edge,
      {
        ingestEvents: createIngestEvents(ports),
        queryEvents: createQueryEvents(ports),
        changeEvents: createChangeEvents(ports),
        ...files,
        manageInventory: createManageInventory({ inventory, accounts, finishPurges }),
        manageChildren: createManageChildren(inventory),
        deviceUser: createDeviceUser(ports),
        manageIdentity: createManageIdentity(inventory),
        ...createAccountCases(ports, provePassword),
        manageOptions: createManageOptions({ version: readServerVersion() }, limits),
        manageApplications: createManageApplications(ports),
        manageTenants: createManageTenants({ ...ports, finishPurges }),
        listApps: accounts.listApps,
        crossOrigin: { admitOrigin: createAdmitOrigin({ defaultTenant }, ports), authenticate },
        logIn: createLogIn(ports, provePassword),
        readTenant: accounts.readTenant,
        ...createKeepingCases(ports),
      },
      meter,
    ),
    createTenantDeviceProtocol(
      edge,
      {
        findReportingDevice: createFindReportingDevice(ports),
        reportEvent: createReportEvent(ports),
        readReceipt: createReadReceipt(ports),
      },
      meter,
    ),
    createAdministrationProtocol(edge, {
      tenants: createManageTenants({ ...ports, finishPurges }),
      apps: createManageApps(ports),
      keys: createManageKeys(ports),
      deletions: createManageDeletions({ accounts, inventory, events }),
      backups: createManageBackups(ports.backups),
      previewRetention: createPreviewRetention(ports),
      carryOutRetention,
    }),
    ...createHealthProtocols({ events, meter, phase, metricsToken }),
  ]
  return [...limits.withFields(protocols), ...describe(protocols, edge.baseUrl)]
}

const describe = (protocols: readonly Protocol[], baseUrl: BaseUrl): readonly Protocol[] => {
  const areas = protocols.flatMap((protocol) => protocol.areas)
  return createOpenApiProtocols({ baseUrl, areas, version: readServerVersion(), refuse })
}

/** Who may do what, changed in one turn for each tenant. */
const createAccountCases = (
  ports: Ports & { readonly inTurn: InTurn },
  provePassword: ProvePassword,
) => ({
  manageUsers: createManageUsers({ ...ports, provePassword }),
  manageGroups: createManageGroups(ports),
  manageInventoryRoles: createManageInventoryRoles(ports),
  manageDevicePermissions: createManageDevicePermissions(ports),
  registerDevices: createRegisterDevices(ports),
})

/** How long data are kept, and who changed what. */
const createKeepingCases = (ports: Ports) => ({
  manageRetention: createManageRetention(ports),
  manageAudit: createManageAudit(ports),
})
