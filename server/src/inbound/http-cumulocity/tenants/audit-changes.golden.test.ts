import { beforeEach, expect, it } from 'vitest'
import { roles } from '../../../core/access.ts'
import { managementTenant } from '../../../core/identity.ts'
import { wrongPasswordsMax } from '../../../core/limits.ts'
import { basic, createCumulocityServer, testPassword } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer, Method } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 6.7: which changes the server itself writes a record about. */
let server: CumulocityServer
let operator: string
let bootstrap: string

type Call = readonly [method: Method, path: string, body?: unknown]

/** The calls one after the other, of which the last leaves the record. */
type Case = readonly [
  activity: string,
  calls: readonly Call[],
  record: Readonly<Record<string, unknown>>,
]

const secret = 'never-to-be-shown'

const users = '/user/t1/users'
const groups = '/user/t1/groups'
const reader = `${users}/reader`
const role = { role: { id: 'ROLE_AUDIT_READ' } }
const ann = { userName: 'ann', password: secret }
const keepers: Call = ['POST', groups, { name: 'keepers' }]
const option = { category: 'door', key: 'credentials.code', value: secret }
const options = '/tenant/options'
const request: Call = ['POST', '/devicecontrol/newDeviceRequests', { id: 'serial-1' }]
const accepted: Call = [
  'PUT',
  '/devicecontrol/newDeviceRequests/serial-1',
  { status: 'ACCEPTED', securityToken: secret },
]
const asking = (securityToken: string): Call => [
  'POST',
  '/devicecontrol/deviceCredentials',
  { id: 'serial-1', securityToken },
]
const retention = '/retention/retentions'
const application = { key: secret, name: 'app', type: 'EXTERNAL' }
const applications = '/application/applications'
const inventoryRoles = '/user/inventoryroles'
const visitor: Call = ['POST', inventoryRoles, { name: 'visitor', permissions: [] }]
const assigned: Call = [
  'POST',
  `${users}/nobody/roles/inventory`,
  { managedObject: '{door}', roles: [{ name: 'Reader' }] },
]
const permitted = { users: [{ userName: 'nobody', devicePermissions: { '{door}': ['*:*:*'] } }] }
const door = '/inventory/managedObjects/{door}'

const change = (attribute: string, previousValue: string, newValue: string) => ({
  changes: [{ attribute, previousValue, newValue, type: 'String', changeType: 'REPLACED' }],
})

const ofReader = (activity: string) => ({
  type: 'User',
  text: `${activity}: reader`,
  source: { id: 'reader' },
})

const readerRoles = 'ROLE_EVENT_READ, ROLE_INVENTORY_READ, ROLE_IDENTITY_READ'
const moreRoles = `${readerRoles}, ROLE_AUDIT_READ`

