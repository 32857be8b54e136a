import { beforeEach, describe, expect, it } from 'vitest'
import { roles } from '../../../core/access.ts'
import { testBase as base } from '../../test-server.fixture.ts'
import { createCumulocityServer } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 5.1, 5.4 to 5.6 and 6.3 */
let server: CumulocityServer

beforeEach(async () => {
  server = await createCumulocityServer()
})

const users = '/user/t1/users'

it('whoever asks for a user or a group gets JSON, whatever the client calls it', async () => {
  const group = await server.send('POST', '/user/t1/groups', { body: { name: 'keepers' } })
  const { id } = group.json<{ id: number }>()
  const vendor = (name: string) => `application/vnd.com.nsn.cumulocity.${name}+json`
  for (const [path, accepts] of [
    ['/user/currentUser', ['user', 'currentUser', 'currentuser']],
    [`${users}/reader`, ['user']],
    [`/user/t1/groups/${id}`, ['group']],
  ] as const) {
    const named = accepts.flatMap((name) => [vendor(name), `${vendor(name)};`])
    for (const accept of [...named, 'application/json', '*/*', undefined]) {
      const answer = await server.send('GET', path, { headers: { accept } })
      expect([path, accept, answer.statusCode]).toEqual([path, accept, 200])
      expect(answer.headers['content-type']).toContain('json')
      expect(answer.json()).toHaveProperty('self')
    }
  }
})

it('a name with a character that separates something is no user’s', async () => {
  for (const userName of ['a b', 'a\tb', 'a/b', 'a+b', 'a$b', 'a:b', 'a\nb', ' ']) {
    const body = { userName, password: 'open-sesame' }
    const answer = await server.send('POST', users, { body })
    expect([userName, answer.statusCode]).toEqual([userName, 422])
    expect(answer.json<{ message: string }>().message).toContain('userName: ')
  }
})

it('the roles of the original for what is served are listed, read and given', async () => {
  const areas: readonly (readonly [string, readonly string[]])[] = [
    ['EVENT', ['READ', 'ADMIN']],
    ['INVENTORY', ['READ', 'ADMIN', 'CREATE']],
    ['MANAGED_OBJECT', ['READ', 'ADMIN', 'CREATE']],
    ['IDENTITY', ['READ', 'ADMIN']],
    ['USER_MANAGEMENT', ['READ', 'CREATE', 'ADMIN', 'OWN_READ', 'OWN_ADMIN']],
    ['TENANT_MANAGEMENT', ['READ', 'ADMIN', 'CREATE', 'UPDATE']],
    ['OPTION_MANAGEMENT', ['READ', 'ADMIN']],
    ['RETENTION_RULE', ['READ', 'ADMIN']],
    ['AUDIT', ['READ', 'ADMIN']],
    ['DEVICE_CONTROL', ['READ', 'ADMIN']],
    ['APPLICATION_MANAGEMENT', ['READ', 'ADMIN']],
  ]
  const others = ['TENANT_ADMIN', 'DEVICE_BOOTSTRAP', 'DEVICE', 'SYSTEM']
  const named = [
    ...areas.flatMap(([area, kinds]) => kinds.map((kind) => `${area}_${kind}`)),
    ...others,
  ]
  expect([...roles].sort()).toEqual(named.map((name) => `ROLE_${name}`).sort())
  for (const id of roles) {
    const self = `${base}/user/roles/${id}`
    expect((await server.send('GET', `/user/roles/${id}`)).json()).toEqual({ id, name: id, self })
    const given = await server.send('POST', `${users}/nobody/roles`, { body: { role: { self } } })
    expect(given.statusCode).toBe(201)
  }
})

