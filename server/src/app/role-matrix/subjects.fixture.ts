import type { Role } from '../../core/access.ts'
import { decodeTenantId, decodeUserName } from '../../core/decode-identity.ts'
import { parseManagedObjectId } from '../../core/event-id.ts'
import type { ManagedObjectId, TenantId, UserName } from '../../core/identity.ts'
import { defaultRetentionRule } from '../../core/retention.ts'
import { valueOf } from '../../ports/event-samples.contract.ts'
import type { Headers, Sent, World } from '../isolation/world.fixture.ts'
import { report } from '../isolation/world.fixture.ts'

/** What the requests of the role matrix are about. `object` has `child` and `file` below it, and is below `parent`. */
export type Subjects = {
  readonly parent: ManagedObjectId
  readonly object: ManagedObjectId
  readonly child: ManagedObjectId
  readonly file: ManagedObjectId
  readonly other: ManagedObjectId
  /** Texts by the name under which a request needs them. */
  readonly named: Readonly<Record<SubjectName, string>>
}

export type SubjectName =
  | 'event'
  | 'eventWithoutFile'
  | 'serial'
  | 'someone'
  | 'group'
  | 'groupName'
  | 'inventoryRole'
  | 'waitingDevice'
  | 'acceptedDevice'
  | 'app'
  | 'keyPrefix'
  | 'receipt'
  | 'retentionRule'
  | 'auditRecord'
  | 'spareTenant'
  /** Never the same twice, for what is to be made. */
  | 'fresh'

export const home = known(decodeTenantId('t1'))
/** Named like the user of a device, so that it is one. */
export const owner = known(decodeUserName('device_owner'))
export const administrator = known(decodeUserName('admin'))
export const serialType = 'c8y_Serial'
export const password = 'open-sesame'

/** Of `password` at the lowest cost: this is not about its slowness. */
const passwordHash =
  'scrypt$2$8$1$c2FsdC1vZi10aGUtdGVzdHM$ynaJByINDWX26QpPl5nATgX8S0M6KZlSSsZBgK4i4u0'

export const addUser = async (
  { ports }: World,
  tenant: TenantId,
  name: UserName,
  roles: readonly Role[],
): Promise<void> => {
  valueOf(
    await ports.accounts.createUser({
      tenant,
      name,
      passwordHash,
      enabled: true,
      roles,
      profile: {},
    }),
  )
}

export const basic = (tenant: TenantId, name: UserName, shown = password): Headers => ({
  authorization: `Basic ${Buffer.from(`${tenant}/${name}:${shown}`).toString('base64')}`,
})

export function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it must be a valid name')
  return value
}

/** A new set each time; the objects below `object` and the file are the owner's too. */
export const createSettle = (world: World): (() => Promise<Subjects>) => {
  let sets = 0
  return () => {
    sets += 1
    return settle(world, `n${sets}`)
  }
}

const settle = async (world: World, fresh: string): Promise<Subjects> => {
  const call = caller(world)
  const object = async (name: string, by: UserName): Promise<ManagedObjectId> => {
    const made = { name, owner: by, c8y_IsDevice: {} }
    return objectId(await call('POST', '/inventory/managedObjects', { json: made }))
  }
  const objects = {
    parent: await object('parent', administrator),
    object: await object('object', owner),
    child: await object('child', owner),
    file: objectId(await call('POST', '/inventory/binaries', fileOf(owner))),
    other: await object('other', administrator),
  }
  await link(call, objects)
  const events = await addEvents(call, objects.object)
  const accounts = await addAccounts(world, call, fresh)
  const devices = await addDevices(call, fresh)
  const serial = { type: serialType, externalId: fresh }
  await call('POST', `/identity/globalIds/${objects.object}/externalIds`, { json: serial })
  const option = { category: 'system', key: 'version', value: 'own' }
  await call('POST', '/tenant/options', { json: option })
  const programs = await addPrograms(call, objects.object)
  const retentionRule = await findRule(world)
  const record = await call('POST', '/audit/auditRecords', { json: sampleRecord })
  const auditRecord = textOf(record, 'id')
  const spareTenant = `spare-${fresh}`
  const spare = known(decodeTenantId(spareTenant))
  const tenant = { id: spare, name: spareTenant, domain: spareTenant, state: 'active' } as const
  valueOf(await world.ports.accounts.createTenant(tenant, []))
  const named = {
    ...events,
    ...accounts,
    ...devices,
    ...programs,
    retentionRule,
    auditRecord,
    spareTenant,
    fresh,
  }
  return { ...objects, named: { ...named, serial: fresh } }
}

export const sampleRecord = {
  type: 'Event',
  activity: 'Door checked',
  text: 'by hand',
  source: { id: '12' },
  time: '2026-02-01T10:00:00Z',
}

/** Any that is there: a tenant has only so many. */
const findRule = async ({ ports }: World): Promise<string> => {
  const { accounts } = ports
  const [first] = valueOf(await accounts.listRetentionRules(home))
  const rule = { ...defaultRetentionRule, tenant: home }
  return String((first ?? valueOf(await accounts.createRetentionRule(rule))).id)
}

