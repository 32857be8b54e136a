import { beforeEach, describe, expect, it } from 'vitest'
import { bulkDeviceColumnsMax } from '../../../core/limits.ts'
import { basic, createCumulocityServer, eventBody } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer, Method } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 5.7: devices that are registered at once, by a file with their passwords */
let server: CumulocityServer

beforeEach(async () => {
  server = await createCumulocityServer()
})

type Body = Readonly<Record<string, unknown>>

type Outcome = Body & { readonly failedCreationList: readonly Readonly<Record<string, string>>[] }

const send = async (method: Method, path: string, body?: unknown, as = 't1/admin') => {
  const answer = await server.send(method, path, { body, as })
  return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json<Body>() }
}

const upload = async (lines: readonly string[], as = 't1/admin') => {
  const headers = { 'content-type': 'text/csv' }
  const path = '/devicecontrol/bulkNewDeviceRequests'
  const answer = await server.send('POST', path, { headers, body: lines.join('\n'), as })
  return { status: answer.statusCode, body: answer.json<Outcome>(), text: answer.body }
}

/** Undefined for none. */
const idOf = async (type: string, externalId: string): Promise<string | undefined> => {
  const answer = await server.send('GET', `/identity/externalIds/${type}/${externalId}`)
  if (answer.statusCode === 404) return undefined
  return answer.json<{ managedObject: { id: string } }>().managedObject.id
}

const objectOf = async (type: string, externalId: string): Promise<Body> => {
  const id = await idOf(type, externalId)
  return (await send('GET', `/inventory/managedObjects/${String(id)}`)).body
}

const logIn = async (id: string, password: string) =>
  (await send('GET', '/user/currentUser', undefined, basic(`t1/device_${id}`, password))).status

const childrenOf = async (id: unknown): Promise<readonly Body[]> => {
  const path = `/inventory/managedObjects/${String(id)}/childAssets`
  const list = await server.send('GET', path)
  const { references } = list.json<{ references: { managedObject: Body }[] }>()
  return references.map(({ managedObject }) => managedObject)
}

const rootsNamed = async (name: string): Promise<readonly Body[]> => {
  const query = encodeURIComponent(`type eq 'c8y_DeviceGroup' and name eq '${name}'`)
  const list = await server.send('GET', `/inventory/managedObjects?query=${query}`)
  return list.json<{ managedObjects: Body[] }>().managedObjects
}

const head =
  'ID;CREDENTIALS;TYPE;NAME;ICCID;IDTYPE;PATH;SHELL;com_cumulocity_model_Agent.active;com_cumulocity_model_Agent.mode;external-c8y_Imei'

const file = [
  head,
  'd1;open-sesame-1;c8y_Door;Door 1;8949;;Yard/North;1;true;fast;imei-1',
  'd2;open-sesame-2;;;;c8y_Mac;Yard/North;0;;;',
  'd3;open-sesame-3;c8y_Door;Door 3;;;;;;;',
]