describe('permissions on objects', () => {
  const give = async (texts: readonly unknown[]) => {
    const body = { devicePermissions: { [String(server.t1.door)]: texts } }
    return (await server.send('PUT', `${users}/nobody`, { body })).statusCode
  }

  it('are about each API of the original, or all, and to read, administer, or both', async () => {
    const apis = ['OPERATION', 'ALARM', 'AUDIT', 'EVENT', 'MANAGED_OBJECT', 'MEASUREMENT', '*']
    const texts = apis.flatMap((api) =>
      ['READ', 'ADMIN', '*'].flatMap((level) => [`${api}:*:${level}`, `${api}:c8y_Door:${level}`]),
    )
    expect(await give(texts)).toBe(200)
    const answer = await server.send('GET', `${users}/nobody`)
    expect(answer.json()).toMatchObject({
      devicePermissions: { [String(server.t1.door)]: texts },
    })
  })

  it.each([
    '',
    'EVENT',
    'EVENT:*',
    'EVENTS:*:READ',
    'event:*:READ',
    'EVENT:*:WRITE',
    'EVENT::READ',
  ])('written as %j are refused', async (text) => {
    expect(await give([text])).toBe(422)
  })

  it('of an assignment name their object, their roles and where they are found', async () => {
    const path = `${users}/nobody/roles/inventory`
    const body = { managedObject: String(server.t1.door), roles: [{ id: 1 }, { name: 'Reader' }] }
    const answer = await server.send('POST', path, { body })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({
      id: 1,
      self: `${base}${path}/1`,
      managedObject: String(server.t1.door),
      roles: [
        { id: 1, name: 'Manager', self: `${base}/user/inventoryroles/1` },
        { id: 2, name: 'Reader', self: `${base}/user/inventoryroles/2` },
      ],
    })
  })
})

describe('a list of users', () => {
  it('tells how many users each one owns, when asked', async () => {
    for (const [userName, owner] of [
      ['guest-1', 'writer'],
      ['guest-2', 'writer'],
      ['device_9', 'writer'],
      ['guest-3', 'guest-1'],
    ]) {
      await server.send('POST', users, { body: { userName, password: 'open-sesame', owner } })
    }
    const countsOf = async (query: string) => {
      const answer = await server.send('GET', `${users}?${query}`)
      const list = answer.json<{ users: { userName: string; subusersCount?: number }[] }>().users
      return list.map(({ userName, subusersCount }) => [userName, subusersCount])
    }
    expect(await countsOf('withSubusersCount=true&pageSize=10')).toEqual([
      ['admin', 0],
      ['guest-1', 1],
      ['guest-2', 0],
      ['guest-3', 0],
      ['nobody', 0],
      ['reader', 0],
      ['writer', 3],
    ])
    expect(await countsOf('withSubusersCount=True&username=wri')).toEqual([['writer', 3]])
    expect(await countsOf('withSubusersCount=False&username=wri')).toEqual([['writer', undefined]])
    const answer = await server.send('GET', `${users}?withSubusersCount=2`)
    expect(answer.statusCode).toBe(422)
  })
})

describe('the login options', () => {
  const initRequest = async (query: string) => {
    const answer = await server.send('GET', `/tenant/loginOptions${query}`, { as: null })
    expect(answer.statusCode).toBe(200)
    const { loginOptions } = answer.json<{ loginOptions: { initRequest?: string }[] }>()
    return loginOptions[1]?.initRequest
  }

  it('say where the operators log in, when theirs are asked for', async () => {
    const url = `${base}/tenant/oauth`
    expect(await initRequest('?management=true')).toBe(`${url}?tenant_id=management`)
    expect(await initRequest('?management=false&tenantId=t1')).toBe(`${url}?tenant_id=t1`)
    expect(await initRequest('')).toBe(url)
  })

  it('are read only', async () => {
    for (const [method, path] of [
      ['POST', '/tenant/loginOptions'],
      ['PUT', '/tenant/loginOptions/BASIC'],
      ['DELETE', '/tenant/loginOptions/BASIC'],
    ] as const) {
      const answer = await server.send(method, path, { body: { type: 'BASIC' } })
      expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET'])
    }
  })
})
