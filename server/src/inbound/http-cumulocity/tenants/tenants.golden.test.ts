import { beforeEach, describe, expect, it } from 'vitest'
import { managementTenant } from '../../../core/identity.ts'
import { roles } from '../../../core/access.ts'
import { testBase as base } from '../../test-server.fixture.ts'
import { createCumulocityServer, basic } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer, Method } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 6.3 */
let server: CumulocityServer
let operator: string

beforeEach(async () => {
  server = await createCumulocityServer()
  await server.house.addTenant(managementTenant)
  const added = await server.house.addUser(managementTenant, 'operator', roles)
  operator = added['authorization'] ?? ''
})

const send = async (method: Method, path: string, body?: unknown, as = operator) => {
  const answer = await server.send(method, path, { body, as })
  const { statusCode: status, headers } = answer
  return { status, headers, body: answer.body === '' ? '' : answer.json<unknown>() }
}

const acme = {
  id: 'acme',
  company: 'Acme',
  domain: 'doors.example.org',
  adminName: 'keeper',
  adminPass: 'open-sesame-2',
  adminEmail: 'keeper@example.org',
  customProperties: { plan: 'small' },
}

const aTime: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)

const shown = {
  id: 'acme',
  self: `${base}/tenant/tenants/acme`,
  company: 'Acme',
  domain: 'doors',
  status: 'ACTIVE',
  creationTime: aTime,
  allowCreateTenants: false,
  parent: 'management',
  adminName: 'keeper',
  adminEmail: 'keeper@example.org',
  customProperties: { plan: 'small' },
}

const me = (password = acme.adminPass) =>
  server.send('GET', '/user/currentUser', { as: basic('acme/keeper', password) })