describe('a line with credentials', () => {
  it('is a user with this password, and an object that it owns, in its group', async () => {
    expect(await upload(file)).toMatchObject({
      status: 201,
      body: {
        numberOfAll: 3,
        numberOfCreated: 3,
        numberOfFailed: 0,
        numberOfSuccessful: 3,
        credentialUpdatedList: [],
        failedCreationList: [],
      },
    })
    expect(await logIn('d1', 'open-sesame-1')).toBe(200)
    const first = await objectOf('c8y_Serial', 'd1')
    expect(first).toMatchObject({
      name: 'Door 1',
      type: 'c8y_Door',
      owner: 'device_d1',
      c8y_IsDevice: {},
      c8y_Mobile: { iccid: '8949' },
      c8y_SupportedOperations: ['c8y_Command'],
      com_cumulocity_model_Agent: { active: 'true', mode: 'fast' },
    })
    expect(await objectOf('c8y_Imei', 'imei-1')).toEqual(first)
    const second = await objectOf('c8y_Mac', 'd2')
    expect(second).toMatchObject({ name: 'd2', owner: 'device_d2', c8y_IsDevice: {} })
    for (const absent of ['type', 'c8y_Mobile', 'c8y_SupportedOperations', 'ICCID']) {
      expect(second).not.toHaveProperty(absent)
    }
    expect(await idOf('c8y_Serial', 'd2')).toBeUndefined()
    const yards = await rootsNamed('Yard')
    expect(yards).toMatchObject([{ owner: 'admin', c8y_IsDeviceGroup: {} }])
    const norths = await childrenOf(yards[0]?.['id'])
    expect(norths).toMatchObject([{ name: 'North', type: 'c8y_DeviceSubGroup' }])
    const inNorth = await childrenOf(norths[0]?.['id'])
    expect(inNorth.map(({ name }) => name)).toEqual(['Door 1', 'd2'])
  })

  it('is a device that does what a registered device does, and nothing else', async () => {
    await upload(file)
    const as = basic('t1/device_d1', 'open-sesame-1')
    const own = String(await idOf('c8y_Serial', 'd1'))
    expect((await send('POST', '/event/events', eventBody(own), as)).status).toBe(201)
    expect((await send('POST', '/event/events', eventBody(server.t1.door), as)).status).toBe(403)
    expect((await send('GET', '/user/t1/users/device_d1')).body).toMatchObject({
      groups: { references: [{ group: { name: 'devices' } }] },
      roles: { references: [] },
    })
    expect((await send('GET', '/devicecontrol/newDeviceRequests')).body).toMatchObject({
      newDeviceRequests: [],
    })
  })

  it('that comes again is a new password, and changes nothing else', async () => {
    await upload(file)
    const before = await objectOf('c8y_Serial', 'd1')
    const again = [head, 'd1;another-one;c8y_Gate;Gate;;;Yard/North;;;;', 'd4;open-sesame;;;;;;;;;']
    expect((await upload(again)).body).toMatchObject({
      numberOfAll: 2,
      numberOfCreated: 1,
      numberOfFailed: 0,
      numberOfSuccessful: 2,
      credentialUpdatedList: [{ bulkNewDeviceStatus: 'CREDENTIAL_UPDATED', deviceId: 'd1' }],
    })
    expect(await logIn('d1', 'open-sesame-1')).toBe(401)
    expect(await logIn('d1', 'another-one')).toBe(200)
    expect(await objectOf('c8y_Serial', 'd1')).toEqual(before)
    expect(await rootsNamed('Yard')).toHaveLength(1)
  })

  it('without columns for a name and a type is a user alone, which makes its own object', async () => {
    await upload(['ID,CREDENTIALS,PATH', 'd1,open-sesame,Yard'])
    expect(await logIn('d1', 'open-sesame')).toBe(200)
    expect(await idOf('c8y_Serial', 'd1')).toBeUndefined()
    expect(await rootsNamed('Yard')).toEqual([])
  })

  it('leaves an object alone that somebody else owns', async () => {
    const before = await objectOf('c8y_Serial', 'door-1')
    const line = 'door-1;open-sesame;c8y_Gate;Gate;;;Yard;;;;'
    expect((await upload([head, line])).body).toMatchObject({ numberOfCreated: 1 })
    expect(await logIn('door-1', 'open-sesame')).toBe(200)
    expect(await objectOf('c8y_Serial', 'door-1')).toEqual(before)
    expect(await rootsNamed('Yard')).toEqual([])
  })
})

