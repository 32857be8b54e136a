import { beforeEach, describe, expect, it } from 'vitest'
import { sampleStartMs } from '../../../ports/event-samples.contract.ts'
import { testBase as base } from '../../test-server.fixture.ts'
import { createCumulocityServer } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer, Sent } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 6.1 */
const path = '/inventory/managedObjects'

let server: CumulocityServer

beforeEach(async () => {
  server = await createCumulocityServer()
})

const create = async (body: unknown, sent: Sent = {}) =>
  (await server.send('POST', path, { ...sent, body })).json<{ readonly id: string }>()

const list = async (query: string, sent: Sent = {}) => {
  const answer = await server.send('GET', `${path}${query}`, sent)
  return answer.json<{
    readonly managedObjects: readonly { readonly id: string; readonly name?: string }[]
    readonly statistics: unknown
    readonly self: string
    readonly next?: string
    readonly prev?: string
  }>()
}

const namesOf = async (query: string, sent: Sent = {}) =>
  (await list(query, sent)).managedObjects.map(({ name }) => name)

describe('creating a managed object', () => {
  it('answers the stored object, owned by its creator, with six empty reference lists', async () => {
    const answer = await server.send('POST', path, {
      body: { name: 'Gate', type: 'gate', c8y_IsDevice: {}, id: '1', self: 'x', childDevices: {} },
    })
    expect(answer.statusCode).toBe(201)
    expect(answer.headers['content-type']).toBe('application/json;charset=UTF-8')
    const { id } = answer.json<{ readonly id: string }>()
    expect(id).toMatch(/^\d+$/)
    const self = `${base}${path}/${id}`
    expect(answer.headers.location).toBe(self)
    const none = (name: string) => ({ references: [], self: `${self}/${name}` })
    expect(answer.json()).toEqual({
      id,
      self,
      name: 'Gate',
      type: 'gate',
      owner: 'admin',
      creationTime: '2026-02-01T09:00:00.000Z',
      lastUpdated: '2026-02-01T09:00:00.000Z',
      c8y_IsDevice: {},
      childDevices: none('childDevices'),
      childAssets: none('childAssets'),
      childAdditions: none('childAdditions'),
      deviceParents: none('deviceParents'),
      assetParents: none('assetParents'),
      additionParents: none('additionParents'),
    })
  })

  it('sends no body without Accept', async () => {
    const answer = await server.send('POST', path, { body: {}, headers: { accept: undefined } })
    expect(answer.statusCode).toBe(201)
    expect(answer.body).toBe('')
    expect(answer.headers['content-length']).toBe('0')
    expect(answer.headers.location).toMatch(/\/inventory\/managedObjects\/\d+$/)
  })

  it('keeps the digits of numbers and the nulls of its fragments', async () => {
    const fragments = '"a":9007199254740993,"b":1.50,"c":{"d":[1e5,null]},"e":null'
    const answer = await server.send('POST', path, { body: `{"name":"Gate",${fragments}}` })
    expect(answer.body).toContain(fragments)
  })

  it('binds external ids in the same step, and creates nothing when one is taken', async () => {
    const gate = { name: 'Gate', externalIds: [{ type: 'c8y_Serial', externalId: 'gate-1' }] }
    const { id } = await create(gate)
    const bound = await server.send('GET', '/identity/externalIds/c8y_Serial/gate-1')
    expect(bound.json()).toMatchObject({ managedObject: { id } })
    const taken = await server.send('POST', path, {
      body: { name: 'Other', externalIds: [{ type: 'new', externalId: '1' }, ...gate.externalIds] },
    })
    expect(taken.statusCode).toBe(409)
    expect(taken.json()).toMatchObject({
      error: 'identity/Duplicate',
      message: 'ID [type=c8y_Serial, value=gate-1] was already bound to different Global ID.',
    })
    expect(await namesOf('?text=Other')).toEqual([])
    expect((await server.send('GET', '/identity/externalIds/new/1')).statusCode).toBe(404)
  })

  it('lets an administrator name another owner, and nobody else', async () => {
    const answer = await server.send('POST', path, { body: { owner: 'device_1' } })
    expect(answer.json()).toMatchObject({ owner: 'device_1' })
    const nobody = await server.send('POST', path, { body: {}, as: 't1/nobody' })
    expect(nobody.statusCode).toBe(403)
    expect(nobody.json()).toMatchObject({
      error: 'security/Forbidden',
      message: 'Access is denied.',
    })
  })

  it.each([
    ['{"name":1}', 'name: must be a string'],
    ['{"owner":"a b"}', 'owner: must be a user name'],
    ['{"a.b":1}', 'a.b: a fragment'],
    ['{"externalIds":{}}', 'externalIds: must be an array'],
    ['{"externalIds":[{"type":"t"}]}', 'externalIds[0].externalId'],
    [`{"type":"${'x'.repeat(1025)}"}`, 'type: has at most 1024 characters'],
    ['{"x":1e400}', 'beyond the range of a double'],
    ['{"x":1,"x":2}', 'occurs twice'],
    ['[]', 'a JSON object is expected'],
  ])('refuses %s with 422', async (body, message) => {
    const answer = await server.send('POST', path, { body })
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ error: 'undefined/validationError' })
    expect(answer.json<{ message: string }>().message).toContain(message)
  })
})

