import { beforeEach, describe, expect, it } from 'vitest'
import { wrongPasswordsMax } from '../../../core/limits.ts'
import { sampleStartMs } from '../../../ports/event-samples.contract.ts'
import { basic, createCumulocityServer, testPassword } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 5.2 and 5.3 */
let server: CumulocityServer

beforeEach(async () => {
  server = await createCumulocityServer()
})

const formType = { 'content-type': 'application/x-www-form-urlencoded' }

type Form = Readonly<Record<string, string>>

const right: Form = {
  grant_type: 'PASSWORD',
  username: 'admin',
  password: testPassword,
  tfa_code: 'undefined',
}

const post = (path: string, form: Form, headers: Form = {}) =>
  server.send('POST', path, {
    as: null,
    headers: { accept: undefined, ...formType, ...headers },
    body: new URLSearchParams(form).toString(),
  })

const takeToken = async (form: Form = right): Promise<string> => {
  const answer = await post('/tenant/oauth/token?tenant_id=t1', form)
  return answer.json<{ access_token: string }>().access_token
}

type Cookies = { readonly token: string; readonly proof: string; readonly all: readonly string[] }

const takeCookies = async (): Promise<Cookies> => {
  const answer = await post('/tenant/oauth?tenant_id=t1', right)
  const header = answer.headers['set-cookie']
  const all = Array.isArray(header) ? header : [String(header)]
  const [token = '', proof = ''] = all.map((text) => /=([^;]*)/.exec(text)?.[1] ?? '')
  return { token, proof, all }
}

const currentUser = (headers: Readonly<Record<string, string>>) =>
  server.send('GET', '/user/currentUser', { as: null, headers })

const bearer = (token: string) => currentUser({ authorization: `Bearer ${token}` })

const byCookie = ({ token, proof }: Pick<Cookies, 'token' | 'proof'>) =>
  currentUser({ cookie: `x=y; authorization=${token}; XSRF-TOKEN=${proof}`, 'x-xsrf-token': proof })

describe('a token in the body', () => {
  it('is answered as plain JSON, Accept or none, and proves its user', async () => {
    const answer = await post('/tenant/oauth/token?tenant_id=t1', right)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toBe('application/json;charset=UTF-8')
    expect(answer.headers['set-cookie']).toBeUndefined()
    const { access_token: token } = answer.json<{ access_token: string }>()
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64').toString())
    expect(claims).toMatchObject({ sub: 'admin', ten: 't1', exp: sampleStartMs / 1000 + 172_800 })
    expect((await bearer(token)).json()).toMatchObject({ id: 'admin' })
  })

  it('finds the tenant in the address, before the user, and by the host', async () => {
    const at = async (path: string, username: string, host = 'belfry.test') => {
      const answer = await post(path, { ...right, username }, { host })
      return answer.statusCode
    }
    expect(await at('/tenant/oauth/token?tenant_id=t2', 'admin')).toBe(200)
    expect(await at('/tenant/oauth/token', 't2/admin')).toBe(200)
    expect(await at('/tenant/oauth/token', 'admin', 't2.belfry.test')).toBe(200)
    expect(await at('/tenant/oauth/token', 'admin')).toBe(401)
    expect(await at('/tenant/oauth/token?tenant_id=t7', 'admin')).toBe(401)
  })

  it('lasts two days', async () => {
    const token = await takeToken()
    const day = 24 * 60 * 60 * 1000
    server.house.clock.setMs(server.house.clock.nowMs() + 2 * day - 1000)
    expect((await bearer(token)).statusCode).toBe(200)
    server.house.clock.setMs(server.house.clock.nowMs() + 1000)
    expect((await bearer(token)).statusCode).toBe(401)
  })

  it('is refused when it is changed by a letter', async () => {
    const token = await takeToken()
    const other = token.endsWith('A') ? 'B' : 'A'
    expect((await bearer(`${token.slice(0, -1)}${other}`)).statusCode).toBe(401)
    const [head, , signature] = token.split('.')
    const forged = Buffer.from('{"sub":"reader","ten":"t1"}').toString('base64url')
    expect((await bearer(`${head}.${forged}.${signature}`)).statusCode).toBe(401)
  })
})

