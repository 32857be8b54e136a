import { beforeEach, describe, expect, it } from 'vitest'
import type { TenantId } from '../../core/identity.ts'
import { sampleStartMs, valueOf } from '../../ports/event-samples.contract.ts'
import {
  basic,
  createCumulocityServer,
  eventBody,
  testPassword,
} from './cumulocity-server.fixture.ts'
import type { CumulocityServer, Method, Sent } from './cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 3.4 to 3.6, 4.2, 5.1 to 5.3 and 5.5 */
let server: CumulocityServer
let doorEvent: string
let ownedEvent: string

const events = '/event/events'

beforeEach(async () => {
  server = await createCumulocityServer()
  doorEvent = await server.createEvent({ text: 'door' })
  const body = eventBody(server.t1.owned, { text: 'owned' })
  const answer = await server.send('POST', events, { body })
  ownedEvent = answer.json<{ id: string }>().id
})

const info = 'https://www.cumulocity.com/guides/reference-guide/#error_reporting'
const unauthorized = (message: string) => ({ error: 'security/Unauthorized', message, info })
const bad = unauthorized('Invalid credentials! : Bad credentials')
const none = unauthorized('Full authentication is required to access this resource')
const forbidden = { error: 'security/Forbidden', message: 'Access is denied.', info }

/** Everything that can be done with events; deletions last. */
const operations: readonly (readonly [string, Method, () => string, () => unknown])[] = [
  ['create for door', 'POST', () => events, () => eventBody(server.t1.door)],
  ['create for owned', 'POST', () => events, () => eventBody(server.t1.owned)],
  ['list', 'GET', () => events, () => undefined],
  ['list owned', 'GET', () => `${events}?source=${server.t1.owned}`, () => undefined],
  ['list door', 'GET', () => `${events}?source=${server.t1.door}`, () => undefined],
  ['read door', 'GET', () => `${events}/${doorEvent}`, () => undefined],
  ['read owned', 'GET', () => `${events}/${ownedEvent}`, () => undefined],
  ['update door', 'PUT', () => `${events}/${doorEvent}`, () => ({ text: 'new' })],
  ['update owned', 'PUT', () => `${events}/${ownedEvent}`, () => ({ text: 'new' })],
  ['delete door', 'DELETE', () => `${events}/${doorEvent}`, () => undefined],
  ['delete owned', 'DELETE', () => `${events}/${ownedEvent}`, () => undefined],
  ['delete many', 'DELETE', () => `${events}?dateFrom=1970-01-01`, () => undefined],
  ['root', 'GET', () => '/event', () => undefined],
]

const statusesOf = async (as: string | null): Promise<Record<string, number>> => {
  const statuses: Record<string, number> = {}
  for (const [name, method, path, body] of operations) {
    const answer = await server.send(method, path(), { as, body: body() })
    statuses[name] = answer.statusCode
    if (answer.statusCode === 403) expect(answer.json()).toEqual(forbidden)
  }
  return statuses
}

const all = (status: number) => Object.fromEntries(operations.map(([name]) => [name, status]))

describe('what may be done with events', () => {
  it('is nothing without credentials or with wrong ones', async () => {
    expect(await statusesOf(null)).toEqual(all(401))
    expect(await statusesOf(basic('t1/admin', 'wrong'))).toEqual(all(401))
  })

  it('is nothing without a role', async () => {
    expect(await statusesOf('t1/nobody')).toEqual(all(403))
  })

  it('is reading with ROLE_EVENT_READ', async () => {
    expect(await statusesOf('t1/reader')).toEqual({
      ...all(403),
      list: 200,
      'list owned': 200,
      'list door': 200,
      'read door': 200,
      'read owned': 200,
      root: 200,
    })
  })

  it('is writing, not reading, with ROLE_EVENT_ADMIN', async () => {
    expect(await statusesOf('t1/writer')).toEqual({
      ...all(403),
      'create for door': 201,
      'create for owned': 201,
      'update door': 200,
      'update owned': 200,
      'delete door': 204,
      'delete owned': 204,
      'delete many': 204,
    })
  })

  it('is everything but deletion by filter for the owner of the source', async () => {
    expect(await statusesOf('t1/device_1')).toEqual({
      ...all(403),
      'create for owned': 201,
      list: 200,
      'list owned': 200,
      'read owned': 200,
      'update owned': 200,
      'delete owned': 204,
    })
  })

  it('is reading and creating for a key', async () => {
    const key = await server.house.addKey(server.t1.id)
    expect(await statusesOf(`Bearer ${key}`)).toEqual({
      'create for door': 201,
      'create for owned': 201,
      list: 200,
      'list owned': 200,
      'list door': 200,
      'read door': 200,
      'read owned': 200,
      'update door': 403,
      'update owned': 403,
      'delete door': 403,
      'delete owned': 403,
      'delete many': 403,
      root: 200,
    })
  })

  it('is the same for its devices alone for a limited key', async () => {
    const key = await server.house.addKey(server.t1.id, { devices: [server.t1.door] })
    expect(await statusesOf(`Bearer ${key}`)).toEqual({
      ...all(403),
      'create for door': 201,
      list: 200,
      'list door': 200,
      'read door': 200,
      root: 200,
    })
  })
})