describe('creating many managed objects', () => {
  const headers = {
    'content-type': 'application/vnd.com.nsn.cumulocity.managedObjectCollection+json',
  }

  it('creates all in order and answers the collection', async () => {
    const body = { managedObjects: [{ name: 'A' }, { name: 'B' }] }
    const answer = await server.send('POST', path, { body, headers })
    expect(answer.statusCode).toBe(201)
    expect(answer.headers.location).toBe(`${base}${path}`)
    expect(answer.json()).toMatchObject({ managedObjects: [{ name: 'A' }, { name: 'B' }] })
    expect(await namesOf('?ids=&text=zzz')).toEqual([])
  })

  it('creates none when one is wrong, and says which', async () => {
    const body = { managedObjects: [{ name: 'A' }, { name: 2 }] }
    const answer = await server.send('POST', path, { body, headers })
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ message: 'managedObjects[1].name: must be a string' })
    expect(await namesOf('')).toEqual(['Door', 'Pump'])
  })

  it('takes at most 50', async () => {
    const bulk = (size: number) => ({ managedObjects: Array.from({ length: size }, () => ({})) })
    expect((await server.send('POST', path, { body: bulk(50), headers })).statusCode).toBe(201)
    expect((await server.send('POST', path, { body: bulk(51), headers })).statusCode).toBe(422)
  })

  it('has one owner', async () => {
    const body = { managedObjects: [{ owner: 'device_1' }, {}] }
    expect((await server.send('POST', path, { body, headers })).statusCode).toBe(422)
  })
})

