import { Client } from '@c8y/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectStatus, request } from './api.ts'
import { credentials } from './client-lines.ts'
import { basicAuthorization, bootstrapPassword, cleanUp, startBelfry } from './harness.ts'
import type { Call } from './api.ts'
import type { Belfry } from './harness.ts'

/** What holds for tokens of the built command; every suite of `clientCases` logs in in each way. */
let belfry: Belfry

beforeAll(async () => {
  belfry = await startBelfry()
})

afterAll(cleanUp)

it('a wrong password logs nobody in', async () => {
  const wrong = { ...credentials, password: 'wrong' }
  const refused = await Client.authenticateViaOAuthInternal(wrong, belfry.url).catch(
    (error: unknown) => error,
  )
  expect(refused).toMatchObject({ res: { status: 401 } })
})

it('a token goes on after a restart, and ends with logging out', async () => {
  const token = await Client.loginViaOAuthInternal(credentials, true, belfry.url)
  await belfry.kill('SIGTERM')
  belfry = await startBelfry({ folder: belfry.folder })
  const authorization = `Bearer ${token}`
  const ask = () => request(belfry, 'GET', '/user/currentUser', { authorization })
  expect((await ask()).status).toBe(200)
  expect((await request(belfry, 'POST', '/user/logout', { authorization })).status).toBe(200)
  expect((await ask()).status).toBe(401)
})

const first = 'first password 1'
const second = 'second password 2'

/** The headers with which a page sends the cookies of its log-in. */
const takeCookies = async (user: string): Promise<Readonly<Record<string, string>>> => {
  const body = new URLSearchParams({ grant_type: 'PASSWORD', username: user, password: first })
  const url = `${belfry.url}/tenant/oauth?tenant_id=t1`
  const answer = await fetch(url, { method: 'POST', body })
  expect(answer.status).toBe(200)
  const cookies = answer.headers.getSetCookie().map((text) => text.split(';')[0] ?? '')
  const proof = cookies.find((text) => text.startsWith('XSRF-TOKEN='))?.slice('XSRF-TOKEN='.length)
  return { cookie: cookies.join('; '), 'x-xsrf-token': proof ?? '' }
}

const waysToChange: readonly (readonly [by: string, user: string, path: string, call: Call])[] = [
  ['an administrator', 'carla', '/user/t1/users/carla', { json: { password: second } }],
  [
    'the user itself',
    'dora',
    '/user/currentUser/password',
    {
      json: { currentUserPassword: first, newPassword: second },
      authorization: basicAuthorization('t1/dora', first),
    },
  ],
]

it.each(waysToChange)(
  'after a new password by %s the next request by the old one or what it began is refused',
  async (_, user, path, call) => {
    const json = { userName: user, password: first }
    await expectStatus(belfry, 201, 'POST', '/user/t1/users', { json })
    const account = { tenant: 't1', user, password: first }
    const ways: readonly Call[] = [
      { authorization: basicAuthorization(`t1/${user}`, first) },
      { authorization: `Bearer ${await Client.loginViaOAuthInternal(account, true, belfry.url)}` },
      { authorization: undefined, headers: await takeCookies(user) },
    ]
    const askAll = async () => {
      const answers = ways.map((way) => request(belfry, 'GET', '/user/currentUser', way))
      return (await Promise.all(answers)).map(({ status }) => status)
    }
    expect(await askAll()).toEqual([200, 200, 200])
    await expectStatus(belfry, 200, 'PUT', path, call)
    expect(await askAll()).toEqual([401, 401, 401])
    const renewed = { authorization: basicAuthorization(`t1/${user}`, second) }
    expect((await request(belfry, 'GET', '/user/currentUser', renewed)).status).toBe(200)
  },
)

it('neither passwords nor tokens are logged', async () => {
  const token = await Client.loginViaOAuthInternal(credentials, true, belfry.url)
  await request(belfry, 'GET', '/event/events', { authorization: `Bearer ${token}x` })
  const written = belfry.stdout() + belfry.stderr()
  expect(written).not.toContain(token)
  expect(written).not.toContain(bootstrapPassword)
})
