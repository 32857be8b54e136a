import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import { roles } from '../../core/access.ts'
import type { TenantId } from '../../core/identity.ts'
import { createHttpServer } from '../../inbound/http/create-http-server.ts'
import { createMemoryAttachments } from '../../outbound/memory/attachments.ts'
import { createMemoryBackups } from '../../outbound/memory/backups.ts'
import { createMemoryEventStore } from '../../outbound/memory/event-store.ts'
import { createMemoryRegistry } from '../../outbound/memory/registry.ts'
import { createScryptPasswords } from '../../outbound/system/passwords.ts'
import { createPrometheusMeter } from '../../outbound/system/prometheus-meter.ts'
import { createSecrets } from '../../outbound/system/secrets.ts'
import { sampleStartMs, valueOf } from '../../ports/event-samples.contract.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Passwords } from '../../ports/passwords.ts'
import { decodeConfig } from '../decode-config.ts'
import { createCarryOutRetention } from '../../usecases/carry-out-retention.ts'
import { createFinishPurges } from '../../usecases/finish-purges.ts'
import { createFileCases } from '../create-file-cases.ts'
import { createProtocols } from '../create-protocols.ts'
import type { Ports } from '../create-protocols.ts'
import { decodeTenantId, decodeUserName } from '../../core/decode-identity.ts'
import { parseManagedObjectId } from '../../core/event-id.ts'
import { predefinedInventoryRoles } from '../../core/inventory-role.ts'

/** The server as it is wired for production, over memory, with every route it has. */
export type World = {
  readonly routes: readonly Route[]
  readonly send: (request: Sent) => Promise<LightMyRequestResponse>
  readonly ports: Ports
}

export type Route = { readonly method: string; readonly pattern: string }

export type Sent = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly json?: unknown
  /** A body that is no JSON, as it stands. */
  readonly text?: string | undefined
}

/** One of everything that a tenant can own, by the name of its identifier. */
export type Belongings = {
  readonly tenant: string
  readonly event: string
  readonly object: string
  /** A child of `object` in all three kinds. */
  readonly child: string
  readonly externalId: string
  readonly externalType: string
  readonly serial: string
  readonly user: string
  readonly role: string
  readonly group: string
  readonly groupName: string
  readonly inventoryRole: string
  readonly deviceRequest: string
  readonly optionCategory: string
  readonly optionKey: string
  readonly app: string
  readonly appName: string
  readonly keyPrefix: string
  readonly receipt: string
  readonly retentionRule: string
  readonly auditRecord: string
  /** The account that `giveRights` is for. */
  readonly holder: string
  /** Credentials: an administrator, an account without roles, one with rights on single objects, and an API key. */
  readonly credentials: Readonly<Record<'administrator' | 'nobody' | 'holder' | 'key', Headers>>
}

export type Headers = Readonly<Record<string, string>>

export const createWorld = async (
  passwords: Passwords = createScryptPasswords(),
): Promise<World> => {
  const clock = createRunningClock()
  const ports: Ports = {
    ...createMemoryRegistry(clock),
    events: createMemoryEventStore(clock),
    attachments: createMemoryAttachments(clock),
    backups: createMemoryBackups(clock),
    passwords,
    secrets: { ...createSecrets(), randomText: createCountedTexts() },
    clock,
    meter: createPrometheusMeter(),
  }
  const config = decodeConfig({ environment: {}, flags: {} })
  if (!config.ok) throw new Error('the defaults are a valid configuration')
  const finishPurges = createFinishPurges(ports)
  const carryOutRetention = createCarryOutRetention(ports)
  const jobs = { finishPurges, files: createFileCases(ports, finishPurges), carryOutRetention }
  const server = createHttpServer(
    { trustedProxies: [], logger: pino({ level: 'silent' }) },
    ports.meter,
    createProtocols(config.config, ports, jobs, () => 'running'),
  )
  const routes = collect(server)
  await server.ready()
  return { routes, ports, send: (request) => inject(server, request) }
}

/** Never the same millisecond twice, so that no two things of any kind share an id. */
const createRunningClock = (): Clock => {
  let nowMs = sampleStartMs
  return { nowMs: () => (nowMs += 1) }
}

/** Two worlds make the same texts, so that their answers can be compared. */
const createCountedTexts = (): ((bytes: number) => string) => {
  let made = 0
  return (bytes) => {
    made += 1
    return `made${made}`.padEnd(bytes, '_')
  }
}