describe('how long a log-in lasts', () => {
  const set = (key: string, value: string, as = 't1/admin') => {
    const body = { category: 'oauth.internal', key: `${key}.lifespan.seconds`, value }
    return server.send('POST', '/tenant/options', { as, body })
  }

  const wait = (seconds: number): void => {
    server.house.clock.setMs(server.house.clock.nowMs() + seconds * 1000)
  }

  it('is for a token in the body what an option of its tenant says, from the next log-in on', async () => {
    const before = await takeToken()
    await set('body-token', '600')
    await set('body-token', '900', 't2/admin')
    const token = await takeToken()
    wait(599)
    expect((await bearer(token)).statusCode).toBe(200)
    wait(1)
    expect((await bearer(token)).statusCode).toBe(401)
    expect((await bearer(before)).statusCode).toBe(200)
  })

  it('is for cookies two options: one for the token, and one for the browser', async () => {
    await set('basic-token', '600')
    expect((await takeCookies()).all).toEqual([
      expect.stringContaining('; Max-Age=600; '),
      expect.stringContaining('; Max-Age=600; '),
    ])
    await set('basic-user.cookie', '-1')
    const cookies = await takeCookies()
    expect(cookies.all).toEqual([
      expect.stringMatching(/^authorization=[\w.-]+; Path=\/; SameSite=Lax; HttpOnly$/),
      expect.stringMatching(/^XSRF-TOKEN=[\w-]+; Path=\/; SameSite=Lax$/),
    ])
    wait(600)
    expect((await byCookie(cookies)).statusCode).toBe(401)
  })

  it('is at least five minutes', async () => {
    await set('body-token', '1')
    const token = await takeToken()
    wait(299)
    expect((await bearer(token)).statusCode).toBe(200)
    wait(1)
    expect((await bearer(token)).statusCode).toBe(401)
  })
})

describe('cookies', () => {
  it('come with an empty 200, the token first and closed to scripts', async () => {
    const answer = await post('/tenant/oauth?tenant_id=t1', right)
    expect([answer.statusCode, answer.body]).toEqual([200, ''])
    const { all } = await takeCookies()
    const twoWeeks = 14 * 24 * 60 * 60
    expect(all).toEqual([
      expect.stringMatching(
        new RegExp(`^authorization=[\\w.-]+; Path=/; Max-Age=${twoWeeks}; SameSite=Lax; HttpOnly$`),
      ),
      expect.stringMatching(
        new RegExp(`^XSRF-TOKEN=[\\w-]+; Path=/; Max-Age=${twoWeeks}; SameSite=Lax$`),
      ),
    ])
  })

  it('prove their user together with the header, and not without', async () => {
    const { token, proof } = await takeCookies()
    expect((await byCookie({ token, proof })).statusCode).toBe(200)
    const cookie = `authorization=${token}; XSRF-TOKEN=${proof}`
    for (const headers of [
      { cookie },
      { cookie, 'x-xsrf-token': '' },
      { cookie, 'x-xsrf-token': 'made-up' },
      { cookie: `authorization=${token}; XSRF-TOKEN=made-up`, 'x-xsrf-token': 'made-up' },
    ]) {
      const answer = await currentUser(headers)
      expect(answer.statusCode).toBe(401)
      expect(answer.headers['www-authenticate']).toBe('XBasic realm="Cumulocity"')
    }
  })

  it('of another log-in are no proof', async () => {
    const [{ token }, { proof }] = [await takeCookies(), await takeCookies()]
    expect((await byCookie({ token, proof })).statusCode).toBe(401)
  })

  it('prove their user as a bearer too, without the header', async () => {
    expect((await bearer((await takeCookies()).token)).statusCode).toBe(200)
  })

  it('say nothing beside an Authorization header', async () => {
    const { token } = await takeCookies()
    const headers = { cookie: `authorization=${token}`, authorization: basic('t1/reader') }
    expect((await currentUser(headers)).json()).toMatchObject({ id: 'reader' })
  })
})