describe('a list without ROLE_EVENT_READ', () => {
  const list = async (query: string, sent: Sent) => {
    const answer = await server.send('GET', `${events}?withTotalElements=true${query}`, sent)
    return answer.json<{
      events: readonly { readonly text: string }[]
      statistics: { totalElements: number }
    }>()
  }

  it("holds the owner's events, and counts no others", async () => {
    const { events: seen, statistics } = await list('', { as: 't1/device_1' })
    expect(seen.map(({ text }) => text)).toEqual(['owned'])
    expect(statistics.totalElements).toBe(1)
  })

  it("holds the key's events, and counts no others", async () => {
    const key = await server.house.addKey(server.t1.id, { devices: [server.t1.door] })
    const { events: seen, statistics } = await list('', { as: `Bearer ${key}` })
    expect(seen.map(({ text }) => text)).toEqual(['door'])
    expect(statistics.totalElements).toBe(1)
  })
})

describe('credentials', () => {
  const ask = async (as: string | null, headers: Sent['headers'] = {}) => {
    const answer = await server.send('GET', '/user/currentUser', { as, headers })
    return { status: answer.statusCode, headers: answer.headers, body: answer.json<unknown>() }
  }

  it('that are missing or wrong give a 401 with a challenge and a message', async () => {
    const cases: readonly (readonly [string | null, unknown])[] = [
      [null, none],
      [basic('t1/admin', 'wrong'), bad],
      [basic('t1/unknown'), bad],
      [basic('unknown/admin'), bad],
      [basic('t1/', ''), bad],
      [basic('t1/admin', ''), bad],
      ['Basic !!!', bad],
      ['Basic ', bad],
      ['Digest x', bad],
      ['Bearer nonsense', bad],
    ]
    for (const [as, expected] of cases) {
      const { status, headers, body } = await ask(as)
      expect(status).toBe(401)
      expect(body).toEqual(expected)
      expect(headers['www-authenticate']).toBe('Basic realm="Cumulocity"')
    }
  })

  it('asked for with UseXBasic open no dialog in a browser', async () => {
    for (const as of [null, basic('t1/admin', 'wrong')]) {
      const { status, headers } = await ask(as, { usexbasic: 'true' })
      expect(status).toBe(401)
      expect(headers['www-authenticate']).toBe('XBasic realm="Cumulocity"')
    }
    expect((await ask('t1/admin', { usexbasic: 'true' })).status).toBe(200)
  })

  it('with a tenant count on any host, without one on the host of their tenant', async () => {
    const tenantAt = async (account: string, host: string) => {
      const sent = { as: basic(account), headers: { host } }
      const answer = await server.send('GET', '/tenant/currentTenant', sent)
      return answer.statusCode === 200 ? answer.json<{ name: string }>().name : answer.statusCode
    }
    expect(await tenantAt('t2/admin', 't1.belfry.test')).toBe('t2')
    expect(await tenantAt('admin', 't1.belfry.test')).toBe('t1')
    expect(await tenantAt('admin', 'T2.belfry.test:8080')).toBe('t2')
    expect(await tenantAt('admin', 'belfry.test')).toBe(401)
  })

  it('without a tenant are forbidden where the host is the id of a tenant with another domain', async () => {
    const tenant = { id: 't5' as TenantId, name: 't5', domain: 'acme', state: 'active' } as const
    valueOf(await server.house.registry.accounts.createTenant(tenant, []))
    const at = async (account: string, host: string) => {
      const answer = await server.send('GET', events, { as: basic(account), headers: { host } })
      return answer.statusCode
    }
    expect(await at('admin', 't5.belfry.test')).toBe(403)
    expect(await at('admin', 'acme.belfry.test')).toBe(401)
    expect(await at('t1/admin', 't5.belfry.test')).toBe(200)
  })

  it('are no matter of what a browser asks for before it logs in', async () => {
    for (const path of ['/apps/public/public-options/options.json', '/apps/public/login/']) {
      for (const as of [null, basic('t1/admin', 'wrong')]) {
        const answer = await server.send('GET', path, { as })
        expect(answer.statusCode).toBe(404)
        expect(answer.headers['www-authenticate']).toBeUndefined()
      }
    }
  })

  it('of a disabled user are wrong', async () => {
    await server.send('PUT', '/user/t1/users/reader', { body: { enabled: false } })
    expect((await ask('t1/reader')).body).toEqual(bad)
  })

  it('that were right count no longer when the password has changed', async () => {
    expect((await ask('t1/admin')).status).toBe(200)
    await server.send('PUT', '/user/currentUser', { body: { password: 'another-one' } })
    expect((await ask('t1/admin')).status).toBe(401)
    expect((await ask(basic('t1/admin', 'another-one'))).status).toBe(200)
  })

  it('may hold a colon in the password and an address as the user name', async () => {
    const body = { userName: 'ada@example.com', password: 'a:b:c:/' }
    await server.send('POST', '/user/t1/users', { body })
    expect((await ask(basic('t1/ada@example.com', 'a:b:c:/'))).status).toBe(200)
  })

  it('of a suspended tenant are forbidden when right, wrong when wrong', async () => {
    const right = await ask('t3/admin')
    expect(right.status).toBe(403)
    expect(right.body).toEqual(forbidden)
    expect((await ask(basic('t3/admin', `not ${testPassword}`))).status).toBe(401)
    const key = await server.house.addKey('t3' as TenantId)
    expect((await server.send('GET', events, { as: `Bearer ${key}` })).statusCode).toBe(403)
  })
})

