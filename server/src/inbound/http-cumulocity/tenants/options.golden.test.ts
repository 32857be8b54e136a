import { beforeEach, describe, expect, it } from 'vitest'
import { optionNameLengthMax, optionsMax, optionValueLengthMax } from '../../../core/limits.ts'
import type { UserName } from '../../../core/identity.ts'
import { valueOf } from '../../../ports/event-samples.contract.ts'
import { testBase as base, testVersion } from '../../test-server.fixture.ts'
import { createCumulocityServer } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer, Method } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 6.5 */
let server: CumulocityServer

beforeEach(async () => {
  server = await createCumulocityServer()
  const { accounts } = server.house.registry
  const role = ['ROLE_OPTION_MANAGEMENT_READ'] as const
  const unchanged = { passwordHash: undefined, enabled: undefined, profile: undefined }
  const change = { ...unchanged, roles: role }
  valueOf(await accounts.changeUser(server.t1.id, 'reader' as UserName, change))
})

const send = async (method: Method, path: string, body?: unknown, as = 't1/admin') => {
  const answer = await server.send(method, path, { body, as })
  const { statusCode: status, headers } = answer
  return { status, headers, body: answer.body === '' ? '' : answer.json<unknown>() }
}

const colour = { category: 'door', key: 'colour', value: 'green' }
const self = `${base}/tenant/options/door/colour`

describe('an option', () => {
  it('is created with 200, read, changed and deleted', async () => {
    const created = await send('POST', '/tenant/options', colour)
    expect(created).toMatchObject({ status: 200, body: { self, ...colour } })
    expect(created.headers.location).toBe(self)
    expect(await send('GET', '/tenant/options/door/colour', undefined, 't1/reader')).toMatchObject({
      status: 200,
      body: { self, ...colour },
    })
    const changed = await send('PUT', '/tenant/options/door/colour', { value: '' })
    expect(changed).toMatchObject({ status: 200, body: { self, ...colour, value: '' } })
    expect((await send('DELETE', '/tenant/options/door/colour')).status).toBe(204)
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const body = method === 'PUT' ? { value: 'x' } : undefined
      const gone = await send(method, '/tenant/options/door/colour', body)
      expect(gone).toMatchObject({ status: 404, body: { error: 'options/Not Found' } })
    }
  })

  it('that is created again has the new value', async () => {
    await send('POST', '/tenant/options', colour)
    await send('POST', '/tenant/options', { ...colour, value: 'red' })
    const list = await send('GET', '/tenant/options?withTotalElements=true')
    expect(list.body).toEqual({
      self: `${base}/tenant/options?withTotalElements=true&pageSize=5&currentPage=1`,
      statistics: { currentPage: 1, pageSize: 5, totalElements: 1 },
      options: [{ self, ...colour, value: 'red' }],
    })
  })

  it('is sent back only to who accepts something, in its own type', async () => {
    const headers = { accept: undefined }
    const silent = await server.send('POST', '/tenant/options', { body: colour, headers })
    expect([silent.statusCode, silent.body]).toEqual([200, ''])
    const accept = 'application/vnd.com.nsn.cumulocity.option+json'
    const typed = await server.send('GET', '/tenant/options/door/colour', { headers: { accept } })
    expect(typed.headers['content-type']).toContain(accept)
  })

  it('may have any characters in its names', async () => {
    const option = { category: 'a/b c', key: 'ü.é%', value: '"x"' }
    const { headers } = await send('POST', '/tenant/options', option)
    const path = String(headers.location).slice(base.length)
    expect((await send('GET', path)).body).toMatchObject(option)
  })

  it('whose key begins with credentials. is shown only to who may change it', async () => {
    const secret = { category: 'mail', key: 'credentials.password', value: 'open-sesame' }
    await send('POST', '/tenant/options', secret)
    const paths = ['/tenant/options', '/tenant/options/mail', '/tenant/options/mail/' + secret.key]
    for (const path of paths) {
      const seen = await send('GET', path, undefined, 't1/reader')
      expect(JSON.stringify(seen.body)).toContain('<<Encrypted>>')
      expect(JSON.stringify(seen.body)).not.toContain('open-sesame')
      expect(JSON.stringify((await send('GET', path)).body)).toContain('open-sesame')
    }
  })
})