describe('a tenant', () => {
  it('is created with an administrator who can log in, and is shown without the password', async () => {
    const created = await send('POST', '/tenant/tenants', acme)
    expect(created).toMatchObject({ status: 201, body: shown })
    expect(created.headers.location).toBe(shown.self)
    expect(created.body).toEqual(shown)
    expect((await send('GET', '/tenant/tenants/acme')).body).toEqual(shown)
    expect((await me()).statusCode).toBe(200)
    const own = await server.send('GET', '/tenant/currentTenant', {
      as: basic('acme/keeper', acme.adminPass),
    })
    expect(own.json()).toMatchObject({ name: 'acme', customProperties: { plan: 'small' } })
  })

  it('gets an id of its own when it names none', async () => {
    const { id: _, ...nameless } = acme
    const created = await send('POST', '/tenant/tenants', nameless)
    expect(created.status).toBe(201)
    expect(created.headers.location).toMatch(/\/tenant\/tenants\/t\d+$/)
  })

  it('is changed in part, suspended and let go on', async () => {
    await send('POST', '/tenant/tenants', acme)
    const path = '/tenant/tenants/acme'
    const changed = await send('PUT', path, { ...shown, company: 'New', contactName: 'Kim' })
    const after = { ...shown, company: 'New', contactName: 'Kim' }
    expect(changed).toMatchObject({ status: 200, body: after })
    const suspended = await send('PUT', path, { status: 'SUSPENDED' })
    expect(suspended.body).toEqual({ ...after, status: 'SUSPENDED' })
    expect((await me()).statusCode).toBe(403)
    await send('PUT', path, { status: 'ACTIVE', customProperties: {} })
    expect((await me()).statusCode).toBe(200)
    expect((await send('GET', path)).body).toEqual({ ...after, customProperties: {} })
  })

  it('keeps the digits of its custom properties', async () => {
    const sent = '{"account": 12345678901234567890, "rate":1.50}'
    const body = JSON.stringify({ ...acme, customProperties: 0 }).replace(
      '"customProperties":0',
      `"customProperties":${sent}`,
    )
    const kept = `"customProperties":${sent}`
    const as = basic('acme/keeper', acme.adminPass)
    const path = '/tenant/tenants/acme'
    const answers = [
      await server.send('POST', '/tenant/tenants', { body, as: operator }),
      await server.send('GET', path, { as: operator }),
      await server.send('GET', '/tenant/tenants?pageSize=100', { as: operator }),
      await server.send('GET', '/tenant/currentTenant', { as }),
      await server.send('PUT', path, { body: `{${kept},"company":"New"}`, as: operator }),
    ]
    for (const answer of answers) expect(answer.body).toContain(kept)
  })

  it('is deleted with everything it owns', async () => {
    const event = await server.createEvent()
    expect((await send('DELETE', '/tenant/tenants/t1')).status).toBe(204)
    const gone = await send('GET', '/tenant/tenants/t1')
    expect(gone).toMatchObject({
      status: 404,
      body: { error: 'security/Not Found', message: 'There is no tenant with id = t1' },
    })
    expect((await server.send('GET', `/event/events/${event}`)).statusCode).toBe(401)
    expect((await send('DELETE', '/tenant/tenants/t1')).status).toBe(404)
    expect((await send('PUT', '/tenant/tenants/t1', {})).status).toBe(404)
  })

  it('conflicts by id and by domain', async () => {
    await send('POST', '/tenant/tenants', acme)
    const sameDomain = { ...acme, id: 'other' }
    for (const body of [acme, sameDomain]) {
      const refused = await send('POST', '/tenant/tenants', body)
      expect(refused).toMatchObject({ status: 409, body: { error: 'tenants/Duplicate' } })
    }
  })

  it('is refused when something is missing or wrong', async () => {
    const empty = await send('POST', '/tenant/tenants', {})
    const message =
      'Following mandatory fields should be included: company,domain,adminName,adminPass'
    expect(empty).toMatchObject({ status: 422, body: { message } })
    const wrong: readonly object[] = [
      { ...acme, adminPass: 'short' },
      { ...acme, adminName: 'a b' },
      { ...acme, id: 'A B' },
      { ...acme, domain: '-' },
      { ...acme, adminEmail: 'x'.repeat(1001) },
      { ...acme, customProperties: 1 },
    ]
    for (const body of wrong) expect((await send('POST', '/tenant/tenants', body)).status).toBe(422)
    await send('POST', '/tenant/tenants', acme)
    const changes = [{ status: 'GONE' }, { domain: 'windows' }, { adminPass: 'x' }, { company: '' }]
    for (const body of changes) {
      expect((await send('PUT', '/tenant/tenants/acme', body)).status).toBe(422)
    }
  })
})

describe('the tenants', () => {
  it('are listed by id, by name and by domain', async () => {
    await send('POST', '/tenant/tenants', acme)
    const list = await send('GET', '/tenant/tenants?pageSize=2&withTotalElements=true')
    expect(list.body).toMatchObject({
      tenants: [shown, { id: 'management', allowCreateTenants: true }],
      statistics: { totalElements: 5 },
      next: `${base}/tenant/tenants?withTotalElements=true&pageSize=2&currentPage=2`,
    })
    for (const query of ['company=Acme', 'domain=doors.example.org']) {
      expect((await send('GET', `/tenant/tenants?${query}`)).body).toMatchObject({
        tenants: [shown],
      })
    }
  })

  it('are the operators’ business, and that of management cannot end', async () => {
    const path = '/tenant/tenants/t1'
    const tries: readonly (readonly [Method, string, unknown])[] = [
      ['GET', '/tenant/tenants', undefined],
      ['POST', '/tenant/tenants', acme],
      ['PUT', path, { company: 'x' }],
      ['DELETE', path, undefined],
      ['GET', '/tenant/tenants/t2', undefined],
      ['GET', '/tenant/tenants/t9', undefined],
    ]
    for (const [method, url, body] of tries) {
      expect((await send(method, url, body, 't1/admin')).status).toBe(403)
    }
    expect((await send('GET', path, undefined, 't1/admin')).status).toBe(200)
    expect((await send('DELETE', '/tenant/tenants/management')).status).toBe(422)
    const suspended = await send('PUT', '/tenant/tenants/management', { status: 'SUSPENDED' })
    expect(suspended.status).toBe(422)
  })
})