describe('one managed object', () => {
  it('is read by those who have a role, own it, or find it global', async () => {
    const { door, owned } = server.t1
    const statusOf = async (id: number, as: string) =>
      (await server.send('GET', `${path}/${id}`, { as })).statusCode
    expect(await statusOf(door, 't1/reader')).toBe(200)
    expect(await statusOf(owned, 't1/device_1')).toBe(200)
    expect(await statusOf(door, 't1/device_1')).toBe(403)
    expect(await statusOf(door, 't1/writer')).toBe(403)
    await server.send('PUT', `${path}/${door}`, { body: { c8y_Global: {} } })
    expect(await statusOf(door, 't1/device_1')).toBe(200)
    expect(await statusOf(door, `Bearer ${await server.house.addKey(server.t1.id)}`)).toBe(403)
  })

  it.each(['1', 'x', '0', '99999999999999999999', '%00', "1' or 1"])(
    '%s is unknown',
    async (id) => {
      for (const method of ['GET', 'DELETE'] as const) {
        const answer = await server.send(method, `${path}/${encodeURIComponent(id)}`)
        expect(answer.statusCode).toBe(404)
        expect(answer.json()).toEqual({
          error: 'inventory/Not Found',
          message: 'Finding device data from database failed',
          info: 'https://www.cumulocity.com/guides/reference-guide/#error_reporting',
        })
      }
    },
  )

  it('of another tenant does not exist', async () => {
    const foreign = `${path}/${server.t2.door}`
    expect((await server.send('GET', foreign)).statusCode).toBe(404)
    expect((await server.send('PUT', foreign, { body: { name: 'x' } })).statusCode).toBe(404)
    expect((await server.send('DELETE', foreign)).statusCode).toBe(404)
    expect((await server.send('GET', foreign, { as: 't2/admin' })).statusCode).toBe(200)
  })

  it('is updated in part: null removes, what the server sets is ignored', async () => {
    const { id } = await create({ name: 'Gate', type: 'gate', a: { x: 1 }, b: 1.5 })
    server.house.clock.setMs(sampleStartMs + 1000)
    const body =
      '{"id":"1","self":"x","creationTime":"x","name":"New","type":null,"a":{"y":1.50},"b":null}'
    const answer = await server.send('PUT', `${path}/${id}`, { body })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ id, name: 'New', owner: 'admin', a: { y: 1.5 } })
    expect(answer.body).toContain('"a":{"y":1.50}')
    expect(answer.json()).toMatchObject({ lastUpdated: '2026-02-01T09:00:01.000Z' })
    expect(answer.json()).toMatchObject({ creationTime: '2026-02-01T09:00:00.000Z' })
    expect(answer.json()).not.toHaveProperty('b')
    expect(answer.json()).not.toHaveProperty('type')
    expect((await server.send('GET', `${path}/${id}`)).json()).toEqual(answer.json())
  })

  it('answers a heartbeat with its id alone and stays as it is', async () => {
    const { owned } = server.t1
    const before = (await server.send('GET', `${path}/${owned}`)).json<unknown>()
    server.house.clock.setMs(sampleStartMs + 1000)
    for (const body of [{ id: String(owned) }, {}]) {
      const answer = await server.send('PUT', `${path}/${owned}`, { as: 't1/device_1', body })
      expect(answer.statusCode).toBe(200)
      expect(answer.json()).toEqual({ id: String(owned) })
    }
    expect((await server.send('GET', `${path}/${owned}`)).json()).toEqual(before)
  })

  it('is updated and deleted by its owner or an administrator only', async () => {
    const { owned } = server.t1
    const body = { name: 'Mine' }
    for (const as of ['t1/reader', 't1/writer', 't1/nobody']) {
      expect((await server.send('PUT', `${path}/${owned}`, { as, body })).statusCode).toBe(403)
      expect((await server.send('PUT', `${path}/${owned}`, { as, body: {} })).statusCode).toBe(403)
      expect((await server.send('DELETE', `${path}/${owned}`, { as })).statusCode).toBe(403)
    }
    const as = 't1/device_1'
    expect((await server.send('PUT', `${path}/${owned}`, { as, body })).statusCode).toBe(200)
    expect((await server.send('DELETE', `${path}/${owned}`, { as })).statusCode).toBe(204)
    expect((await server.send('GET', `${path}/${owned}`)).statusCode).toBe(404)
  })

  it('takes its events and external ids with it', async () => {
    const event = await server.createEvent()
    const { door } = server.t1
    const answer = await server.send('DELETE', `${path}/${door}`)
    expect(answer.statusCode).toBe(204)
    expect(answer.body).toBe('')
    expect((await server.send('GET', `/event/events/${event}`)).statusCode).toBe(404)
    expect((await server.send('GET', '/identity/externalIds/c8y_Serial/door-1')).statusCode).toBe(
      404,
    )
    expect((await server.send('DELETE', `${path}/${door}`)).statusCode).toBe(404)
  })
})