describe('a category of options', () => {
  it('is an object of keys and values, to which a PUT adds', async () => {
    expect(await send('GET', '/tenant/options/door')).toMatchObject({ status: 200, body: {} })
    await send('POST', '/tenant/options', colour)
    const put = await send('PUT', '/tenant/options/door', { colour: 'red', height: '2' })
    expect(put).toMatchObject({ status: 200, body: { colour: 'red', height: '2' } })
    const read = await send('GET', '/tenant/options/door', undefined, 't1/reader')
    expect(read.body).toEqual({ colour: 'red', height: '2' })
  })

  it('stays as it was when one of its values is refused', async () => {
    await send('POST', '/tenant/options', colour)
    const refused = await send('PUT', '/tenant/options/door', { colour: 'red', height: 2 })
    expect(refused).toMatchObject({ status: 422, body: { message: 'height: must be a string' } })
    expect((await send('GET', '/tenant/options/door')).body).toEqual({ colour: 'green' })
  })
})

describe('options', () => {
  it('are those of the own tenant', async () => {
    await send('POST', '/tenant/options', colour)
    const other = await send('GET', '/tenant/options', undefined, 't2/admin')
    expect(other.body).toMatchObject({ options: [] })
    const path = '/tenant/options/door/colour'
    expect((await send('GET', path, undefined, 't2/admin')).status).toBe(404)
  })

  it('are refused when something is missing, wrong or too long', async () => {
    const missing = await send('POST', '/tenant/options', {})
    const message = 'Following mandatory fields should be included: category,key,value'
    expect(missing).toMatchObject({
      status: 422,
      body: { error: 'undefined/validationError', message },
    })
    const long = 'x'.repeat(optionNameLengthMax + 1)
    const wrong: readonly object[] = [
      { ...colour, value: 1 },
      { ...colour, category: long },
      { ...colour, key: 'a\n' },
      { ...colour, value: 'x'.repeat(optionValueLengthMax + 1) },
    ]
    for (const body of wrong) {
      expect((await send('POST', '/tenant/options', body)).status).toBe(422)
    }
    await send('POST', '/tenant/options', colour)
    expect((await send('PUT', '/tenant/options/door/colour', {})).status).toBe(422)
    expect((await send('PUT', '/tenant/options/door/colour', { value: 1 })).status).toBe(422)
    expect((await send('POST', '/tenant/options', '')).status).toBe(422)
    const type = { 'content-type': 'text/plain' }
    const text = await server.send('POST', '/tenant/options', { body: 'x', headers: type })
    expect(text.statusCode).toBe(415)
  })

  it(`are at most ${optionsMax} of a tenant`, async () => {
    const many = Object.fromEntries(
      Array.from({ length: optionsMax }, (_, at) => [`key${at}`, 'x'] as const),
    )
    expect((await send('PUT', '/tenant/options/many', many)).status).toBe(200)
    expect((await send('POST', '/tenant/options', colour)).status).toBe(422)
    expect((await send('PUT', '/tenant/options/many', { key0: 'y' })).status).toBe(200)
    expect((await send('PUT', '/tenant/options/many', { ...many, one: 'x' })).status).toBe(422)
  })

  it('take a role to read and another to change', async () => {
    await send('POST', '/tenant/options', colour)
    for (const path of ['/tenant/options', '/tenant/options/door', '/tenant/options/door/colour']) {
      expect((await send('GET', path, undefined, 't1/writer')).status).toBe(403)
    }
    const one = '/tenant/options/door/colour'
    expect((await send('POST', '/tenant/options', colour, 't1/reader')).status).toBe(403)
    expect((await send('PUT', one, { value: 'x' }, 't1/reader')).status).toBe(403)
    expect((await send('PUT', '/tenant/options/door', {}, 't1/reader')).status).toBe(403)
    expect((await send('DELETE', one, undefined, 't1/reader')).status).toBe(403)
    const stranger = await server.send('GET', '/tenant/options', { as: null })
    expect(stranger.statusCode).toBe(401)
  })
})

describe('system options', () => {
  it('say the version, to every user and to no key', async () => {
    const version = { category: 'system', key: 'version', value: testVersion }
    const path = '/tenant/system/options/system/version'
    const read = await send('GET', path, undefined, 't1/nobody')
    expect(read).toMatchObject({ status: 200, body: { self: base + path, ...version } })
    const list = await send('GET', '/tenant/system/options', undefined, 't1/nobody')
    const support = { category: 'support-user', key: 'enabled', value: 'false' }
    expect(list.body).toMatchObject({ options: [support, version] })
    const key = await server.house.addKey(server.t1.id)
    expect((await send('GET', path, undefined, `Bearer ${key}`)).status).toBe(403)
  })

  it('that are unknown are a 404, and none is changed', async () => {
    const unknown = await send('GET', '/tenant/system/options/support/url')
    expect(unknown).toMatchObject({ status: 404, body: { error: 'options/Not Found' } })
    expect((await send('PUT', '/tenant/system/options/system/version', {})).status).toBe(405)
  })
})
