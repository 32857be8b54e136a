import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import type { Role } from '../core/access.ts'
import type { ManagedObjectId, TenantId, UserName } from '../core/identity.ts'
import type { ExternalId } from '../core/managed-object.ts'
import { createMemoryAttachments } from '../outbound/memory/attachments.ts'
import { createMemoryEventStore } from '../outbound/memory/event-store.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import type { Registry } from '../outbound/memory/registry.ts'
import { createPrometheusMeter } from '../outbound/system/prometheus-meter.ts'
import { createScryptPasswords } from '../outbound/system/passwords.ts'
import { createSecrets } from '../outbound/system/secrets.ts'
import { createStepClock, sampleStartMs, valueOf } from '../ports/event-samples.contract.ts'
import type { StepClock } from '../ports/event-samples.contract.ts'
import type { Attachments } from '../ports/attachments.ts'
import type { EventStore } from '../ports/event-store.ts'
import type { Meter } from '../ports/meter.ts'
import type { Passwords } from '../ports/passwords.ts'
import type { Secrets } from '../ports/secrets.ts'
import { createAttachToEvents } from '../usecases/attach-to-events.ts'
import { createAuthenticate } from '../usecases/authenticate.ts'
import { createChangeEvents } from '../usecases/change-events.ts'
import { createFindReportingDevice } from '../usecases/find-reporting-device.ts'
import { createInTurn } from '../usecases/in-turn.ts'
import { createIngestEvents } from '../usecases/ingest-events.ts'
import { createFinishPurges } from '../usecases/finish-purges.ts'
import { createLogIn } from '../usecases/log-in.ts'
import { createDeviceUser } from '../usecases/device-user.ts'
import { createManageChildren } from '../usecases/manage-children.ts'
import { createManageInventoryRoles } from '../usecases/manage-inventory-roles.ts'
import { createManageGroups } from '../usecases/manage-groups.ts'
import { createManageAudit } from '../usecases/manage-audit.ts'
import { createManageRetention } from '../usecases/manage-retention.ts'
import { createRegisterDevices } from '../usecases/register-devices.ts'
import { createManageIdentity } from '../usecases/manage-identity.ts'
import { createManageInventory } from '../usecases/manage-inventory.ts'
import { createManageDevicePermissions } from '../usecases/manage-device-permissions.ts'
import { createManageApplications } from '../usecases/manage-applications.ts'
import { createManageTenants } from '../usecases/manage-tenants.ts'
import { createAdmitOrigin } from '../usecases/admit-origin.ts'
import { createManageOptions } from '../usecases/manage-options.ts'
import { createManageUsers } from '../usecases/manage-users.ts'
import { createProvePassword } from '../usecases/prove-password.ts'
import { createQueryEvents } from '../usecases/query-events.ts'
import { createReadReceipt } from '../usecases/read-receipt.ts'
import { rememberPasswords } from '../usecases/remember-passwords.ts'
import { createReportEvent } from '../usecases/report-event.ts'
import { removeWithEvents, removeWithObjects } from '../usecases/remove-attachments.ts'
import { createStoreFiles } from '../usecases/store-files.ts'
import { createTransferSlots } from '../usecases/transfer-slots.ts'
import { createUploadInChunks } from '../usecases/upload-in-chunks.ts'
import type { UploadInChunks } from '../usecases/upload-in-chunks.ts'
import { createCumulocityProtocol } from './http-cumulocity/create-cumulocity-protocol.ts'
import { cumulocityAreas } from './http-cumulocity/cumulocity-areas.ts'
import { createCheckAnswer } from './http-openapi/answer-check.fixture.ts'
import { encodeOpenApi } from './http-openapi/encode-openapi.ts'
import { createTenantDeviceProtocol } from './http-tenant-device/create-tenant-device-protocol.ts'
import { tenantDeviceArea } from './http-tenant-device/tenant-device-area.ts'
import { createBaseUrl } from './http/base-url.ts'
import { createHttpServer } from './http/create-http-server.ts'
import { createDecodeCredentials } from './http/decode-credentials.ts'
import { createBodyReader } from './http/read-body.ts'

/** The address that every link begins with when a request is injected. */
export const testBase = 'http://belfry.test'

