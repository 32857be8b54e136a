import { beforeEach, describe, expect, it } from 'vitest'
import { managementTenant } from '../../core/identity.ts'
import type { TenantId } from '../../core/identity.ts'
import { valueOf } from '../../ports/event-samples.contract.ts'
import { createCumulocityServer } from './cumulocity-server.fixture.ts'
import type { CumulocityServer, Method, Sent } from './cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 9.1 */
let server: CumulocityServer

beforeEach(async () => {
  server = await createCumulocityServer()
  await server.house.addTenant(managementTenant)
})

const page = 'https://app.example.org'

const allow = async (tenant: TenantId, value: string) => {
  const option = { category: 'access.control', key: 'allow.origin', value }
  valueOf(await server.house.registry.accounts.putOptions(tenant, [option]))
}

/** The answer's status and all that a browser looks at. */
const ask = async (method: Method, path: string, sent: Sent = {}) => {
  const headers = { origin: page, ...sent.headers }
  const answer = await server.send(method, path, { ...sent, headers })
  const names = Object.keys(answer.headers).filter((name) => /^(access-control|vary)/.test(name))
  const told = Object.fromEntries(names.map((name) => [name, answer.headers[name]]))
  return { status: answer.statusCode, told, body: answer.body }
}

const exposed = {
  'access-control-expose-headers':
    'Location, Content-Disposition, Allow, Retry-After, WWW-Authenticate, X-Request-ID, RateLimit, RateLimit-Policy',
}

const toAnyone = { vary: 'Origin', 'access-control-allow-origin': '*', ...exposed }

const toThisOne = {
  vary: 'Origin',
  'access-control-allow-origin': page,
  'access-control-allow-credentials': 'true',
  ...exposed,
}

const toNobody = { vary: 'Origin' }

describe('the page of another origin', () => {
  it('may read every answer by default, but not with cookies', async () => {
    const answers = [
      await ask('GET', '/event/events'),
      await ask('POST', '/event/events', { body: {} }),
      await ask('GET', '/event/events', { as: null }),
      await ask('GET', '/event/events', { as: 't1/nobody' }),
      await ask('GET', '/no/such/path'),
      await ask('PATCH', '/event/events'),
      await ask('GET', '/tenant/loginOptions', { as: null }),
      await ask('GET', '/event/events/1/binaries'),
      await ask('GET', '/rest/v1/api/tenants/t1/devices/1/events/1', { as: null }),
    ]
    for (const { told } of answers) expect(told).toEqual(toAnyone)
    const statuses = answers.map(({ status }) => status)
    expect(statuses).toEqual([200, 422, 401, 403, 404, 405, 200, 404, 404])
  })

  it('sees nothing when its tenant names others, though the request is served', async () => {
    await allow(server.t1.id, 'https://other.example')
    expect(await ask('GET', '/event/events')).toMatchObject({ status: 200, told: toNobody })
    expect((await ask('GET', '/event/events', { as: 't2/admin' })).told).toEqual(toAnyone)
  })

  it('may use cookies when its tenant names it', async () => {
    await allow(server.t1.id, `https://other.example, ${page}`)
    expect((await ask('GET', '/event/events')).told).toEqual(toThisOne)
    const created = await ask('POST', '/inventory/managedObjects', { body: { name: 'x' } })
    expect(created).toMatchObject({ status: 201, told: toThisOne })
    const log = 'grant_type=PASSWORD&username=admin&password=open-sesame'
    const headers = { host: 't1.belfry.test', 'content-type': 'application/x-www-form-urlencoded' }
    const loggedIn = await ask('POST', '/tenant/oauth', { as: null, headers, body: log })
    expect(loggedIn).toMatchObject({ status: 200, told: toThisOne })
  })

  it('hears of a change with the next request', async () => {
    expect((await ask('GET', '/event/events')).told).toEqual(toAnyone)
    await allow(server.t1.id, '')
    expect((await ask('GET', '/event/events')).told).toEqual(toNobody)
  })

  it('that nobody knows is judged by the tenant of the host, then by the operators', async () => {
    await allow(server.t1.id, page)
    await allow(managementTenant, 'https://operators.example')
    const headers = { host: 't1.belfry.test' }
    expect((await ask('GET', '/event/events', { as: null, headers })).told).toEqual(toThisOne)
    const other = { host: 't2.belfry.test' }
    const there = await ask('GET', '/event/events', { as: null, headers: other })
    expect(there.told).toEqual(toAnyone)
    expect((await ask('GET', '/event/events', { as: null })).told).toEqual(toNobody)
  })

  it('learns by no claimed tenant which tenants there are', async () => {
    await allow(server.t1.id, 'https://other.example')
    const wrong = (tenant: string) =>
      `Basic ${Buffer.from(`${tenant}/admin:wrong`).toString('base64')}`
    const known = await ask('GET', '/event/events', { as: wrong('t1') })
    expect(known).toEqual(await ask('GET', '/event/events', { as: wrong('t9') }))
    expect(known).toMatchObject({ status: 401, told: toAnyone })
  })
})

const preflight = {
  'access-control-request-method': 'PUT',
  'access-control-request-headers': 'authorization,usexbasic,x-cumulocity-application-key',
}

const permission = {
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-allow-headers': preflight['access-control-request-headers'],
  'access-control-max-age': '600',
}

describe('a preflight', () => {
  it.each([
    '/event/events',
    '/event/events/1/binaries',
    '/tenant/oauth',
    '/no/such/path',
    '/rest/v1/api/tenants/t1/devices/1/events',
  ])('of %s is answered without credentials', async (path) => {
    const answer = await ask('OPTIONS', path, { as: null, headers: preflight })
    expect(answer).toEqual({ status: 204, told: { ...toAnyone, ...permission }, body: '' })
  })

  it('is refused by saying nothing', async () => {
    await allow(managementTenant, 'https://other.example')
    const answer = await ask('OPTIONS', '/event/events', { as: null, headers: preflight })
    expect(answer).toEqual({ status: 204, told: toNobody, body: '' })
  })

  it('for header names that are none, or too many, gets the usual ones', async () => {
    for (const names of ['a\tb;c', 'x'.repeat(2001)]) {
      const headers = { ...preflight, 'access-control-request-headers': names }
      const { told } = await ask('OPTIONS', '/event/events', { as: null, headers })
      expect(told['access-control-allow-headers']).toMatch(/^authorization, accept, content-type, /)
    }
  })

  it('is only one with a wanted method and an origin', async () => {
    expect((await ask('OPTIONS', '/event/events', { as: null })).status).toBe(405)
    const plain = await server.send('OPTIONS', '/event/events', { headers: preflight })
    expect(plain.statusCode).toBe(405)
  })
})

describe('a request without an origin', () => {
  it('is answered without a word about it', async () => {
    const { told } = await ask('GET', '/event/events', { headers: { origin: undefined } })
    expect(told).toEqual({})
  })
})
