import { beforeEach, describe, expect, it } from 'vitest'
import { userNameLengthMax } from '../../../core/limits.ts'
import { testBase as base } from '../../test-server.fixture.ts'
import { basic, createCumulocityServer } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 5.1 and 6.3 */
let server: CumulocityServer

beforeEach(async () => {
  server = await createCumulocityServer()
})

const users = '/user/t1/users'
const password = 'open-sesame-2'

const create = (body: object) =>
  server.send('POST', users, { body: { userName: 'ann', password, ...body } })

describe('the name of a user', () => {
  it.each([' ', '\t', '\n', '/', '+', '$', ':', '\u0000', '\u00a0'])(
    'has no %j in it',
    async (mark) => {
      const answer = await create({ userName: `a${mark}b` })
      expect(answer.statusCode).toBe(422)
      expect(answer.json()).toMatchObject({ error: 'undefined/validationError' })
    },
  )

  it(`has up to ${userNameLengthMax} characters, and finds the user in a path`, async () => {
    const userName = 'é'.repeat(userNameLengthMax)
    const answer = await create({ userName })
    expect(answer.statusCode).toBe(201)
    const path = String(answer.headers.location).slice(base.length)
    expect((await server.send('GET', path)).json()).toMatchObject({ userName })
    expect((await create({ userName: `${userName}x` })).statusCode).toBe(422)
  })
})

describe('the password of a user', () => {
  it.each(['123456', 'x'.repeat(32), 'pass/wörd:🔑'])(
    'may be %s, and is never shown',
    async (secret) => {
      const made = await create({ password: secret })
      expect(made.statusCode).toBe(201)
      const as = basic('t1/ann', secret)
      const answers = [
        made,
        await server.send('GET', `${users}/ann`),
        await server.send('GET', `${users}?pageSize=100`),
        await server.send('PUT', `${users}/ann`, { body: { password: secret } }),
        await server.send('GET', '/user/currentUser', { as }),
      ]
      for (const answer of answers) {
        expect(answer.statusCode).toBeLessThan(300)
        expect(answer.body).not.toContain(secret)
        expect(answer.body).not.toContain('"password"')
      }
    },
  )
})

describe('a user', () => {
  it('keeps what it is told of a person, and ignores what it sets itself or has none of', async () => {
    const kept = {
      email: 'ann@example.org',
      firstName: 'Ann',
      lastName: 'Noun',
      displayName: 'Ann N.',
      phone: '+49 1',
      customProperties: { language: 'de', deep: { a: [1, null] } },
    }
    const ignored = {
      id: '7',
      self: 'x',
      applications: [{ id: '1' }],
      newsletter: true,
      passwordStrength: 'GREEN',
      twoFactorAuthenticationEnabled: true,
      lastPasswordChange: '1970-01-01T00:00:00Z',
      groups: { references: [{ group: { id: 1 } }] },
    }
    const made = await create({ ...kept, ...ignored })
    expect(made.statusCode).toBe(201)
    const self = `${base}${users}/ann`
    const shown = {
      ...kept,
      id: 'ann',
      self,
      userName: 'ann',
      enabled: true,
      applications: [],
      devicePermissions: {},
      shouldResetPassword: false,
      twoFactorAuthenticationEnabled: false,
      lastPasswordChange: '2026-02-01T09:00:00.000Z',
      groups: { self: `${self}/groups`, references: [] },
      roles: { self: `${self}/roles`, references: [] },
    }
    expect(made.json()).toEqual(shown)
    const changed = await server.send('PUT', `${users}/ann`, { body: { ...shown, phone: '1' } })
    expect(changed.json()).toEqual({ ...shown, phone: '1' })
    const counted = await server.send('GET', `${users}?username=ann&withSubusersCount=true`)
    expect(counted.json()).toMatchObject({ users: [{ ...shown, phone: '1' }] })
  })
})