type Call = (
  method: string,
  url: string,
  request: Pick<Sent, 'json' | 'text'> & { readonly headers?: Headers },
) => Promise<Readonly<Record<string, unknown>>>

const caller =
  (world: World): Call =>
  async (method, url, { headers = {}, ...body }) => {
    const type = { 'content-type': 'application/json' }
    const credentials = basic(home, administrator)
    const answer = await world.send({
      method,
      url,
      headers: { ...type, ...credentials, ...headers },
      ...body,
    })
    if (answer.statusCode >= 300) throw new Error(`${method} ${url}: ${answer.body}`)
    return answer.body === '' ? {} : answer.json<Record<string, unknown>>()
  }

const objectId = (body: Readonly<Record<string, unknown>>): ManagedObjectId =>
  known(parseManagedObjectId(textOf(body, 'id')))

const textOf = (body: Readonly<Record<string, unknown>>, name: string): string => {
  const value = body[name]
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new Error(`no ${name} in ${JSON.stringify(body)}`)
  }
  return String(value)
}

const fileOf = (by: UserName) => ({
  headers: { 'content-type': 'multipart/form-data; boundary=b' },
  text: [
    '--b\r\ncontent-disposition: form-data; name="object"\r\n\r\n',
    JSON.stringify({ name: 'file', owner: by }),
    '\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="file.txt"\r\n\r\n',
    'text\r\n--b--\r\n',
  ].join(''),
})

const link = async (
  call: Call,
  { parent, object, child, file }: Omit<Subjects, 'named'>,
): Promise<void> => {
  const add = (to: ManagedObjectId, list: string, id: ManagedObjectId) =>
    call('POST', `/inventory/managedObjects/${to}/${list}`, {
      json: { managedObject: { id: String(id) } },
    })
  await add(parent, 'childAssets', object)
  await add(object, 'childAssets', file)
  for (const list of ['childDevices', 'childAssets', 'childAdditions']) {
    await add(object, list, child)
  }
}

const addEvents = async (call: Call, source: ManagedObjectId) => {
  const add = async () => {
    const event = {
      source: { id: String(source) },
      type: 'door',
      text: '',
      time: '2026-02-01T10:00:00Z',
    }
    return textOf(await call('POST', '/event/events', { json: event }), 'id')
  }
  const event = await add()
  const file = { text: 'text', headers: { 'content-type': 'text/plain' } }
  await call('POST', `/event/events/${event}/binaries`, file)
  return { event, eventWithoutFile: await add() }
}

/** Somebody who has a role, a group and an inventory role to lose; and a group that has a role. */
const addAccounts = async (world: World, call: Call, fresh: string) => {
  const [someone, groupName] = [`someone-${fresh}`, `group-${fresh}`]
  await addUser(world, home, known(decodeUserName(someone)), ['ROLE_EVENT_READ'])
  const groups = `/user/${home}/groups`
  const group = textOf(await call('POST', groups, { json: { name: groupName } }), 'id')
  const role = { self: 'https://belfry.test/user/roles/ROLE_EVENT_READ' }
  await call('POST', `${groups}/${group}/roles`, { json: { role } })
  const self = `https://belfry.test/user/${home}/users/${someone}`
  await call('POST', `${groups}/${group}/users`, { json: { user: { self } } })
  const permissions = [{ scope: 'EVENT', type: '*', permission: 'READ' }]
  const draft = { name: `role-${fresh}`, permissions }
  const inventoryRole = textOf(await call('POST', '/user/inventoryroles', { json: draft }), 'id')
  const device = await call('POST', '/inventory/managedObjects', { json: { name: 'device' } })
  const assignment = { managedObject: device['id'], roles: [{ id: Number(inventoryRole) }] }
  await call('POST', `/user/${home}/users/${someone}/roles/inventory`, { json: assignment })
  return { someone, group, groupName, inventoryRole }
}

const addDevices = async (call: Call, fresh: string) => {
  const requests = '/devicecontrol/newDeviceRequests'
  const waitingDevice = `waiting-${fresh}`
  const acceptedDevice = `accepted-${fresh}`
  for (const id of [waitingDevice, acceptedDevice]) await call('POST', requests, { json: { id } })
  await call('PUT', `${requests}/${acceptedDevice}`, { json: { status: 'ACCEPTED' } })
  return { waitingDevice, acceptedDevice }
}

const addPrograms = async (call: Call, device: ManagedObjectId) => {
  const tenant = `/belfry/v1/tenants/${home}`
  const app = textOf(await call('POST', `${tenant}/apps`, { json: { name: 'app' } }), 'id')
  const key = await call('POST', `${tenant}/keys`, { json: { name: 'key' } })
  const url = `/rest/v1/api/tenants/${home}/devices/${device}/events`
  const headers = { prefer: 'respond-async' }
  const accepted = await call('POST', url, { json: report(app), headers })
  const receipt = textOf(accepted, 'receipt')
  return { app, keyPrefix: textOf(key, 'prefix'), receipt }
}