describe('a log-in', () => {
  const both = ['/tenant/oauth', '/tenant/oauth/token'] as const

  it.each(both)('at %s without right credentials is a 401 without a dialog', async (path) => {
    for (const form of [
      { ...right, password: 'wrong' },
      { ...right, username: 'unknown' },
      { grant_type: 'PASSWORD' },
    ]) {
      const answer = await post(`${path}?tenant_id=t1`, form)
      expect(answer.statusCode).toBe(401)
      expect(answer.headers['www-authenticate']).toBe('XBasic realm="Cumulocity"')
      expect(answer.headers['set-cookie']).toBeUndefined()
      expect(answer.json()).toMatchObject({ error: 'security/Unauthorized' })
    }
  })

  it.each(both)('at %s by a suspended tenant is a 403', async (path) => {
    expect((await post(`${path}?tenant_id=t3`, right)).statusCode).toBe(403)
  })

  it.each(both)('at %s reads a form and nothing else', async (path) => {
    const json = await server.send('POST', path, { as: null, body: right })
    expect(json.statusCode).toBe(415)
    const grant = await post(`${path}?tenant_id=t1`, { ...right, grant_type: 'AUTHORIZATION_CODE' })
    expect(grant.statusCode).toBe(422)
    const large = await post(path, { ...right, username: 'x'.repeat(20_000) })
    expect(large.statusCode).toBe(413)
  })

  it.each(both)('at %s asks for no second factor, whatever is sent for one', async (path) => {
    const form = { grant_type: 'PASSWORD', username: 'admin', password: testPassword }
    const factors: readonly (readonly [Form, Form])[] = [
      [{}, {}],
      [{ tfa_code: '' }, {}],
      [{ tfa_code: '123456' }, {}],
      [{ tfa_token: '123456' }, {}],
      [{}, { tfatoken: '123456' }],
    ]
    for (const [more, headers] of factors) {
      const answer = await post(`${path}?tenant_id=t1`, { ...form, ...more }, headers)
      expect(answer.statusCode).toBe(200)
    }
  })

  it('takes the Basic header beside the form for nothing', async () => {
    const authorization = basic('t1/admin', 'wrong')
    const answer = await post('/tenant/oauth/token?tenant_id=t1', right, { authorization })
    expect(answer.statusCode).toBe(200)
  })

  it('ends with logging out, and no other with it', async () => {
    const [token, other] = [await takeToken(), await takeToken()]
    const answer = await server.send('POST', '/user/logout', { as: `Bearer ${token}`, body: {} })
    expect([answer.statusCode, answer.body]).toEqual([200, ''])
    expect(answer.headers['set-cookie']).toEqual([
      'authorization=; Path=/; Max-Age=0; SameSite=Lax',
      'XSRF-TOKEN=; Path=/; Max-Age=0; SameSite=Lax',
    ])
    expect((await bearer(token)).statusCode).toBe(401)
    expect((await bearer(other)).statusCode).toBe(200)
  })

  it('by cookie ends with logging out, which takes the proof too', async () => {
    const cookies = await takeCookies()
    const cookie = `authorization=${cookies.token}`
    const logOut = (headers: Form) => server.send('POST', '/user/logout', { as: null, headers })
    expect((await logOut({ cookie })).statusCode).toBe(401)
    expect((await byCookie(cookies)).statusCode).toBe(200)
    expect((await logOut({ cookie, 'x-xsrf-token': cookies.proof })).statusCode).toBe(200)
    expect((await byCookie(cookies)).statusCode).toBe(401)
  })

  it('by Basic has nothing to end', async () => {
    expect((await server.send('POST', '/user/logout')).statusCode).toBe(200)
    expect((await server.send('POST', '/user/logout', { as: null })).statusCode).toBe(401)
  })

  const endings: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['a changed password', () => change('PUT', '/user/currentUser', { password: 'another-one' })],
    ['a password that an administrator sets', () => changeAdmin({ password: 'another-one' })],
    ['being disabled', () => changeAdmin({ enabled: false })],
    ['the deletion of the user', () => change('DELETE', '/user/t1/users/admin', undefined)],
  ]

  const change = (method: 'PUT' | 'DELETE', path: string, body: unknown) =>
    server.send(method, path, { body })
  const changeAdmin = (body: unknown) => change('PUT', '/user/t1/users/admin', body)

  it.each(endings)('ends at once with %s', async (_what, end) => {
    const token = await takeToken()
    const cookies = await takeCookies()
    expect((await bearer(token)).statusCode).toBe(200)
    await end()
    expect((await bearer(token)).statusCode).toBe(401)
    expect((await byCookie(cookies)).statusCode).toBe(401)
  })

  it('does not come back when its user is enabled again', async () => {
    const token = await takeToken({ ...right, username: 'reader' })
    await server.send('PUT', '/user/t1/users/reader', { body: { enabled: false } })
    await server.send('PUT', '/user/t1/users/reader', { body: { enabled: true } })
    expect((await bearer(token)).statusCode).toBe(401)
  })
})

describe('who tries many passwords', () => {
  const ask = (password: string, user = 't1/admin') =>
    server.send('GET', '/event/events', { as: basic(user, password) })

  it('is locked out with 429 for a minute, with the right one too, and others are not', async () => {
    for (let nth = 1; nth <= wrongPasswordsMax; nth += 1) {
      expect((await ask(`wrong ${nth}`)).statusCode).toBe(401)
    }
    const locked = await ask(testPassword)
    expect(locked.statusCode).toBe(429)
    expect(locked.headers['retry-after']).toBe('60')
    expect(locked.json()).toMatchObject({ error: 'general/tooManyRequests' })
    const form = await post('/tenant/oauth/token?tenant_id=t1', right)
    expect(form.statusCode).toBe(429)
    expect((await ask(testPassword, 't1/reader')).statusCode).toBe(200)
    server.house.clock.setMs(server.house.clock.nowMs() + 60_000)
    expect((await ask(testPassword)).statusCode).toBe(200)
  })

  it('is not locked out by one wrong password however often it is sent', async () => {
    for (let nth = 0; nth < 100; nth += 1) expect((await ask('wrong')).statusCode).toBe(401)
    expect((await ask(testPassword)).statusCode).toBe(200)
  })
})