/** `{id}` stands for the id that the call before it made, `{door}` for a device. */
const ofTenant: readonly Case[] = [
  [
    'User created',
    [['POST', users, ann]],
    { type: 'User', text: 'User created: ann', source: { id: 'ann' } },
  ],
  [
    'User changed',
    [['PUT', reader, { enabled: false, phone: secret }]],
    { ...ofReader('User changed'), ...change('enabled', 'true', 'false') },
  ],
  [
    'User changed',
    [['POST', `${reader}/roles`, role]],
    { ...ofReader('User changed'), ...change('roles', readerRoles, moreRoles) },
  ],
  [
    'User changed',
    [
      ['POST', `${reader}/roles`, role],
      ['DELETE', `${reader}/roles/ROLE_AUDIT_READ`],
    ],
    { ...ofReader('User changed'), ...change('roles', moreRoles, readerRoles) },
  ],
  [
    'User password changed',
    [['PUT', reader, { password: secret }]],
    ofReader('User password changed'),
  ],
  ['User deleted', [['DELETE', reader]], ofReader('User deleted')],
  ['Group created', [keepers], { type: 'Group', text: 'Group created: keepers' }],
  ['Group changed', [keepers, ['PUT', `${groups}/{id}`, { name: 'x' }]], { type: 'Group' }],
  [
    'Group roles changed',
    [keepers, ['POST', `${groups}/{id}/roles`, role]],
    { type: 'Group', ...change('roles', '', 'ROLE_AUDIT_READ') },
  ],
  [
    'User groups changed',
    [keepers, ['POST', `${groups}/{id}/users`, { user: { id: 'reader' } }]],
    ofReader('User groups changed'),
  ],
  ['Group deleted', [keepers, ['DELETE', `${groups}/{id}`]], { type: 'Group' }],
  [
    'Option set',
    [['POST', options, option]],
    {
      type: 'Option',
      text: 'Option set: door/credentials.code',
      source: { id: 'door/credentials.code' },
    },
  ],
  [
    'Option set',
    [['PUT', `${options}/door`, { colour: secret, height: secret }]],
    { type: 'Option', text: 'Option set: door/colour, door/height' },
  ],
  [
    'Option deleted',
    [
      ['POST', options, option],
      ['DELETE', `${options}/door/credentials.code`],
    ],
    { type: 'Option', text: 'Option deleted: door/credentials.code' },
  ],
  ['Device request created', [request], { type: 'DeviceRequest', source: { id: 'serial-1' } }],
  [
    'Device request accepted',
    [request, asking(secret), accepted],
    { type: 'DeviceRequest', text: 'Device request accepted: serial-1' },
  ],
  [
    'Device request deleted',
    [request, ['DELETE', '/devicecontrol/newDeviceRequests/serial-1']],
    { type: 'DeviceRequest', text: 'Device request deleted: serial-1' },
  ],
  [
    'User created',
    [request, asking(secret), accepted, asking(secret)],
    {
      type: 'User',
      text: 'User created: device_serial-1 (by management/devicebootstrap)',
      user: undefined,
    },
  ],
  [
    'Managed object deleted',
    [['DELETE', door]],
    { type: 'Inventory', text: 'Managed object deleted: {door}', source: { id: '{door}' } },
  ],
  [
    'Managed object deleted',
    [
      ['POST', `${door}/childDevices`, { managedObject: { id: '{owned}' } }],
      ['DELETE', `${door}?cascade=true`],
    ],
    {
      type: 'Inventory',
      text: 'Managed object deleted: {owned}, {door}',
      source: { id: '{door}' },
    },
  ],
  ['Application created', [['POST', applications, application]], { type: 'Application' }],
  [
    'Application changed',
    [
      ['POST', applications, application],
      ['PUT', `${applications}/{id}`, { name: 'other' }],
    ],
    { type: 'Application' },
  ],
  [
    'Application deleted',
    [
      ['POST', applications, application],
      ['DELETE', `${applications}/{id}`],
    ],
    { type: 'Application' },
  ],
  [
    'Device permissions changed',
    [['PUT', '/user/devicePermissions/{door}', permitted]],
    { type: 'User', text: 'Device permissions changed: nobody on {door}' },
  ],
  ['Inventory role created', [visitor], { type: 'InventoryRole' }],
  [
    'Inventory role changed',
    [visitor, ['PUT', `${inventoryRoles}/{id}`, { name: 'x' }]],
    { type: 'InventoryRole' },
  ],
  [
    'Inventory role deleted',
    [visitor, ['DELETE', `${inventoryRoles}/{id}`]],
    { type: 'InventoryRole' },
  ],
  [
    'Inventory roles assigned',
    [assigned],
    { type: 'User', text: 'Inventory roles assigned: nobody on {door}: Reader' },
  ],
  [
    'Inventory roles assigned',
    [assigned, ['PUT', `${users}/nobody/roles/inventory/{id}`, { roles: [{ name: 'Manager' }] }]],
    { type: 'User', text: 'Inventory roles assigned: nobody on {door}: Manager' },
  ],
  [
    'Inventory roles taken away',
    [assigned, ['DELETE', `${users}/nobody/roles/inventory/{id}`]],
    { type: 'User', source: { id: 'nobody' } },
  ],
  ['Retention rule created', [['POST', retention, { maximumAge: 9 }]], { type: 'RetentionRule' }],
]

const tenants = '/tenant/tenants'
const second: Call = [
  'POST',
  tenants,
  { id: 'two', domain: 'two', company: 'Two', adminName: 'admin', adminPass: secret },
]
const ofTwo = (activity: string) => ({
  type: 'Tenant',
  text: `${activity}: two`,
  source: { id: 'two' },
})

const ofOperators: readonly Case[] = [
  ['Tenant created', [second], ofTwo('Tenant created')],
  [
    'Tenant changed',
    [second, ['PUT', `${tenants}/two`, { company: 'Three' }]],
    { ...ofTwo('Tenant changed'), ...change('name', 'Two', 'Three') },
  ],
  [
    'Tenant suspended',
    [second, ['PUT', `${tenants}/two`, { status: 'SUSPENDED' }]],
    { ...ofTwo('Tenant suspended'), ...change('state', 'active', 'suspended') },
  ],
  [
    'Tenant activated',
    [
      second,
      ['PUT', `${tenants}/two`, { status: 'SUSPENDED' }],
      ['PUT', `${tenants}/two`, { status: 'ACTIVE' }],
    ],
    { ...ofTwo('Tenant activated'), ...change('state', 'suspended', 'active') },
  ],
  ['Tenant deleted', [second, ['DELETE', `${tenants}/two`]], ofTwo('Tenant deleted')],
]