describe('the list of managed objects', () => {
  it('has pages by ascending id, with links and totals', async () => {
    for (const name of ['C', 'D', 'E']) await create({ name })
    const first = await list('?pageSize=2&withTotalPages=true&withTotalElements=true')
    expect(first.managedObjects.map(({ name }) => name)).toEqual(['Door', 'Pump'])
    expect(first.statistics).toEqual({
      currentPage: 1,
      pageSize: 2,
      totalPages: 3,
      totalElements: 5,
    })
    const totals = 'withTotalPages=true&withTotalElements=true'
    expect(first.self).toBe(`${base}${path}?${totals}&pageSize=2&currentPage=1`)
    expect(first.next).toBe(`${base}${path}?${totals}&pageSize=2&currentPage=2`)
    expect(first).not.toHaveProperty('prev')
    const last = await list('?pageSize=2&currentPage=3')
    expect(last.managedObjects.map(({ name }) => name)).toEqual(['E'])
    expect(last).not.toHaveProperty('next')
    expect(last.prev).toBe(`${base}${path}?pageSize=2&currentPage=2`)
    expect(last.statistics).toEqual({ currentPage: 3, pageSize: 2 })
    expect((await list('?pageSize=2&currentPage=9')).managedObjects).toEqual([])
  })

  it('is filtered by type, fragment, owner, text and ids', async () => {
    const { door, owned } = server.t1
    const { id } = await create({ name: 'North Gate', type: 'gate', demo_Gate: null })
    expect(await namesOf('?type=gate')).toEqual(['North Gate'])
    expect(await namesOf('?fragmentType=demo_Gate')).toEqual(['North Gate'])
    expect(await namesOf('?owner=device_1')).toEqual(['Pump'])
    expect(await namesOf('?owner=device%201')).toEqual([])
    expect(await namesOf('?text=gate+north')).toEqual(['North Gate'])
    expect(await namesOf('?text=door-1')).toEqual(['Door'])
    expect(await namesOf(`?ids=${id},${door}`)).toEqual(['Door', 'North Gate'])
    expect(await namesOf(`?ids=${id}&ids=${owned}&ids=nonsense`)).toEqual(['Pump', 'North Gate'])
    expect(await namesOf('?type=&owner=&unknown=1')).toEqual(['Door', 'Pump', 'North Gate'])
  })

  it('takes an empty q for all devices and an empty query for everything', async () => {
    await create({ name: 'Group' })
    expect(await namesOf('?q=')).toEqual(['Door', 'Pump'])
    expect(await namesOf('?q=&type=lock')).toEqual(['Door'])
    const page = await server.send('GET', `${path}?q=&pageSize=1`)
    expect(page.json()).toMatchObject({
      self: `${base}${path}?q=&pageSize=1&currentPage=1`,
      next: `${base}${path}?q=&pageSize=1&currentPage=2`,
    })
    expect(await namesOf('?query=')).toEqual(['Door', 'Pump', 'Group'])
    const tolerated =
      'withChildren=false&withParents=true&skipChildrenNames=true&withGroups=true' +
      '&withChildrenCount=true&withLatestValues=true&onlyRoots=false'
    expect(await namesOf(`?${tolerated}`)).toEqual(['Door', 'Pump', 'Group'])
    expect(await namesOf('?childDeviceId=1')).toEqual([])
  })

  it.each(['?pageSize=0', '?pageSize=x', '?currentPage=0', '?currentPage=-1'])(
    'refuses %s with 422',
    async (query) => {
      const answer = await server.send('GET', `${path}${query}`)
      expect(answer.statusCode).toBe(422)
      expect(answer.json()).toMatchObject({ error: 'undefined/validationError' })
    },
  )

  it('shows those without a role their own objects and global ones, in the totals too', async () => {
    expect(await namesOf('', { as: 't1/device_1' })).toEqual(['Pump'])
    await create({ name: 'Square', c8y_Global: {} })
    expect(await namesOf('', { as: 't1/device_1' })).toEqual(['Pump', 'Square'])
    const counted = await list('?pageSize=1&withTotalPages=true', { as: 't1/device_1' })
    expect(counted.statistics).toEqual({ currentPage: 1, pageSize: 1, totalPages: 2 })
    expect(await namesOf('', { as: 't1/nobody' })).toEqual(['Square'])
    const key = await server.send('GET', path, {
      as: `Bearer ${await server.house.addKey(server.t1.id)}`,
    })
    expect(key.statusCode).toBe(403)
  })
})