describe('an API key', () => {
  const list = (headers: Sent['headers']) =>
    server.send('GET', events, { as: null, ...(headers ? { headers } : {}) })

  it('may stand in three headers', async () => {
    const key = await server.house.addKey(server.t1.id)
    for (const headers of [
      { authorization: `Bearer ${key}` },
      { 'x-api-key': key },
      { 'x-moki-tenantapitoken': key },
      { authorization: `bearer ${key}`, 'x-api-key': key },
    ]) {
      expect((await list(headers)).statusCode).toBe(200)
    }
    const other = await server.house.addKey(server.t2.id)
    const both = await list({ authorization: `Bearer ${key}`, 'x-api-key': other })
    expect(both.statusCode).toBe(400)
    expect(both.json()).toMatchObject({
      error: 'general/badRequest',
      message: 'the request names two different API keys',
    })
  })

  it('that has expired, was revoked or is mistyped is wrong', async () => {
    const { id } = server.t1
    const key = await server.house.addKey(id, { expiresMs: sampleStartMs + 1000 })
    expect((await list({ 'x-api-key': key })).statusCode).toBe(200)
    expect((await list({ 'x-api-key': `${key.slice(0, -1)}!` })).json()).toEqual(bad)
    server.house.clock.setMs(sampleStartMs + 1000)
    expect((await list({ 'x-api-key': key })).json()).toEqual(bad)
    const revoked = await server.house.addKey(id)
    expect((await list({ 'x-api-key': revoked })).statusCode).toBe(200)
    const { accounts } = server.house.registry
    for (const { prefix } of valueOf(await accounts.listKeys(id))) {
      valueOf(await accounts.revokeKey(id, prefix))
    }
    expect((await list({ 'x-api-key': revoked })).json()).toEqual(bad)
  })

  it('of another tenant sees nothing of this one', async () => {
    const as = `Bearer ${await server.house.addKey(server.t2.id)}`
    expect((await server.send('GET', events, { as })).json()).toMatchObject({ events: [] })
    expect((await server.send('GET', `${events}/${doorEvent}`, { as })).statusCode).toBe(404)
    const body = eventBody(server.t1.door)
    expect((await server.send('POST', events, { as, body })).statusCode).toBe(422)
  })
})

describe('another tenant', () => {
  it('is never told of an event: not by id, list, count or filter', async () => {
    const as = 't2/admin'
    const list = await server.send('GET', `${events}?withTotalElements=true`, { as })
    expect(list.json()).toMatchObject({ events: [], statistics: { totalElements: 0 } })
    const bySource = await server.send('GET', `${events}?source=${server.t1.door}`, { as })
    expect(bySource.json()).toMatchObject({ events: [] })
    const known = await server.send('GET', `${events}/${doorEvent}`, { as })
    const unknown = await server.send('GET', `${events}/1`, { as })
    expect([known.statusCode, known.body]).toEqual([unknown.statusCode, unknown.body])
  })
})