const collect = (server: FastifyInstance): readonly Route[] => {
  const routes: Route[] = []
  server.addHook('onRoute', ({ method, url }) => {
    for (const each of Array.isArray(method) ? method : [method]) {
      routes.push({ method: each, pattern: url })
    }
  })
  return routes
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

const decodeMethod = (text: string): Method => {
  const method = (['GET', 'POST', 'PUT', 'DELETE'] as const).find((each) => each === text)
  if (method === undefined) throw new Error(`say in this test what a ${text} needs`)
  return method
}

const inject = (
  server: FastifyInstance,
  { method, url, headers, json, text }: Sent,
): Promise<LightMyRequestResponse> =>
  server.inject({
    method: decodeMethod(method),
    url,
    headers: { host: 'belfry.test', accept: 'application/json', ...headers },
    ...(json === undefined ? {} : { payload: JSON.stringify(json) }),
    ...(text === undefined ? {} : { payload: text }),
  })

/** Settles a tenant with one of everything. */
export const settle = async (world: World, name: string): Promise<Belongings> => {
  const tenant = decodeTenantId(name)
  if (tenant === undefined) throw new Error(`${name} can be a tenant`)
  const { accounts } = world.ports
  valueOf(await accounts.createTenant({ id: tenant, name, domain: name, state: 'active' }, []))
  const administrator = await addUser(world, tenant, `${name}-admin`, true)
  const nobody = await addUser(world, tenant, `${name}-nobody`, false)
  const holder = await addUser(world, tenant, `${name}-holder`, false)
  const call = async (method: string, url: string, json: unknown, headers = administrator) =>
    (
      await world.send({
        method,
        url,
        headers: { 'content-type': 'application/json', ...headers },
        json,
      })
    ).json<Record<string, string>>()
  const object = await call('POST', '/inventory/managedObjects', { name: `${name} device` })
  const id = text(object, 'id')
  const child = await call('POST', '/inventory/managedObjects', { name: `${name} child` })
  for (const list of ['childDevices', 'childAssets', 'childAdditions']) {
    const reference = { managedObject: { id: text(child, 'id') } }
    await call('POST', `/inventory/managedObjects/${id}/${list}`, reference)
  }
  const serial = { type: 'c8y_Serial', externalId: `${name}-serial` }
  await call('POST', `/identity/globalIds/${id}/externalIds`, serial)
  const event = await call('POST', '/event/events', {
    source: { id },
    type: 'door',
    text: `${name} door`,
    time: '2026-02-01T10:00:00Z',
  })
  const groupName = `${name}-group`
  const group = await call('POST', `/user/${name}/groups`, { name: groupName })
  const inventoryRole = await call('POST', '/user/inventoryroles', {
    name: `${name}-inventory-role`,
    permissions: [{ scope: 'EVENT', type: '*', permission: 'READ' }],
  })
  const retentionRule = await call('POST', '/retention/retentions', { maximumAge: 7 })
  const auditRecord = await call('POST', '/audit/auditRecords', {
    type: 'Event',
    activity: `${name} checked`,
    text: `${name} by hand`,
    source: { id },
    time: '2026-02-01T10:00:00Z',
  })
  const deviceRequest = `${name}-new-device`
  await call('POST', '/devicecontrol/newDeviceRequests', { id: deviceRequest })
  const option = { category: `${name}-category`, key: `${name}-key`, value: `${name} value` }
  await call('POST', '/tenant/options', option)
  const app = await call('POST', `/belfry/v1/tenants/${name}/apps`, { name: `${name}-app` })
  const key = await call('POST', `/belfry/v1/tenants/${name}/keys`, { name: 'key' })
  const keyHeaders = { 'x-api-key': text(key, 'key') }
  const receipt = await call(
    'POST',
    `/rest/v1/api/tenants/${name}/devices/${id}/events`,
    report(text(app, 'id')),
    { ...keyHeaders, prefer: 'respond-async' },
  )
  return {
    tenant: name,
    event: text(event, 'id'),
    object: id,
    child: text(child, 'id'),
    externalId: serial.externalId,
    externalType: serial.type,
    serial: `sn-!-${serial.externalId}`,
    user: `${name}-nobody`,
    role: 'ROLE_EVENT_READ',
    group: String(group['id']),
    groupName,
    inventoryRole: String(inventoryRole['id']),
    deviceRequest,
    optionCategory: option.category,
    optionKey: option.key,
    app: text(app, 'id'),
    appName: `${name}-app`,
    keyPrefix: text(key, 'prefix'),
    receipt: text(receipt, 'receipt'),
    retentionRule: text(retentionRule, 'id'),
    auditRecord: text(auditRecord, 'id'),
    holder: `${name}-holder`,
    credentials: { administrator, nobody, holder, key: keyHeaders },
  }
}

/** Lets the tenant's holder read its `object` and all below it, and gives it everything on and below `other`. */
export const giveRights = async (
  { ports }: World,
  { tenant, holder, object }: Belongings,
  other: string,
): Promise<void> => {
  const home = decodeTenantId(tenant)
  const name = decodeUserName(holder)
  const [own, named] = [parseManagedObjectId(object), parseManagedObjectId(other)]
  if (!home || !name || !own || !named) throw new Error('the holder and the objects have names')
  const [everything, reading] = predefinedInventoryRoles
  if (!everything || !reading) throw new Error('two roles are always there')
  const rights = {
    devicePermissions: { [other]: ['*:*:*'] },
    assignments: [
      { id: 1, object: own, roles: [reading.id] },
      { id: 2, object: named, roles: [everything.id] },
    ],
  }
  const rest = { passwordHash: undefined, enabled: undefined, roles: undefined, profile: undefined }
  valueOf(await ports.accounts.changeUser(home, name, { ...rest, ...rights }))
}

export const report = (appId: string): Record<string, unknown> => ({
  typeId: 'door',
  description: '',
  appId,
  severity: 3,
  data: { open: true },
  timestamp: 1_440_014_969_567,
})

const text = (body: Record<string, string>, name: string): string => {
  const value = body[name]
  if (value === undefined) throw new Error(`no ${name} in ${JSON.stringify(body)}`)
  return value
}

const addUser = async (
  { ports }: World,
  tenant: TenantId,
  account: string,
  isAdministrator: boolean,
): Promise<Headers> => {
  const name = decodeUserName(account)
  if (name === undefined) throw new Error(`${account} can be a user`)
  const user = {
    tenant,
    name,
    passwordHash: await ports.passwords.hash('password'),
    enabled: true,
    roles: isAdministrator ? [...roles] : [],
    profile: {},
  }
  valueOf(await ports.accounts.createUser(user))
  const credentials = Buffer.from(`${tenant}/${account}:password`).toString('base64')
  return { authorization: `Basic ${credentials}` }
}
