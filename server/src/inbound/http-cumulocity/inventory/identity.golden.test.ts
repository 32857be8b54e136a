import { beforeEach, describe, expect, it } from 'vitest'
import { testBase as base } from '../../test-server.fixture.ts'
import { createCumulocityServer } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer, Sent } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 6.2 */
let server: CumulocityServer

beforeEach(async () => {
  server = await createCumulocityServer()
})

const ofObject = (id: number | string) => `/identity/globalIds/${id}/externalIds`

const bind = (id: number, body: unknown, sent: Sent = {}) =>
  server.send('POST', ofObject(id), { ...sent, body })

describe('the root of identity', () => {
  it('keeps the misspelt placeholder that clients replace', async () => {
    const answer = await server.send('GET', '/identity', { headers: { accept: '*/*' } })
    expect(answer.headers['content-type']).toBe(
      'application/vnd.com.nsn.cumulocity.identityApi+json;charset=UTF-8;ver=0.9',
    )
    expect(answer.json()).toEqual({
      self: `${base}/identity`,
      externalId: `${base}/identity/externalIds/{type}/{externaId}`,
      externalIdsOfGlobalId: `${base}/identity/globalIds/{globalId}/externalIds`,
    })
  })
})

describe('binding an external id', () => {
  it('answers 201 with the pair, its address and its object', async () => {
    const { owned } = server.t1
    const body = { type: 'c8y_Serial', externalId: 'sn 1', managedObject: { id: '1' } }
    const answer = await bind(owned, body)
    expect(answer.statusCode).toBe(201)
    const self = `${base}/identity/externalIds/c8y_Serial/sn%201`
    expect(answer.headers.location).toBe(self)
    expect(answer.json()).toEqual({
      externalId: 'sn 1',
      type: 'c8y_Serial',
      self,
      managedObject: {
        id: String(owned),
        self: `${base}/inventory/managedObjects/${owned}`,
      },
    })
  })

  it('sends no body without Accept', async () => {
    const headers = { accept: undefined }
    const answer = await bind(server.t1.owned, { type: 'a', externalId: 'b' }, { headers })
    expect(answer.statusCode).toBe(201)
    expect(answer.headers['content-length']).toBe('0')
    expect(answer.headers.location).toBe(`${base}/identity/externalIds/a/b`)
  })

  it('answers 409 when the pair is taken, by the same object too', async () => {
    const { door, owned } = server.t1
    for (const id of [door, owned]) {
      const answer = await bind(id, { type: 'c8y_Serial', externalId: 'door-1' })
      expect(answer.statusCode).toBe(409)
      expect(answer.json()).toMatchObject({
        error: 'identity/Duplicate',
        message: 'ID [type=c8y_Serial, value=door-1] was already bound to different Global ID.',
      })
    }
  })

  it('keeps the tenants apart: each may use the same pair', async () => {
    const body = { type: 'c8y_Serial', externalId: 'both' }
    expect((await bind(server.t1.door, body)).statusCode).toBe(201)
    expect((await bind(server.t2.door, body, { as: 't2/admin' })).statusCode).toBe(201)
    expect((await bind(server.t2.door, { type: 'x', externalId: 'x' })).statusCode).toBe(404)
  })

  it('answers 404 for an unknown object', async () => {
    for (const id of [1, Number.NaN]) {
      const answer = await bind(id, { type: 'a', externalId: 'b' })
      expect(answer.statusCode).toBe(404)
      const error = { error: 'identity/Not Found', message: 'Global ID not found' }
      expect(answer.json()).toMatchObject(error)
    }
  })

  it.each([
    ['{}', 'Following mandatory fields should be included: type,externalId'],
    ['{"type":"a","externalId":""}', 'Following mandatory fields should be included: externalId'],
    ['{"type":1,"externalId":"b"}', 'type: must be a string'],
    [`{"type":"a","externalId":"${'x'.repeat(401)}"}`, 'externalId: has at most 400 characters'],
    ['', 'Representation must not be null'],
  ])('refuses %s with 422', async (body, message) => {
    const answer = await bind(server.t1.door, body)
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ error: 'undefined/validationError', message })
  })

  it('needs ROLE_IDENTITY_ADMIN or the owner', async () => {
    const body = { type: 'a', externalId: 'b' }
    for (const as of ['t1/reader', 't1/writer', 't1/nobody']) {
      expect((await bind(server.t1.owned, body, { as })).statusCode).toBe(403)
    }
    expect((await bind(server.t1.door, body, { as: 't1/device_1' })).statusCode).toBe(403)
    expect((await bind(server.t1.owned, body, { as: 't1/device_1' })).statusCode).toBe(201)
  })
})

