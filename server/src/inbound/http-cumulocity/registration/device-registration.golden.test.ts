import { beforeEach, describe, expect, it } from 'vitest'
import { managementTenant } from '../../../core/identity.ts'
import { bulkDevicesBytesMax, bulkDevicesMax } from '../../../core/limits.ts'
import { testBase as base } from '../../test-server.fixture.ts'
import { basic, createCumulocityServer, eventBody } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer, Method } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 5.7 */
let server: CumulocityServer
let bootstrap: string

const requests = '/devicecontrol/newDeviceRequests'

type Body = Readonly<Record<string, string>>

const send = async (method: Method, path: string, body?: unknown, as = 't1/admin') => {
  const answer = await server.send(method, path, { body, as })
  const { statusCode: status, headers } = answer
  const json: Body = answer.body === '' ? {} : answer.json<Body>()
  return { status, location: headers.location, body: json }
}

const statusOf = async (...sent: Parameters<typeof send>) => (await send(...sent)).status

const ask = (id: string, securityToken?: string, as = bootstrap) =>
  send('POST', '/devicecontrol/deviceCredentials', { id, securityToken }, as)

const expectDevice = (id: string, as?: string) => send('POST', requests, { id }, as)

const accept = (id: string, securityToken?: string, as?: string) =>
  send('PUT', `${requests}/${id}`, { status: 'ACCEPTED', securityToken }, as)

const stateOf = async (id: string) => (await send('GET', `${requests}/${id}`)).body['status']

beforeEach(async () => {
  server = await createCumulocityServer()
  await server.house.addTenant(managementTenant)
  const roles = ['ROLE_DEVICE_BOOTSTRAP'] as const
  const headers = await server.house.addUser(managementTenant, 'devicebootstrap', roles)
  bootstrap = headers['authorization'] ?? ''
})

it('a device is expected, asks, is accepted, and gets its own credentials once', async () => {
  const sent = { id: 'serial-1', type: 'c8y_Door', groupId: '12' }
  const expected = await send('POST', requests, sent)
  const self = `${base}${requests}/serial-1`
  expect(expected).toMatchObject({
    status: 201,
    location: self,
    body: { ...sent, self, status: 'WAITING_FOR_CONNECTION' },
  })
  const early = await ask('serial-1')
  expect(early.status).toBe(404)
  expect(early.body).toMatchObject({
    error: 'devicecontrol/Not Found',
    message: 'Could not find newDeviceRequest by ID serial-1',
  })
  expect(await stateOf('serial-1')).toBe('PENDING_ACCEPTANCE')
  expect((await ask('serial-1')).status).toBe(404)
  expect(await accept('serial-1')).toMatchObject({ status: 200, body: { status: 'ACCEPTED' } })
  const given = await ask('serial-1')
  expect(given).toMatchObject({
    status: 201,
    body: {
      id: 'serial-1',
      self: `${base}/devicecontrol/deviceCredentials/serial-1`,
      tenantId: 't1',
      username: 'device_serial-1',
    },
  })
  expect((await ask('serial-1')).status).toBe(404)
  expect(await statusOf('GET', `${requests}/serial-1`)).toBe(404)
})

const register = async (id: string): Promise<string> => {
  await expectDevice(id)
  await accept(id)
  const { body } = await ask(id)
  const { tenantId, username, password } = body
  return basic(`${tenantId ?? ''}/${username ?? ''}`, password)
}

it('a registered device makes its own object and events, and sees no others', async () => {
  const as = await register('serial-1')
  const own = await send(
    'POST',
    '/inventory/managedObjects',
    { name: 'Door', c8y_IsDevice: {} },
    as,
  )
  expect(own).toMatchObject({ status: 201, body: { owner: 'device_serial-1' } })
  const id = own.body['id'] ?? ''
  const serial = { type: 'c8y_Serial', externalId: 'serial-1' }
  expect(await statusOf('POST', `/identity/globalIds/${id}/externalIds`, serial, as)).toBe(201)
  expect(await statusOf('POST', '/event/events', eventBody(id), as)).toBe(201)
  expect(await statusOf('POST', '/event/events', eventBody(server.t1.door), as)).toBe(403)
  const list = await send('GET', '/event/events?withTotalElements=true', undefined, as)
  expect(list.body).toMatchObject({ statistics: { totalElements: 1 } })
  const user = await send('GET', '/user/t1/users/device_serial-1')
  expect(user.body).toMatchObject({ groups: { references: [{ group: { name: 'devices' } }] } })
  expect(await statusOf('GET', '/user/t1/groupByName/devices')).toBe(200)
})

