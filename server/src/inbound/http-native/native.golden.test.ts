import { describe, expect, it } from 'vitest'
import { appsMax } from '../../core/limits.ts'
import { call, createServer, t1 } from './native-server.fixture.ts'
import type { Server } from './native-server.fixture.ts'

const aTime: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
const aText: unknown = expect.stringMatching(/^.+$/)

describe('tenants below /belfry/v1', () => {
  it('lets an operator create, list, read, suspend, resume and delete', async () => {
    const { server } = createServer()
    const run = (line: string, body?: unknown) => call(server, 'operator', line, body)
    const tenant = { id: 't2', name: 'Two', domain: 't2', creationTime: aTime }
    const created = await run('POST /belfry/v1/tenants', { id: 't2', name: 'Two' })
    expect(created).toMatchObject({
      status: 201,
      headers: { 'content-type': 'application/json; charset=utf-8', 'x-request-id': 'r1' },
      answer: { ...tenant, state: 'active', administrator: { name: 'admin', password: aText } },
    })
    const listed = await run('GET /belfry/v1/tenants')
    expect(listed.answer).toEqual({ tenants: [{ ...tenant, state: 'active' }] })
    const suspended = await run('POST /belfry/v1/tenants/t2/suspend')
    expect(suspended).toMatchObject({ status: 200, answer: { state: 'suspended' } })
    expect((await run('POST /belfry/v1/tenants/t2/resume')).answer).toMatchObject({
      state: 'active',
    })
    expect((await run('GET /belfry/v1/tenants/t2')).status).toBe(200)
    expect(await run('DELETE /belfry/v1/tenants/t2')).toMatchObject({
      status: 204,
      answer: undefined,
    })
    expect((await run('GET /belfry/v1/tenants/t2')).answer).toEqual({
      status: 404,
      title: 'Not found',
      detail: 'there is no tenant t2',
    })
  })

  it('does not make up a password when one is given', async () => {
    const { server } = createServer()
    const administrator = { name: 'ann', password: 'known' }
    const draft = { id: 't2', administrator }
    const { answer } = await call(server, 'operator', 'POST /belfry/v1/tenants', draft)
    expect(answer).toMatchObject({ administrator: { name: 'ann' } })
    expect(JSON.stringify(answer)).not.toContain('known')
  })

  it('answers all problems of a body at once', async () => {
    const { server } = createServer()
    const draft = { id: 'T 2', name: '', administrator: { name: 'a b', password: '' }, colour: 1 }
    const line = 'POST /belfry/v1/tenants'
    expect(await call(server, 'operator', line, draft)).toMatchObject({
      status: 422,
      headers: { 'content-type': 'application/problem+json; charset=utf-8' },
      answer: { title: 'Not valid', detail: 'colour: is not known here' },
    })
    const { colour: _, ...known } = draft
    const { answer } = await call(server, 'operator', line, known)
    expect(answer).toMatchObject({
      issues: [
        { path: 'name' },
        { path: 'administrator.password' },
        { path: 'id' },
        { path: 'administrator.name' },
      ],
    })
  })

  it('names a member of a member by its whole path', async () => {
    const { server } = createServer()
    const draft = { id: 't2', administrator: { name: 5, password: true, role: 'x' } }
    const { answer } = await call(server, 'operator', 'POST /belfry/v1/tenants', draft)
    expect(answer).toMatchObject({
      issues: [
        { path: 'administrator.role', message: 'is not known here' },
        { path: 'administrator.name', message: 'must be a text' },
        { path: 'administrator.password', message: 'must be a text' },
      ],
    })
  })

  it('answers 409 for a tenant that exists, and keeps management out of reach', async () => {
    const { server } = createServer()
    await call(server, 'operator', 'POST /belfry/v1/tenants', { id: 't2' })
    const again = await call(server, 'operator', 'POST /belfry/v1/tenants', { id: 't2' })
    expect(again.answer).toEqual({
      status: 409,
      title: 'Already there',
      detail: 'tenant t2 exists already',
    })
    const gone = await call(server, 'operator', 'DELETE /belfry/v1/tenants/management')
    expect(gone.status).toBe(422)
  })
})

const foreign = [
  'GET /belfry/v1/tenants/X',
  'DELETE /belfry/v1/tenants/X',
  'POST /belfry/v1/tenants/X/suspend',
  'POST /belfry/v1/tenants/X/resume',
  'GET /belfry/v1/tenants/X/apps',
  'POST /belfry/v1/tenants/X/apps',
  'DELETE /belfry/v1/tenants/X/apps/a',
  'GET /belfry/v1/tenants/X/keys',
  'POST /belfry/v1/tenants/X/keys',
  'DELETE /belfry/v1/tenants/X/keys/k',
  'GET /belfry/v1/tenants/X/jobs',
  'DELETE /belfry/v1/tenants/X/jobs/1',
  'GET /belfry/v1/tenants/X/retention',
  'POST /belfry/v1/tenants/X/retention/run',
]