beforeEach(async () => {
  server = await createCumulocityServer()
  const { addTenant, addUser } = server.house
  await addTenant(managementTenant)
  operator = (await addUser(managementTenant, 'operator', roles))['authorization'] ?? ''
  const only = ['ROLE_DEVICE_BOOTSTRAP'] as const
  bootstrap = (await addUser(managementTenant, 'devicebootstrap', only))['authorization'] ?? ''
})

/** Every answer must be a success, save that a device is told to wait with a 404. */
const run = async (calls: readonly Call[], as: string): Promise<void> => {
  let id = ''
  for (const [method, path, body] of calls) {
    const isDevice = path.endsWith('/deviceCredentials')
    const sent = body === undefined ? undefined : filled(JSON.stringify(body))
    const url = filled(path).replace('{id}', id)
    const who = isDevice ? bootstrap : as
    const answer = await server.send(method, url, { body: sent, as: who })
    const isWaiting = isDevice && answer.statusCode === 404
    if (answer.statusCode >= 300 && !isWaiting) throw new Error(`${url}: ${answer.body}`)
    if (answer.body !== '') id = String(answer.json<{ readonly id?: unknown }>().id)
  }
}

const filled = (text: string): string =>
  text.replaceAll('{door}', String(server.t1.door)).replaceAll('{owned}', String(server.t1.owned))

const listed = async (as: string) => {
  const answer = await server.send('GET', '/audit/auditRecords?pageSize=100', { as })
  const { auditRecords } = answer.json<{
    readonly auditRecords: readonly Readonly<Record<string, unknown>>[]
  }>()
  return { newest: auditRecords[0] ?? {}, count: auditRecords.length, text: answer.body }
}

const expectRecord = async (as: string, user: string, [activity, calls, record]: Case) => {
  await run(calls, as)
  const { newest, text } = await listed(as)
  const wanted: unknown = JSON.parse(filled(JSON.stringify(record)))
  expect(newest).toMatchObject({ activity, severity: 'INFORMATION', ...Object(wanted) })
  expect(newest['user']).toBe('user' in record ? record['user'] : user)
  expect(text).not.toContain(secret)
}

it.each(ofTenant)('%s is recorded, for %j', (...row) => expectRecord('t1/admin', 'admin', row))

it.each(ofOperators)('%s is recorded for operators, for %j', (...row) =>
  expectRecord(operator, 'operator', row),
)

it('one’s own new password is recorded, and neither of the two', async () => {
  const body = { currentUserPassword: testPassword, newPassword: secret }
  await server.send('PUT', '/user/currentUser/password', { body, as: 't1/reader' })
  const { newest, text } = await listed('t1/admin')
  expect(newest).toMatchObject({ activity: 'User password changed', user: 'reader' })
  expect(text).not.toContain(secret)
  expect(text).not.toContain(testPassword)
})

it('a lock-out is recorded once, without a name that no user has', async () => {
  const guess = async (name: string, nth: number) =>
    server.send('GET', '/user/currentUser', { as: basic(`t1/${name}`, `${secret}${nth}`) })
  for (const name of ['reader', secret]) {
    for (let nth = 0; nth < wrongPasswordsMax + 2; nth += 1) await guess(name, nth)
  }
  const { newest, count, text } = await listed('t1/admin')
  const unknown = 'Log-in locked out: unknown user from 127.0.0.1'
  expect(newest).toMatchObject({ type: 'UserAuthentication', text: unknown })
  expect(text).toContain('Log-in locked out: reader from 127.0.0.1')
  expect([count, text.includes(secret)]).toEqual([2, false])
})

it('what fails, events and logging in leave no record', async () => {
  await server.send('DELETE', `${users}/absent`)
  await server.send('POST', groups, { body: { name: '' } })
  await server.send('DELETE', `${groups}/4711`)
  await server.send('DELETE', reader, { as: 't1/nobody' })
  await server.createEvent()
  await server.send('DELETE', `/event/events?source=${server.t1.door}`)
  expect((await listed('t1/admin')).count).toBe(0)
})
