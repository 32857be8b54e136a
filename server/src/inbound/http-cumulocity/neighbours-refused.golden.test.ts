import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCumulocityServer } from './cumulocity-server.fixture.ts'
import type { CumulocityServer, Method } from './cumulocity-server.fixture.ts'

/** What stands beside the events and is refused (docs/protocols/cumulocity.md, 1.7, 4.2 and 6). */
let server: CumulocityServer

const objects = '/inventory/managedObjects'
const users = '/user/t1/users'
const groups = '/user/t1/groups'

describe('each of the neighbours', () => {
  beforeAll(async () => {
    server = await createCumulocityServer()
  })

  it.each([
    [objects, ['GET', 'POST', 'PUT']],
    ['/inventory/binaries', ['GET', 'POST']],
    ['/identity/search', ['POST']],
    [users, ['GET', 'POST']],
    [groups, ['GET', 'POST']],
    ['/user/currentUser', ['GET', 'PUT']],
    ['/user/roles', ['GET']],
    ['/user/inventoryroles', ['GET', 'POST']],
    ['/tenant/currentTenant', ['GET']],
    ['/tenant/options', ['GET', 'POST']],
    ['/tenant/options/a/b', ['GET', 'PUT', 'DELETE']],
    ['/tenant/system/options', ['GET']],
    ['/retention/retentions', ['GET', 'POST']],
    ['/audit/auditRecords', ['GET', 'POST']],
    ['/application/applications', ['GET', 'POST']],
    ['/devicecontrol/newDeviceRequests', ['GET', 'POST']],
    ['/platform', ['GET']],
    ['/inventory', ['GET']],
    ['/identity', ['GET']],
    ['/user', ['GET']],
    ['/tenant', ['GET']],
    ['/audit', ['GET']],
  ] as const)(
    '%s asks who is calling, sends JSON only, and has no other methods',
    async (path, methods) => {
      const [first] = methods
      const nobody = await server.send(first, path, { as: null, headers: { usexbasic: 'true' } })
      expect(nobody.statusCode).toBe(401)
      expect(nobody.headers['www-authenticate']).toBe('XBasic realm="Cumulocity"')
      expect(nobody.json()).toMatchObject({
        error: 'security/Unauthorized',
        message: 'Full authentication is required to access this resource',
      })
      if (path !== '/inventory/binaries') {
        const page = await server.send(first, path, { headers: { accept: 'text/html' } })
        expect([page.statusCode, page.json<unknown>()]).toMatchObject([
          406,
          { error: 'general/notAcceptable' },
        ])
      }
      const other = await server.send('PATCH', path, { body: {} })
      expect([other.statusCode, other.json<unknown>()]).toMatchObject([
        405,
        { error: 'general/methodNotAllowed' },
      ])
      const allowed = String(other.headers.allow).split(', ')
      for (const method of methods) expect(allowed).toContain(method)
      expect(allowed).not.toContain('PATCH')
    },
  )

  it.each([
    objects,
    `${objects}/{door}/childAssets`,
    '/identity/globalIds/{door}/externalIds',
    '/identity/search',
    users,
    `${users}/reader/roles`,
    groups,
    '/tenant/options',
    '/retention/retentions',
    '/audit/auditRecords',
    '/application/applications',
    '/devicecontrol/newDeviceRequests',
  ])('%s takes a JSON body and nothing else', async (path) => {
    const url = path.replace('{door}', String(server.t1.door))
    const headers = { 'content-type': 'text/plain' }
    const text = await server.send('POST', url, { body: '{}', headers })
    expect([text.statusCode, text.json<unknown>()]).toMatchObject([
      415,
      { error: 'general/unsupportedMediaType' },
    ])
    for (const body of ['', '{', '[]', '{"a":1,"a":2}', '"x"', 'null']) {
      const answer = await server.send('POST', url, {
        body,
        headers: { 'content-type': 'application/json' },
      })
      expect([body, answer.statusCode, answer.json<unknown>()]).toMatchObject([
        body,
        422,
        { error: 'undefined/validationError' },
      ])
    }
  })
})