describe('who may not', () => {
  it.each(foreign)("can't tell another's tenant from none: %s", async (line) => {
    const { server } = createServer()
    await call(server, 'operator', 'POST /belfry/v1/tenants', { id: 't2' })
    const body = line.startsWith('POST') ? { name: 'n' } : undefined
    const there = await call(server, 'admin', line.replace('X', 't2'), body)
    const nowhere = await call(server, 'admin', line.replace('X', 't9'), body)
    expect(there.status).toBe(403)
    expect(nowhere.answer).toEqual(there.answer)
  })

  it.each([...foreign, 'GET /belfry/v1/tenants', 'POST /belfry/v1/tenants'])(
    'gets 401 without and 403 without a role: %s',
    async (line) => {
      const { server } = createServer()
      const own = line.replace('X', 't1')
      const body = line.startsWith('POST') ? { id: 't2', name: 'n' } : undefined
      const anonymous = await call(server, '', own)
      expect(anonymous.status).toBe(401)
      expect(anonymous.headers['www-authenticate']).toBe('Basic realm="Belfry"')
      expect((await call(server, 'nobody', own)).status).toBe(401)
      const decodes = !/apps$|keys$|tenants$/.test(own) || body === undefined
      const refused = await call(server, 'reader', own, decodes ? body : trim(own, body))
      expect(refused.status).toBe(403)
    },
  )
})

const membersOf = (answer: unknown): Map<string, unknown> =>
  new Map<string, unknown>(typeof answer === 'object' && answer ? Object.entries(answer) : [])

/** The members that the route knows. */
const trim = (line: string, { id, name }: { id: string; name: string }) =>
  line.endsWith('tenants') ? { id } : { name }

describe('apps and keys below /belfry/v1', () => {
  const withTenant = async () => {
    const made = createServer()
    await call(made.server, 'operator', 'POST /belfry/v1/tenants', { id: 't1' })
    const device = { name: 'door', type: undefined, fragments: [], externalIds: [] }
    const [object] = await made.inventory
      .createObjects(t1, undefined, [device])
      .then((result) => (result.ok ? result.value : []))
    return { ...made, device: String(object?.id) }
  }

  it("lets the tenant's own administrator create, list and delete apps", async () => {
    const { server } = await withTenant()
    const path = '/belfry/v1/tenants/t1/apps'
    const { status, answer } = await call(server, 'admin', `POST ${path}`, { name: 'kiosk' })
    expect(status).toBe(201)
    expect(answer).toEqual({ id: aText, name: 'kiosk', key: aText, creationTime: aTime })
    expect((await call(server, 'admin', `GET ${path}`)).answer).toEqual({ apps: [answer] })
    const id: unknown = Reflect.get(Object(answer), 'id')
    expect((await call(server, 'admin', `DELETE ${path}/${String(id)}`)).status).toBe(204)
    expect((await call(server, 'admin', `DELETE ${path}/${String(id)}`)).status).toBe(404)
  })

  it('stops at as many apps as a tenant may have', async () => {
    const { server, accounts } = await withTenant()
    const apps = Array.from({ length: appsMax }, (_, at) => `app-${at}`)
    await Promise.all(apps.map((id) => accounts.createApp({ tenant: t1, id, key: id, name: id })))
    const path = 'POST /belfry/v1/tenants/t1/apps'
    expect((await call(server, 'admin', path, { name: 'one more' })).answer).toMatchObject({
      status: 422,
      detail: `a tenant has at most ${appsMax} applications`,
    })
    await accounts.deleteApp(t1, 'app-0')
    expect((await call(server, 'admin', path, { name: 'one more' })).status).toBe(201)
  })

  it('shows a key once', async () => {
    const { server, device } = await withTenant()
    const path = '/belfry/v1/tenants/t1/keys'
    const draft = { name: 'kiosks', devices: [device], validForS: 60 }
    const { status, answer } = await call(server, 'admin', `POST ${path}`, draft)
    expect(status).toBe(201)
    expect(answer).toMatchObject({ key: aText, name: 'kiosks', devices: [device], expires: aTime })
    const listed = await call(server, 'operator', `GET ${path}`)
    const created = membersOf(answer)
    const key = String(created.get('key'))
    created.delete('key')
    expect(listed.answer).toEqual({ keys: [Object.fromEntries(created)] })
    expect(JSON.stringify(listed.answer)).not.toContain(key)
    const one = `DELETE ${path}/${String(created.get('prefix'))}`
    expect((await call(server, 'admin', one)).status).toBe(204)
    expect((await call(server, 'admin', one)).status).toBe(404)
  })

  it('refuses devices that the tenant does not have, and wrong bodies', async () => {
    const { server } = await withTenant()
    const post = (body: unknown) => call(server, 'admin', 'POST /belfry/v1/tenants/t1/keys', body)
    expect((await post({ devices: ['999'] })).answer).toMatchObject({
      status: 422,
      detail: 'devices: there is no device 999',
    })
    expect((await post({ devices: 'all' })).status).toBe(422)
    expect((await post({ devices: [] })).status).toBe(422)
    expect((await post({ validForS: 1.5 })).status).toBe(422)
    expect((await post({ validForS: 10_000_000_000 })).answer).toMatchObject({
      status: 422,
      detail: 'validForS: must be a whole number of seconds from 1 to 3162240000',
    })
    expect((await post([])).status).toBe(422)
  })

  it('gives keys of all tenants to operators only', async () => {
    const { server } = await withTenant()
    await call(server, 'operator', 'POST /belfry/v1/tenants', { id: 'management' })
    const post = (user: string, tenant: string) =>
      call(server, user, `POST /belfry/v1/tenants/${tenant}/keys`, { allTenants: true })
    expect((await post('admin', 't1')).status).toBe(403)
    expect((await post('admin', 'management')).status).toBe(403)
    expect((await post('operator', 't1')).status).toBe(422)
    expect((await post('operator', 'management')).answer).toMatchObject({ allTenants: true })
  })

  it('lists the running deletions', async () => {
    const { server } = await withTenant()
    const jobs = await call(server, 'admin', 'GET /belfry/v1/tenants/t1/jobs')
    expect(jobs.answer).toEqual({ jobs: [] })
  })

  it('says that there is no such deletion when one is to be cancelled', async () => {
    const { server } = await withTenant()
    const cancelled = await call(server, 'admin', 'DELETE /belfry/v1/tenants/t1/jobs/4711')
    expect(cancelled.answer).toEqual({
      status: 404,
      title: 'Not found',
      detail: 'there is no job 4711',
    })
  })

  it('answers problems for what is not JSON, not there and not a method', async () => {
    const { server } = await withTenant()
    const authorization = `Basic ${Buffer.from('operator:x').toString('base64')}`
    const post = (payload: string) =>
      server.inject({
        method: 'POST',
        url: '/belfry/v1/tenants',
        headers: { authorization },
        payload,
      })
    expect((await post('{')).statusCode).toBe(422)
    expect((await post('"'.repeat(70_000))).statusCode).toBe(413)
    expect((await call(server, 'admin', 'GET /belfry/v1/nothing')).answer).toMatchObject({
      status: 404,
    })
    const method = await call(server, 'admin', 'DELETE /belfry/v1/tenants')
    expect(method).toMatchObject({ status: 405, headers: { allow: 'GET, POST' } })
  })
})

