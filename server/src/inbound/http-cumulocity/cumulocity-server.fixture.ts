import type { LightMyRequestResponse } from 'fastify'
import { roles } from '../../core/access.ts'
import type { Role } from '../../core/access.ts'
import type { ManagedObjectId, TenantId, UserName } from '../../core/identity.ts'
import { valueOf } from '../../ports/event-samples.contract.ts'
import { createTestServer } from '../test-server.fixture.ts'
import type { TestServer, TestServerParts } from '../test-server.fixture.ts'

/** The password of every user, and its scrypt hash at the lowest cost: these tests are not about its slowness. */
export const testPassword = 'open-sesame'
const passwordHash =
  'scrypt$2$8$1$c2FsdC1vZi10aGUtdGVzdHM$ynaJByINDWX26QpPl5nATgX8S0M6KZlSSsZBgK4i4u0'

/**
 * The Cumulocity dialect over the memory adapters, without a socket. Tenants `t1`, `t2` and the suspended
 * `t3` each have the users `admin` (every role), `reader` (READ roles only), `writer`
 * (ROLE_EVENT_ADMIN only), `nobody` (no role) and `device_1` (no role, owner of `owned`).
 */
export type CumulocityServer = {
  readonly house: TestServer
  readonly t1: TestTenant
  readonly t2: TestTenant
  /** As `t1/admin` with `Accept: application/json` unless `as` and `headers` say otherwise. */
  readonly send: (method: Method, path: string, options?: Sent) => Promise<LightMyRequestResponse>
  /** Creates an event of the `door` of `t1`, and answers its id. */
  readonly createEvent: (members?: Readonly<Record<string, unknown>>) => Promise<string>
}

export type TestTenant = {
  readonly id: TenantId
  /** Type `lock`, name `Door`, external id `c8y_Serial`/`door-1`, owned by `admin`. */
  readonly door: ManagedObjectId
  /** Type `pump`, name `Pump`, external id `c8y_Serial`/`pump-1`, owned by `device_1`. */
  readonly owned: ManagedObjectId
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'HEAD' | 'OPTIONS'

export type Sent = {
  /** A user as `tenant/name`, a whole Authorization header, or null for none. */
  readonly as?: string | null
  /** Come on top of `Accept: application/json`; an undefined value leaves a header out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** A text or buffer is sent as it is, anything else as JSON. */
  readonly body?: unknown
}

export const createCumulocityServer = async (
  parts: TestServerParts = {},
): Promise<CumulocityServer> => {
  const house = createTestServer(parts)
  const t1 = await addTenant(house, 't1' as TenantId)
  const t2 = await addTenant(house, 't2' as TenantId)
  const { id: t3 } = await addTenant(house, 't3' as TenantId)
  valueOf(await house.registry.accounts.changeTenantState(t3, 'suspended'))
  const send: CumulocityServer['send'] = (method, url, sent = {}) =>
    house.send({ method, url, headers: headersOf(sent), ...payloadOf(sent.body) })
  const createEvent: CumulocityServer['createEvent'] = async (members = {}) => {
    const answer = await send('POST', '/event/events', { body: eventBody(t1.door, members) })
    if (answer.statusCode !== 201) throw new Error(answer.body)
    return answer.json<{ readonly id: string }>().id
  }
  return { house, t1, t2, send, createEvent }
}

/** An event as a client sends it. */
export const eventBody = (
  source: number | string,
  members: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  source: { id: String(source) },
  type: 'demo_DoorEvent',
  text: 'Door opened',
  time: '2026-02-01T10:00:00.000+01:00',
  ...members,
})

/** The header of a user, for example `basic('t1/admin')`. */
export const basic = (account: string, password = testPassword): string =>
  `Basic ${Buffer.from(`${account}:${password}`).toString('base64')}`

const rolesOf = {
  admin: roles,
  reader: ['ROLE_EVENT_READ', 'ROLE_INVENTORY_READ', 'ROLE_IDENTITY_READ'],
  writer: ['ROLE_EVENT_ADMIN'],
  nobody: [],
  device_1: [],
} satisfies Record<string, readonly Role[]>

const addTenant = async (house: TestServer, tenant: TenantId): Promise<TestTenant> => {
  await house.addTenant(tenant)
  for (const [name, granted] of Object.entries<readonly Role[]>(rolesOf)) {
    const user = { tenant, name: name as UserName, passwordHash, enabled: true, roles: granted }
    valueOf(await house.registry.accounts.createUser({ ...user, profile: {} }))
  }
  const door = await addDevice(house, tenant, { name: 'Door', type: 'lock', owner: 'admin' })
  const owned = await addDevice(house, tenant, { name: 'Pump', type: 'pump', owner: 'device_1' })
  return { id: tenant, door, owned }
}

const addDevice = async (
  { registry }: TestServer,
  tenant: TenantId,
  { name, type, owner }: { readonly name: string; readonly type: string; readonly owner: string },
): Promise<ManagedObjectId> => {
  const serial = { type: 'c8y_Serial', externalId: `${name.toLowerCase()}-1` }
  const fragments = [{ name: 'c8y_IsDevice', value: '{}' }]
  const drafts = [{ name, type, fragments, externalIds: [serial] }]
  const created = await registry.inventory.createObjects(tenant, owner as UserName, drafts)
  const [device] = valueOf(created)
  if (device === undefined) throw new Error('one draft makes one object')
  return device.id
}

const headersOf = ({ as = 't1/admin', headers = {}, body }: Sent): Record<string, string> => {
  const all = {
    accept: 'application/json',
    authorization: as === null ? undefined : authorizationOf(as),
    'content-type': body === undefined ? undefined : 'application/json',
    ...headers,
  }
  const sent = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return Object.fromEntries(sent)
}

const authorizationOf = (as: string): string => (as.includes(' ') ? as : basic(as))

const payloadOf = (body: unknown): { readonly body?: string | Buffer } => {
  if (body === undefined) return {}
  return { body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }
}