describe('a line that fails', () => {
  const table = 'ID;CREDENTIALS;NAME;TYPE;AUTH_TYPE;PATH;external-c8y_Serial;__proto__;a b;owner'

  it.each([
    ['a password that is too short', 'x;12345;;;;;;;', 'password: has 6 to 32 characters'],
    ['an id that no user can have', 'x y;open-sesame;;;;;;;', 'user name'],
    ['certificates', 'x;;;;CERTIFICATES;;;;', 'AUTH_TYPE: must be BASIC'],
    ['too many groups', `x;open-sesame;;;;${'g/'.repeat(21)};;;`, 'PATH: names at most 20 groups'],
    ['an external id that is taken', 'x;open-sesame;;;;;door-1;;', 'value=door-1'],
    ['a name that is none for a fragment', 'x;open-sesame;;;;;;;1', 'white space'],
    ['a name that no object may have', 'x;open-sesame;;;;;;1;', '__proto__'],
  ])('for %s says why, and leaves nothing', async (_, line, reason) => {
    const { status, body, text } = await upload([table, line])
    expect(status).toBe(201)
    expect(body).toMatchObject({ numberOfAll: 1, numberOfFailed: 1, numberOfSuccessful: 0 })
    const [failure] = body.failedCreationList
    expect(failure).toMatchObject({ bulkNewDeviceStatus: 'FAILED', line: '2' })
    expect(failure?.['failureReason']).toContain(reason)
    expect(text).not.toContain('open-sesame')
    expect((await send('GET', '/user/t1/users/device_x')).status).toBe(404)
    expect(await idOf('c8y_Serial', 'x')).toBeUndefined()
  })

  it('does not keep others from being registered, nor a file that names an owner', async () => {
    const lines = [table, 'x;12345;;;;;;;', 'd1;open-sesame;;;;;;;;nobody']
    expect((await upload(lines)).body).toMatchObject({ numberOfFailed: 1, numberOfCreated: 1 })
    expect(await objectOf('c8y_Serial', 'd1')).toMatchObject({ owner: 'device_d1' })
  })

  it('is one for a user who may do more than a device, unless users are the caller’s to administer', async () => {
    const { house, t1 } = server
    const registrar = await house.addUser(t1.id, 'registrar', ['ROLE_DEVICE_CONTROL_ADMIN'])
    const as = registrar['authorization'] ?? ''
    await house.addUser(t1.id, 'device_boss', ['ROLE_SYSTEM'])
    const lines = ['ID;CREDENTIALS', 'boss;open-sesame', 'd1;open-sesame']
    expect((await upload(lines, as)).body).toMatchObject({
      numberOfCreated: 1,
      failedCreationList: [{ deviceId: 'boss', failureReason: 'Access is denied.' }],
    })
    expect(await logIn('boss', 'open-sesame')).toBe(401)
    expect(await logIn('boss', 'device_boss-password')).toBe(200)
    expect((await upload(lines)).body).toMatchObject({ numberOfSuccessful: 2, numberOfCreated: 0 })
    expect(await logIn('boss', 'open-sesame')).toBe(200)
  })
})

it('a file may be written in the letters of Windows', async () => {
  const body = Buffer.from('ID;CREDENTIALS;NAME;TYPE\nd1;open-sesame;Tür;c8y_Door', 'latin1')
  const headers = { 'content-type': 'text/csv' }
  await server.send('POST', '/devicecontrol/bulkNewDeviceRequests', { headers, body })
  expect(await objectOf('c8y_Serial', 'd1')).toMatchObject({ name: 'Tür' })
})

it('a file with too many columns, or a column within too many others, is refused', async () => {
  const columns = (count: number) => Array.from({ length: count }, (_, column) => `c${column}`)
  const wide = ['ID', ...columns(bulkDeviceColumnsMax)].join(';')
  expect((await upload([wide, 'd1'])).status).toBe(422)
  const deep = `ID;CREDENTIALS;NAME;TYPE;${'a.'.repeat(30_000)}a`
  expect((await upload([deep, 'd1;open-sesame;;;1'])).body).toMatchObject({ numberOfFailed: 1 })
})

it('what was registered is in the audit records, and no password is', async () => {
  await upload(file)
  await upload(file)
  const list = await server.send('GET', '/audit/auditRecords?type=User&pageSize=100')
  const { auditRecords } = list.json<{ auditRecords: { activity: string; source: Body }[] }>()
  const about = auditRecords.filter(({ source }) => source['id'] === 'device_d1')
  expect(about.map(({ activity }) => activity)).toEqual(['User password changed', 'User created'])
  expect(list.body).not.toContain('open-sesame')
})