it('a device that is registered again gets a new password, and the old one counts no longer', async () => {
  const first = await register('serial-1')
  const second = await register('serial-1')
  expect(await statusOf('GET', '/user/currentUser', undefined, first)).toBe(401)
  expect(await statusOf('GET', '/user/currentUser', undefined, second)).toBe(200)
})

describe('a security token', () => {
  it('that the device showed must be the operator’s, and the device must keep showing it', async () => {
    await expectDevice('a')
    await ask('a', 'token')
    expect((await accept('a')).status).toBe(422)
    expect((await accept('a', 'other')).status).toBe(422)
    expect((await accept('a', 'token')).status).toBe(200)
    expect((await ask('a')).status).toBe(404)
    expect((await ask('a', 'other')).status).toBe(404)
    expect((await ask('a', 'token')).status).toBe(201)
  })

  it('is never shown', async () => {
    await expectDevice('a')
    await ask('a', 'token')
    expect(JSON.stringify(await send('GET', requests))).not.toContain('token')
  })
})

describe('of two tenants', () => {
  it('that expect the same device the first gets it, whoever accepts', async () => {
    await expectDevice('a', 't2/admin')
    server.house.clock.setMs(server.house.clock.nowMs() + 1)
    await expectDevice('a')
    await accept('a')
    expect((await ask('a')).status).toBe(404)
    await accept('a', undefined, 't2/admin')
    expect((await ask('a')).body).toMatchObject({ tenantId: 't2' })
    expect((await ask('a')).body).toMatchObject({ tenantId: 't1' })
  })

  it('none sees the requests of the other, and a bootstrap user of one gets no device of the other', async () => {
    await expectDevice('a', 't2/admin')
    expect((await send('GET', requests)).body).toMatchObject({ newDeviceRequests: [] })
    for (const method of ['GET', 'DELETE'] as const) {
      expect(await statusOf(method, `${requests}/a`)).toBe(404)
    }
    expect((await accept('a')).status).toBe(404)
    await accept('a', undefined, 't2/admin')
    const own = await server.house.addUser(server.t1.id, 'boot', ['ROLE_DEVICE_BOOTSTRAP'])
    expect((await ask('a', undefined, own['authorization'])).status).toBe(404)
  })
})