/** What the server says its version is. */
export const testVersion = '1.2.3'

export type TestRequest = {
  readonly method: NonNullable<InjectOptions['method']>
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/** Both dialects over memory adapters, without a socket. */
export type TestServer = {
  readonly send: (request: TestRequest) => Promise<LightMyRequestResponse>
  /** For what only a socket shows. Whoever listens closes. */
  readonly server: FastifyInstance
  readonly registry: Registry
  readonly events: EventStore
  readonly attachments: Attachments
  readonly uploadInChunks: UploadInChunks
  readonly clock: StepClock
  readonly meter: Meter
  /** `domain` and `name` are the id. */
  readonly addTenant: (tenant: TenantId) => Promise<void>
  /** Answers an Authorization header; the password is `<name>-password`. */
  readonly addUser: (
    tenant: TenantId,
    name: string,
    roles: readonly Role[],
  ) => Promise<Readonly<Record<string, string>>>
  readonly addDevice: (
    tenant: TenantId,
    owner: string | undefined,
    ...externalIds: readonly ExternalId[]
  ) => Promise<ManagedObjectId>
  /** Its key is `<id>-key`. */
  readonly addApp: (tenant: TenantId, id: string) => Promise<void>
  /** Answers the whole key. */
  readonly addKey: (tenant: TenantId, limits?: KeyLimits) => Promise<string>
}

export type KeyLimits = {
  readonly devices?: readonly ManagedObjectId[]
  readonly allTenants?: boolean
  readonly expiresMs?: number
}

export type TestServerParts = {
  /** Puts something around the memory store, for example a store that is behind. */
  readonly surround?: (events: EventStore) => EventStore
  readonly publicUrl?: string
  readonly trustedProxies?: readonly string[]
}

export const createTestServer = ({
  surround = (events) => events,
  publicUrl,
  trustedProxies = [],
}: TestServerParts = {}): TestServer => {
  const clock = createStepClock(sampleStartMs)
  const attachments = createMemoryAttachments(clock)
  const memory = createMemoryRegistry(clock)
  const inventory = removeWithObjects(memory.inventory, attachments, () => undefined)
  const registry = { ...memory, inventory }
  const stored = removeWithEvents(createMemoryEventStore(clock), attachments, () => undefined)
  const events = surround(stored)
  const secrets = createSecrets()
  const passwords = rememberPasswords(createScryptPasswords(), secrets)
  const meter = createPrometheusMeter()
  const ports = { events, attachments, clock, meter, ...registry }
  const files = { ...ports, inTurn: createInTurn(), slots: createTransferSlots(8, 4) }
  const accountPorts = { ...registry, inTurn: createInTurn() }
  const uploadInChunks = createUploadInChunks(files)
  const finishPurges = createFinishPurges(ports)
  const manageInventory = createManageInventory({ ...ports, finishPurges })
  const proofPorts = { ...ports, secrets, passwords }
  const provePassword = createProvePassword({ defaultTenant: undefined }, proofPorts)
  const exchange = {
    decodeCredentials: createDecodeCredentials(),
    authenticate: createAuthenticate({ defaultTenant: undefined }, proofPorts, provePassword),
    baseUrl: createBaseUrl(publicUrl),
    bodies: createBodyReader(),
  }
  const cumulocity = createCumulocityProtocol(
    exchange,
    {
      ingestEvents: createIngestEvents(ports),
      queryEvents: createQueryEvents(ports),
      changeEvents: createChangeEvents(ports),
      attachToEvents: createAttachToEvents(files, createQueryEvents(ports)),
      uploadInChunks,
      manageInventory,
      storeFiles: createStoreFiles({ ...files, manageInventory }),
      manageChildren: createManageChildren(registry.inventory),
      deviceUser: createDeviceUser(ports),
      manageIdentity: createManageIdentity(registry.inventory),
      manageUsers: createManageUsers({ ...proofPorts, ...accountPorts, provePassword }),
      manageGroups: createManageGroups(accountPorts),
      manageInventoryRoles: createManageInventoryRoles(accountPorts),
      registerDevices: createRegisterDevices({ ...proofPorts, ...accountPorts }),
      manageOptions: createManageOptions({ version: testVersion }, registry),
      manageDevicePermissions: createManageDevicePermissions(accountPorts),
      manageApplications: createManageApplications({ ...proofPorts, ...accountPorts }),
      manageTenants: createManageTenants({ ...proofPorts, finishPurges }),
      listApps: registry.accounts.listApps,
      crossOrigin: {
        admitOrigin: createAdmitOrigin({ defaultTenant: undefined }, registry),
        authenticate: exchange.authenticate,
      },
      logIn: createLogIn(proofPorts, provePassword),
      readTenant: registry.accounts.readTenant,
      manageRetention: createManageRetention(registry),
      manageAudit: createManageAudit(registry),
    },
    meter,
  )
  const tenantDevice = createTenantDeviceProtocol(
    exchange,
    {
      findReportingDevice: createFindReportingDevice(ports),
      reportEvent: createReportEvent(ports),
      readReceipt: createReadReceipt(ports),
    },
    meter,
  )
  const config = { trustedProxies, logger: pino({ level: 'silent' }) }
  const server = createHttpServer(config, meter, [cumulocity, tenantDevice])
  return {
    send: async ({ method, url, headers, body }) => {
      const answer = await server.inject({
        method,
        url,
        headers: { host: 'belfry.test', ...headers },
        ...(body === undefined ? {} : { payload: body }),
      })
      expectDescribed(methodOf(method, url, headers?.['x-http-method']), url, answer)
      return answer
    },
    server,
    registry,
    events,
    attachments,
    uploadInChunks,
    clock,
    meter,
    ...createAdders(registry, passwords, secrets),
  }
}

/** Made of the areas alone, which are the same in every server: once for all of them. */
const checkAnswer = createCheckAnswer(
  encodeOpenApi([...cumulocityAreas, tenantDeviceArea], { version: '0', base: testBase }),
)

/** As the server takes it: a POST may ask to be something else, save in the tenant-device dialect. */
const methodOf = (method: string, url: string, override = ''): string => {
  const isAsked = method === 'POST' && override !== '' && !url.startsWith('/rest/')
  return (isAsked ? override : method).trim().toUpperCase()
}

/** Every answer of every golden test must be as the description says (`/openapi.json`). */
const expectDescribed = (method: string, url: string, answer: LightMyRequestResponse): void => {
  const problem = checkAnswer({
    method,
    path: url,
    status: answer.statusCode,
    contentType: answer.headers['content-type']?.toString(),
    body: answer.body,
  })
  if (problem !== undefined) throw new Error(problem)
}

type Adders = Pick<TestServer, 'addTenant' | 'addUser' | 'addDevice' | 'addApp' | 'addKey'>

const createAdders = (
  { accounts, inventory }: Registry,
  passwords: Passwords,
  secrets: Secrets,
): Adders => ({
  addTenant: async (id) => {
    valueOf(await accounts.createTenant({ id, name: id, domain: id, state: 'active' }, []))
  },
  addUser: async (tenant, name, roles) => {
    const password = `${name}-password`
    const passwordHash = await passwords.hash(password)
    const user = { tenant, name: name as UserName, passwordHash, enabled: true, roles, profile: {} }
    valueOf(await accounts.createUser(user))
    const credentials = Buffer.from(`${tenant}/${name}:${password}`).toString('base64')
    return { authorization: `Basic ${credentials}` }
  },
  addDevice: async (tenant, owner, ...externalIds) => {
    const draft = { name: 'Front door', type: 'c8y_Door', fragments: [], externalIds }
    const created = await inventory.createObjects(
      tenant,
      owner === undefined ? undefined : (owner as UserName),
      [draft],
    )
    const [device] = valueOf(created)
    if (device === undefined) throw new Error('one draft makes one device')
    return device.id
  },
  addApp: async (tenant, id) => {
    valueOf(await accounts.createApp({ tenant, id, name: id, key: `${id}-key` }))
  },
  addKey: async (tenant, { devices, allTenants = false, expiresMs } = {}) => {
    const { key, prefix, hash } = secrets.createApiKey()
    const kept = { tenant, prefix, hash, name: prefix, allTenants, devices, expiresMs }
    valueOf(await accounts.createKey(kept))
    return key
  },
})