describe('a call that cannot be carried out', () => {
  beforeEach(async () => {
    server = await createCumulocityServer()
  })

  const invalid = [422, 'undefined/validationError'] as const
  const noObject = [404, 'inventory/Not Found'] as const
  const noUser = [404, 'users/Not Found'] as const
  const noGroup = [404, 'groups/Not Found'] as const
  const serial = { externalIds: [{ type: 'c8y_Serial', externalId: 'pump-1' }] }
  const role = { role: { id: 'ROLE_EVENT_READ' } }
  const cases: readonly (readonly [Method, string, unknown, number, string])[] = [
    ['PUT', `${objects}/{door}`, { name: 1 }, ...invalid],
    ['PUT', `${objects}/{door}`, { 'a.b': 1 }, ...invalid],
    ['PUT', `${objects}/{door}`, { owner: 'a b' }, ...invalid],
    ['PUT', `${objects}/{door}`, { type: 'x'.repeat(1025) }, ...invalid],
    ['PUT', objects, { managedObjects: [{ id: '{door}', name: 1 }] }, ...invalid],
    ['PUT', objects, { managedObjects: {} }, ...invalid],
    ['PUT', `${objects}/7`, { name: 'x' }, ...noObject],
    ['GET', `${objects}/7/availability`, undefined, ...noObject],
    ['GET', `${objects}/7/childDevices`, undefined, ...noObject],
    ['GET', `${objects}/7/assetParents`, undefined, ...noObject],
    ['POST', `${objects}/7/childDevices`, { name: 'x' }, ...noObject],
    ['DELETE', `${objects}/7/childDevices/{door}`, undefined, ...noObject],
    ['POST', `${objects}/{door}/childDevices`, serial, 409, 'identity/Duplicate'],
    ['POST', `${objects}/{door}/childDevices`, { name: 1 }, ...invalid],
    ['DELETE', `${objects}/{door}/childDevices`, {}, ...invalid],
    ['DELETE', `${objects}/{door}/childDevices`, undefined, ...invalid],
    ['GET', '/inventory/binaries?query=(', undefined, 422, 'inventory/Invalid Data'],
    ['PUT', '/user/currentUser', { password: 'short' }, ...invalid],
    ['PUT', `${users}/reader`, { password: 'x'.repeat(33) }, ...invalid],
    ['PUT', `${users}/reader`, { enabled: 'no' }, ...invalid],
    ['GET', `${users}/none`, undefined, ...noUser],
    ['GET', '/user/t1/userByName/none', undefined, ...noUser],
    ['GET', `${users}/none/groups`, undefined, ...noUser],
    ['POST', `${users}/none/roles`, role, ...noUser],
    ['DELETE', `${users}/none/roles/ROLE_EVENT_READ`, undefined, ...noUser],
    ['DELETE', `${users}/reader/roles/ROLE_X`, undefined, 404, 'Not Found'],
    ['PUT', `${groups}/9`, { name: 'x' }, ...noGroup],
    ['DELETE', `${groups}/9`, undefined, ...noGroup],
    ['GET', `${groups}/9/users`, undefined, ...noGroup],
    ['GET', `${groups}/9/roles`, undefined, ...noGroup],
    ['POST', `${groups}/9/roles`, role, ...noGroup],
    ['DELETE', `${groups}/9/roles/ROLE_EVENT_READ`, undefined, ...noGroup],
    ['DELETE', `${groups}/9/users/reader`, undefined, ...noGroup],
    ['GET', '/user/roles/ROLE_X', undefined, 404, 'Not Found'],
    ['PUT', '/tenant/options/door', { colour: null }, ...invalid],
    ['GET', '/audit/auditRecords?pageSize=0', undefined, ...invalid],
    ['GET', '/application/applications?currentPage=x', undefined, ...invalid],
    ['GET', '/retention/retentions?pageSize=-1', undefined, ...invalid],
    ['GET', '/tenant/options?pageSize=1.5', undefined, ...invalid],
  ]

  it('says so in the words of the original, and leaves everything as it was', async () => {
    const filled = (text: string) => text.replaceAll('{door}', String(server.t1.door))
    const before = await server.send('GET', `${objects}?pageSize=100&withChildren=true`)
    for (const [method, path, body, status, error] of cases) {
      const sent = body === undefined ? undefined : filled(JSON.stringify(body))
      const answer = await server.send(method, filled(path), { body: sent })
      const said = answer.json<{ readonly error: string; readonly message: string }>()
      expect([method, path, answer.statusCode, said.error]).toEqual([method, path, status, error])
      expect(said.message).not.toBe('')
    }
    const after = await server.send('GET', `${objects}?pageSize=100&withChildren=true`)
    expect(after.json()).toEqual(before.json())
  })

  it('gives no group the name of another', async () => {
    await server.send('POST', groups, { body: { name: 'keepers' } })
    const made = await server.send('POST', groups, { body: { name: 'guests' } })
    const { id } = made.json<{ readonly id: number }>()
    const taken = await server.send('PUT', `${groups}/${id}`, { body: { name: 'keepers' } })
    expect([taken.statusCode, taken.json<unknown>()]).toMatchObject([
      409,
      { error: 'groups/Duplicate' },
    ])
    expect((await server.send('GET', `${groups}/${id}`)).json()).toMatchObject({ name: 'guests' })
  })
})