describe('a file of devices', () => {
  const bulk = '/devicecontrol/bulkNewDeviceRequests'
  const headers = { 'content-type': 'multipart/form-data; boundary=b' }
  const formOf = (file: string) =>
    [
      '--b\r\ncontent-disposition: form-data; name="file"; filename="devices.csv"\r\n',
      'content-type: text/csv\r\n\r\n',
      `${file}\r\n--b--\r\n`,
    ].join('')
  const upload = async (file: string, as = 't1/admin') => {
    const answer = await server.send('POST', bulk, { headers, body: formOf(file), as })
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() }
  }

  it('is expected line by line, and what fails is told with its reason', async () => {
    await expectDevice('taken')
    const file = [
      'ID;TENANT;TYPE;CREDENTIALS;PATH',
      'a;;c8y_Door;;yard',
      'b;t1;;;',
      'taken;;;;',
      'a;;;;',
      ';;c8y_Door;;',
      'c d;;;;',
      '',
      'e;t2;;;',
      'f;;;open-sesame;',
      '"g;;;;',
    ]
    const failure = (line: string, deviceId: string | undefined, reason: string) => {
      const failureReason: unknown = expect.stringContaining(reason)
      const named = deviceId === undefined ? {} : { deviceId }
      return { bulkNewDeviceStatus: 'FAILED', ...named, failureReason, line }
    }
    expect(await upload(file.join('\r\n'))).toEqual({
      status: 201,
      body: {
        numberOfAll: 9,
        numberOfCreated: 3,
        numberOfFailed: 6,
        numberOfSuccessful: 3,
        credentialUpdatedList: [],
        failedCreationList: [
          failure('4', 'taken', 'already exists'),
          failure('5', 'a', 'already exists'),
          failure('6', undefined, 'mandatory fields should be included: ID'),
          failure('7', 'c d', 'user name'),
          failure('9', 'e', 'TENANT'),
          failure('11', 'g;;;;', 'quotes'),
        ],
      },
    })
    const list = await send('GET', `${requests}?pageSize=10`)
    expect(list.body).toMatchObject({
      newDeviceRequests: [
        { id: 'a', type: 'c8y_Door', status: 'WAITING_FOR_CONNECTION' },
        { id: 'b' },
        { id: 'taken' },
      ],
    })
    await accept('b')
    expect((await ask('b')).body).toMatchObject({ username: 'device_b' })
  })

  it('may be the body itself', async () => {
    const answer = await server.send('POST', bulk, {
      headers: { 'content-type': 'text/csv' },
      body: 'ID\na\n',
    })
    expect(answer.statusCode).toBe(201)
    expect(answer.json()).toMatchObject({ numberOfAll: 1, numberOfCreated: 1 })
    expect(await stateOf('a')).toBe('WAITING_FOR_CONNECTION')
  })

  it('is refused as a whole when it is too large, empty or no text, and nothing is expected', async () => {
    const lines = (count: number) => Array.from({ length: count }, (_, line) => `d${line}`)
    expect((await upload(['ID', ...lines(bulkDevicesMax + 1)].join('\n'))).status).toBe(422)
    expect((await upload(`ID\n${'x'.repeat(bulkDevicesBytesMax)}`)).status).toBe(413)
    for (const file of ['', 'NAME;TYPE\na;b', '{"id": "a"}']) {
      expect((await upload(file)).status).toBe(422)
    }
    const body = Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x00, 0xff, 0x0a, 0x00])
    const noText = await server.send('POST', bulk, { headers: { 'content-type': 'x/y' }, body })
    expect(noText.statusCode).toBe(422)
    const noFile = '--b\r\ncontent-disposition: form-data; name="type"\r\n\r\nx\r\n--b--\r\n'
    expect((await server.send('POST', bulk, { headers, body: noFile })).statusCode).toBe(422)
    expect((await send('GET', requests)).body).toMatchObject({ newDeviceRequests: [] })
    expect((await upload(['ID', ...lines(bulkDevicesMax)].join('\n'))).body).toMatchObject({
      numberOfCreated: bulkDevicesMax,
    })
  })

  it('is taken from those alone who may expect a device', async () => {
    for (const as of ['t1/reader', 't1/nobody', bootstrap]) {
      expect((await upload('ID\na', as)).status).toBe(403)
    }
    expect(await statusOf('GET', `${requests}/a`)).toBe(404)
  })
})

it('refuses what is wrong, taken or not allowed', async () => {
  for (const body of [{}, { id: '' }, { id: 'a b' }, { id: 'a/b' }, { id: 7 }]) {
    expect(await statusOf('POST', requests, body)).toBe(422)
  }
  await expectDevice('a')
  expect(await expectDevice('a')).toMatchObject({
    status: 409,
    body: { error: 'devicecontrol/Duplicate' },
  })
  expect(await statusOf('PUT', `${requests}/a`, { status: 'PENDING_ACCEPTANCE' })).toBe(422)
  expect(await statusOf('PUT', `${requests}/none`, { status: 'ACCEPTED' })).toBe(404)
  for (const as of ['t1/reader', 't1/nobody', bootstrap]) {
    expect(await statusOf('GET', requests, undefined, as)).toBe(403)
    expect((await expectDevice('b', as)).status).toBe(403)
    expect((await accept('a', undefined, as)).status).toBe(403)
    expect(await statusOf('DELETE', `${requests}/a`, undefined, as)).toBe(403)
  }
  expect((await ask('a', undefined, 't1/reader')).status).toBe(403)
  expect(await statusOf('DELETE', `${requests}/a`)).toBe(204)
  expect((await ask('a')).status).toBe(404)
})
