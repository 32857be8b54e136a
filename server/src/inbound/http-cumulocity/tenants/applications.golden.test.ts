import { beforeEach, describe, expect, it } from 'vitest'
import { testBase as base } from '../../test-server.fixture.ts'
import { createCumulocityServer } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer, Method } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 6.8 */
let server: CumulocityServer
let id: string

const send = async (method: Method, path: string, body?: unknown, as = 't1/admin') => {
  const answer = await server.send(method, path, { body, as })
  const { statusCode: status, headers } = answer
  return { status, headers, body: answer.body === '' ? '' : answer.json<unknown>() }
}

const panel = { name: 'panel', key: 'panel-key', type: 'HOSTED', contextPath: 'panel' }

beforeEach(async () => {
  server = await createCumulocityServer()
  const created = await server.send('POST', '/application/applications', { body: panel })
  id = created.json<{ readonly id: string }>().id
})

const shown = () => ({
  id,
  self: `${base}/application/applications/${id}`,
  ...panel,
  availability: 'PRIVATE',
  owner: { self: `${base}/tenant/tenants/t1`, tenant: { id: 't1' } },
})

const one = () => `/application/applications/${id}`

describe('an application', () => {
  it('is created with an id of digits, read, changed and deleted', async () => {
    expect(id).toMatch(/^\d+$/)
    expect(await send('GET', one())).toMatchObject({ status: 200, body: shown() })
    const changed = await send('PUT', one(), { ...shown(), name: 'wall', type: 'EXTERNAL' })
    expect(changed).toMatchObject({ status: 200, body: { ...shown(), name: 'wall' } })
    expect((await send('DELETE', one())).status).toBe(204)
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const gone = await send(method, one(), method === 'PUT' ? {} : undefined)
      const message = `Could not find application by ID ${id}`
      const body = { error: 'applications/Not Found', message }
      expect(gone).toMatchObject({ status: 404, body })
    }
  })

  it('is told where it is found', async () => {
    const body = { name: 'x', key: 'x', type: 'EXTERNAL' }
    const created = await send('POST', '/application/applications', body)
    expect(created.status).toBe(201)
    expect(created.headers.location).toMatch(/\/application\/applications\/\d+$/)
    expect(created.body).not.toHaveProperty('contextPath')
  })

  it('conflicts by its key', async () => {
    const twice = await send('POST', '/application/applications', panel)
    expect(twice).toMatchObject({ status: 409, body: { error: 'applications/Duplicate' } })
    const other = { ...panel, key: 'other' }
    await send('POST', '/application/applications', other)
    expect((await send('PUT', one(), { key: 'other' })).status).toBe(409)
  })

  it('is refused when something is missing or wrong', async () => {
    const empty = await send('POST', '/application/applications', {})
    const message = 'Following mandatory fields should be included: key,name,type'
    expect(empty).toMatchObject({ status: 422, body: { message } })
    const { contextPath: _, ...pathless } = panel
    const wrong = [pathless, { ...panel, type: 'PAPER' }, { ...panel, name: 'x'.repeat(257) }]
    for (const body of wrong) {
      expect((await send('POST', '/application/applications', body)).status).toBe(422)
    }
    for (const body of [{ name: '' }, { key: 1 }]) {
      expect((await send('PUT', one(), body)).status).toBe(422)
    }
  })

  it('that asks is found by the key it shows, and has no users in other tenants', async () => {
    const path = '/application/currentApplication'
    const headers = { 'x-cumulocity-application-key': panel.key }
    const own = await server.send('GET', path, { as: 't1/nobody', headers })
    expect(own.json()).toEqual(shown())
    const users = await server.send('GET', `${path}/subscriptions`, { as: 't1/nobody', headers })
    expect([users.statusCode, users.json()]).toEqual([200, { users: [] }])
    const foreign = await server.send('GET', path, { as: 't2/admin', headers })
    expect(foreign.statusCode).toBe(404)
    expect((await send('GET', path)).status).toBe(404)
    expect((await send('GET', `${path}/subscriptions`)).status).toBe(404)
  })

  it('whose key nobody knows is no reason to refuse anything else', async () => {
    const headers = { 'x-cumulocity-application-key': 'unknown' }
    expect((await server.send('GET', '/event/events', { headers })).statusCode).toBe(200)
  })
})

describe('applications', () => {
  it('are listed by name, user, tenant and owner, and with the tenant', async () => {
    const paths = [
      '/application/applications?name=panel&type=HOSTED',
      '/application/applicationsByName/panel',
      '/application/applicationsByUser/nobody?dropOverwrittenApps=true&noPaging=true',
      '/application/applicationsByTenant/t1',
      '/application/applicationsByOwner/t1',
    ]
    for (const path of paths) {
      expect(await send('GET', path)).toMatchObject({
        status: 200,
        body: { applications: [shown()], statistics: { currentPage: 1 } },
      })
    }
    expect((await send('GET', '/application/applications?owner=t1')).body).toMatchObject({
      applications: [shown()],
    })
    const none = [
      '/application/applicationsByName/x',
      '/application/applications?type=EXTERNAL',
      '/application/applications?owner=t2',
    ]
    for (const path of none) {
      expect((await send('GET', path)).body).toMatchObject({ applications: [] })
    }
    const tenant = await send('GET', '/tenant/currentTenant')
    const { self } = shown()
    expect(tenant.body).toMatchObject({
      applications: { references: [{ self, application: shown() }] },
    })
  })

  it('are all on one page for who wants no pages', async () => {
    for (let nth = 0; nth < 7; nth += 1) {
      const body = { name: `app${nth}`, key: `key${nth}`, type: 'EXTERNAL' }
      await send('POST', '/application/applications', body)
    }
    const path = '/application/applicationsByUser/admin'
    const page = await send('GET', path)
    expect(page.body).toMatchObject({ applications: { length: 5 }, statistics: { pageSize: 5 } })
    expect(page.body).toHaveProperty('next')
    const whole = await send('GET', `${path}?noPaging=true&pageSize=3&currentPage=2`)
    expect(whole.body).toMatchObject({
      applications: { length: 8 },
      statistics: { currentPage: 1 },
    })
    expect(whole.body).not.toHaveProperty('next')
    expect(whole.body).not.toHaveProperty('prev')
  })

  it('take a role, but every user may ask for its own', async () => {
    for (const path of ['', 'ByName/panel', 'ByTenant/t1', 'ByOwner/t1', 'ByUser/admin']) {
      const answer = await send('GET', `/application/applications${path}`, undefined, 't1/nobody')
      expect(answer.status).toBe(403)
    }
    const own = await send('GET', '/application/applicationsByUser/nobody', undefined, 't1/nobody')
    expect(own).toMatchObject({ status: 200, body: { applications: [shown()] } })
    for (const [method, body] of [['PUT', {}], ['DELETE']] as const) {
      expect((await send(method, one(), body, 't1/nobody')).status).toBe(403)
    }
    expect((await send('POST', '/application/applications', panel, 't1/nobody')).status).toBe(403)
    const unknown = await send('GET', '/application/applicationsByUser/x')
    expect(unknown).toMatchObject({ status: 404, body: { error: 'users/Not Found' } })
  })

  it('of another tenant are out of reach', async () => {
    expect((await send('GET', one(), undefined, 't2/admin')).status).toBe(404)
    expect((await send('GET', '/application/applicationsByTenant/t2')).status).toBe(403)
    expect((await send('GET', '/application/applicationsByTenant/t9')).status).toBe(403)
  })
})