describe('health and metrics', () => {
  it('says live and ready, and lists its checks when asked', async () => {
    const { server } = createServer()
    expect((await call(server, '', 'GET /livez')).answer).toEqual({ status: 'live' })
    expect(await call(server, '', 'GET /readyz')).toMatchObject({
      status: 200,
      answer: { status: 'ready' },
    })
    expect((await call(server, '', 'GET /readyz?verbose')).answer).toEqual({
      status: 'ready',
      checks: [
        { name: 'process', status: 'running' },
        { name: 'storage', status: 'ok', queuedEvents: 0 },
      ],
    })
  })

  it.each(['starting', 'stopping'] as const)('is not ready while %s', async (phase) => {
    const { server } = createServer({ phase })
    expect(await call(server, '', 'GET /readyz')).toMatchObject({
      status: 503,
      answer: { status: 'not ready' },
    })
    expect((await call(server, '', 'GET /livez')).status).toBe(200)
  })

  type From = { readonly address: string; readonly headers?: Readonly<Record<string, string>> }

  const metrics = (server: Server, { address, headers = {} }: From) =>
    server.inject({ method: 'GET', url: '/metrics', remoteAddress: address, headers })

  it('gives metrics to loopback addresses, to others with the token only', async () => {
    const { server } = createServer({ metricsToken: 'm1' })
    const local = await metrics(server, { address: '127.0.0.1' })
    expect(local.statusCode).toBe(200)
    expect(local.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(local.payload).toContain('# HELP')
    expect((await metrics(server, { address: '::1' })).statusCode).toBe(200)
    expect((await metrics(server, { address: '::ffff:127.0.0.1' })).statusCode).toBe(200)
    expect((await metrics(server, { address: '10.0.0.7' })).statusCode).toBe(401)
    const bearing = (token: string) => ({ authorization: `Bearer ${token}` })
    const right = { address: '10.0.0.7', headers: bearing('m1') }
    const wrong = { address: '10.0.0.7', headers: bearing('m2') }
    expect((await metrics(server, right)).statusCode).toBe(200)
    expect((await metrics(server, wrong)).statusCode).toBe(401)
  })

  it('takes a request that a proxy on this machine passes on for what it is', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9' }
    const untrusting = createServer().server
    const trusting = createServer({ trustedProxies: ['127.0.0.1'] }).server
    expect((await metrics(untrusting, { address: '127.0.0.1', headers })).statusCode).toBe(401)
    expect((await metrics(trusting, { address: '127.0.0.1', headers })).statusCode).toBe(401)
    const spoofed = { 'x-forwarded-for': '127.0.0.1' }
    const outside = { address: '203.0.113.9', headers: spoofed }
    expect((await metrics(trusting, outside)).statusCode).toBe(401)
  })
})