describe('the external ids of an object', () => {
  it('are listed in the order of binding', async () => {
    await bind(server.t1.door, { type: 'b', externalId: '2' })
    await bind(server.t1.door, { type: 'a', externalId: '1' })
    const answer = await server.send('GET', ofObject(server.t1.door))
    expect(answer.statusCode).toBe(200)
    const self = `${base}${ofObject(server.t1.door)}`
    expect(answer.json()).toMatchObject({
      self,
      externalIds: [{ externalId: 'door-1' }, { externalId: '2' }, { externalId: '1' }],
    })
    expect((await server.send('GET', ofObject(1))).json()).toMatchObject({
      error: 'identity/Not Found',
      message: 'Global ID not found',
    })
    const as = 't1/nobody'
    expect((await server.send('GET', ofObject(server.t1.door), { as })).statusCode).toBe(403)
  })
})

describe('an external id', () => {
  it.each([
    ['device:child:name', 'device:child:name'],
    ['a%2Fb', 'a/b'],
    ['a%252Fb', 'a%2Fb'],
    ['a%20b', 'a b'],
    ['a+b', 'a+b'],
    ['%E2%82%AC%F0%9F%94%94', '€🔔'],
    ['a%3Fb%23c%25', 'a?b#c%'],
  ])('in a path is decoded once: %s', async (segment, externalId) => {
    const { door } = server.t1
    const bound = await bind(door, { type: 't/x', externalId })
    const path = `/identity/externalIds/t%2Fx/${segment}`
    const answer = await server.send('GET', path)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ externalId, type: 't/x' })
    const self = String(bound.headers.location).slice(base.length)
    expect((await server.send('GET', self)).json()).toEqual(bound.json())
  })

  it('is read by those who may see external ids, or own the object', async () => {
    const path = '/identity/externalIds/c8y_Serial/pump-1'
    const statusOf = async (as: string) => (await server.send('GET', path, { as })).statusCode
    expect(await statusOf('t1/reader')).toBe(200)
    expect(await statusOf('t1/device_1')).toBe(200)
    expect(await statusOf('t1/nobody')).toBe(403)
    expect(await statusOf(`Bearer ${await server.house.addKey(server.t1.id)}`)).toBe(403)
  })

  it('that is unknown is 404', async () => {
    for (const method of ['GET', 'DELETE'] as const) {
      const answer = await server.send(method, '/identity/externalIds/c8y_Serial/none')
      expect(answer.statusCode).toBe(404)
      expect(answer.json()).toMatchObject({
        error: 'identity/Not Found',
        message: 'External ID not found: c8y_Serial/none',
      })
    }
  })

  it('is unbound once', async () => {
    const path = '/identity/externalIds/c8y_Serial/pump-1'
    expect((await server.send('DELETE', path, { as: 't1/reader' })).statusCode).toBe(403)
    const answer = await server.send('DELETE', path, { as: 't1/device_1' })
    expect(answer.statusCode).toBe(204)
    expect(answer.body).toBe('')
    expect((await server.send('DELETE', path)).statusCode).toBe(404)
    const again = await bind(server.t1.door, { type: 'c8y_Serial', externalId: 'pump-1' })
    expect(again.statusCode).toBe(201)
  })
})

describe('searching external ids', () => {
  const wanted = {
    externalIds: [
      { type: 'c8y_Serial', externalId: 'pump-1' },
      { type: 'c8y_Serial', externalId: 'none' },
      { type: 'c8y_Serial', externalId: 'door-1' },
    ],
  }

  it('answers those that are bound and visible', async () => {
    const answer = await server.send('POST', '/identity/search', { body: wanted })
    expect(answer.statusCode).toBe(200)
    const { door, owned } = server.t1
    expect(answer.json()).toMatchObject({
      externalIds: [
        { externalId: 'pump-1', managedObject: { id: String(owned) } },
        { externalId: 'door-1', managedObject: { id: String(door) } },
      ],
    })
    const own = await server.send('POST', '/identity/search', { body: wanted, as: 't1/device_1' })
    expect(own.json<{ externalIds: unknown[] }>().externalIds).toHaveLength(1)
  })

  it('refuses a list that is too long or none, and keys', async () => {
    const many = Array.from({ length: 101 }, (_, n) => ({ type: 'a', externalId: String(n) }))
    for (const body of [{ externalIds: many }, {}, { externalIds: 1 }]) {
      const answer = await server.send('POST', '/identity/search', { body })
      expect(answer.statusCode).toBe(422)
    }
    const as = `Bearer ${await server.house.addKey(server.t1.id)}`
    const answer = await server.send('POST', '/identity/search', { body: wanted, as })
    expect(answer.statusCode).toBe(403)
  })
})
