import { beforeEach, describe, expect, it } from 'vitest'
import { basic, createCumulocityServer, eventBody } from '../cumulocity-server.fixture.ts'
import { testBase as base } from '../../test-server.fixture.ts'
import type { CumulocityServer, Method } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 6.3 */
let server: CumulocityServer
let group: number

const send = async (method: Method, path: string, body?: unknown, as = 't1/admin') => {
  const answer = await server.send(method, path, { body, as })
  const { statusCode: status, headers } = answer
  return {
    status,
    location: headers.location,
    body: answer.body === '' ? '' : answer.json<unknown>(),
  }
}

const statusOf = async (...sent: Parameters<typeof send>) => (await send(...sent)).status

beforeEach(async () => {
  server = await createCumulocityServer()
  const created = await server.send('POST', '/user/t1/groups', { body: { name: 'keepers' } })
  group = created.json<{ readonly id: number }>().id
})

const self = () => `${base}/user/t1/groups/${group}`

const keepers = (over: object = {}) => ({
  id: group,
  self: self(),
  name: 'keepers',
  description: '',
  devicePermissions: {},
  customProperties: {},
  applications: [],
  roles: { self: `${self()}/roles`, references: [] },
  users: { self: `${self()}/users`, references: [] },
  ...over,
})

const readRole = {
  id: 'ROLE_EVENT_READ',
  name: 'ROLE_EVENT_READ',
  self: `${base}/user/roles/ROLE_EVENT_READ`,
}

describe('a group', () => {
  it('is created with a numeric id, found by it and by its name, and listed', async () => {
    const sent = { name: 'b', description: 'x', customProperties: { a: [1] } }
    const created = await send('POST', '/user/t1/groups', sent)
    expect(created.status).toBe(201)
    expect(created.body).toMatchObject({ ...sent, id: group + 1 })
    expect(created.location).toBe(`${base}/user/t1/groups/${group + 1}`)
    expect((await send('GET', `/user/t1/groups/${group}`)).body).toEqual(keepers())
    expect((await send('GET', '/user/t1/groupByName/keepers')).body).toEqual(keepers())
    const list = await send('GET', '/user/t1/groups?pageSize=1&withTotalElements=true')
    expect(list.body).toMatchObject({ groups: [keepers()], statistics: { totalElements: 2 } })
  })

  it('is changed in part and deleted', async () => {
    const permissions = { devicePermissions: { '12': ['EVENT:*:READ'] } }
    const changed = await send('PUT', `/user/t1/groups/${group}`, permissions)
    expect(changed).toMatchObject({ status: 200, body: keepers(permissions) })
    expect(await statusOf('DELETE', `/user/t1/groups/${group}`)).toBe(204)
    const gone = await send('GET', `/user/t1/groups/${group}`)
    expect(gone.status).toBe(404)
    expect(gone.body).toMatchObject({
      error: 'groups/Not Found',
      message: `Error retrieving group with id ${group}! : Cannot find document with ID ID [type=com_cumulocity_model_idtype_GId, value=${group}]!`,
    })
  })

  it('conflicts by name, and says what is wrong with it', async () => {
    const twice = await send('POST', '/user/t1/groups', { name: 'keepers' })
    expect(twice).toMatchObject({ status: 409, body: { error: 'groups/Duplicate' } })
    expect(await statusOf('POST', '/user/t1/groups', {})).toBe(422)
    for (const devicePermissions of [1, { x: [] }, { '1': ['EVENT'] }, { '1': [1] }]) {
      expect(await statusOf('PUT', `/user/t1/groups/${group}`, { devicePermissions })).toBe(422)
    }
    expect(await statusOf('PUT', `/user/t1/groups/${group}`, { customProperties: 1 })).toBe(422)
  })

  it('of another tenant is out of reach, and unknown ones are not found', async () => {
    expect(await statusOf('GET', `/user/t2/groups/${group}`)).toBe(403)
    expect(await statusOf('GET', `/user/t2/groups/${group}`, undefined, 't2/admin')).toBe(404)
    for (const id of ['x', '0', '999999']) {
      expect(await statusOf('GET', `/user/t1/groups/${id}`)).toBe(404)
    }
    expect(await statusOf('GET', '/user/t1/groupByName/none')).toBe(404)
  })

  it('is for those who may see and administer users', async () => {
    const paths = ['/user/t1/groups', `/user/t1/groups/${group}`, `/user/t1/groups/${group}/users`]
    for (const path of paths) {
      expect(await statusOf('GET', path, undefined, 't1/reader')).toBe(403)
    }
    expect(await statusOf('POST', '/user/t1/groups', { name: 'x' }, 't1/writer')).toBe(403)
    expect(await statusOf('DELETE', `/user/t1/groups/${group}`, undefined, 't1/nobody')).toBe(403)
  })
})

describe('the roles of a group', () => {
  const roles = () => `/user/t1/groups/${group}/roles`
  const grant = () => send('POST', roles(), { role: { self: readRole.self } })

  it('are granted once, listed and revoked', async () => {
    const reference = { self: `${base}${roles()}/ROLE_EVENT_READ`, role: readRole }
    const granted = await grant()
    expect(granted).toEqual({ status: 201, location: reference.self, body: reference })
    expect((await grant()).status).toBe(409)
    expect((await send('GET', roles())).body).toMatchObject({ references: [reference] })
    expect((await send('GET', `/user/t1/groups/${group}`)).body).toMatchObject({
      roles: { references: [reference] },
    })
    expect(await statusOf('DELETE', `${roles()}/ROLE_EVENT_READ`)).toBe(204)
    expect(await statusOf('DELETE', `${roles()}/ROLE_EVENT_READ`)).toBe(404)
    expect(await statusOf('POST', roles(), { role: { id: 'ROLE_NONE' } })).toBe(404)
  })

  it('hold for its members from the next request on, until they leave', async () => {
    const ask = () => statusOf('GET', '/event/events', undefined, 't1/nobody')
    await grant()
    expect(await ask()).toBe(403)
    const joined = await send('POST', `/user/t1/groups/${group}/users`, { user: { id: 'nobody' } })
    expect(joined.status).toBe(201)
    expect(await ask()).toBe(200)
    expect(await statusOf('DELETE', `${roles()}/ROLE_EVENT_READ`)).toBe(204)
    expect(await ask()).toBe(403)
    await grant()
    expect(await ask()).toBe(200)
    expect(await statusOf('DELETE', `/user/t1/groups/${group}/users/nobody`)).toBe(204)
    expect(await ask()).toBe(403)
  })

  it('are shown with its members, wherever these are shown', async () => {
    await grant()
    await send('POST', `/user/t1/groups/${group}/users`, {
      user: { self: `${base}/user/t1/users/nobody` },
    })
    const reference = {
      self: self(),
      group: { id: group, roles: { references: [{ role: readRole }] } },
    }
    const groups = { groups: { references: [reference] } }
    expect((await send('GET', '/user/t1/users/nobody')).body).toMatchObject(groups)
    const listed = await send('GET', '/user/t1/users?username=nobody')
    expect(listed.body).toMatchObject({ users: [groups] })
    const own = await send('GET', '/user/currentUser', undefined, 't1/nobody')
    expect(own.body).toMatchObject({ effectiveRoles: [readRole] })
    const asked = await send('GET', '/user/t1/users/nobody/groups', undefined, 't1/nobody')
    expect(asked.body).toMatchObject({ references: [reference] })
    const members = await send('GET', `/user/t1/groups/${group}/users`)
    expect(members.body).toMatchObject({ references: [{ user: { id: 'nobody' } }] })
    const whole = await server.send('GET', '/user/currentUser', {
      as: 't1/nobody',
      headers: { accept: 'application/vnd.com.nsn.cumulocity.user+json;' },
    })
    expect(whole.json()).toMatchObject(groups)
  })
})

it('a member of no group, an unknown user and an unknown group are not found', async () => {
  const users = `/user/t1/groups/${group}/users`
  expect(await statusOf('DELETE', `${users}/nobody`)).toBe(404)
  expect(await statusOf('POST', users, { user: { id: 'none' } })).toBe(404)
  expect(await statusOf('POST', users, {})).toBe(422)
  expect(await statusOf('POST', '/user/t1/groups/999999/users', { user: { id: 'nobody' } })).toBe(
    404,
  )
})

it('groups and users keep the digits of their custom properties', async () => {
  const kept = '"customProperties":{"account": 12345678901234567890, "rate":1.50}'
  const groups = '/user/t1/groups'
  const user = `{"userName":"x","password":"password",${kept}}`
  const userType = { accept: 'application/vnd.com.nsn.cumulocity.user+json' }
  const answers = [
    await server.send('POST', groups, { body: `{"name":"b",${kept}}` }),
    await server.send('PUT', `${groups}/${group}`, { body: `{${kept}}` }),
    await server.send('GET', `${groups}?pageSize=100`),
    await server.send('POST', '/user/t1/users', { body: user }),
    await server.send('GET', '/user/t1/users/x'),
    await server.send('GET', '/user/currentUser', {
      as: basic('t1/x', 'password'),
      headers: userType,
    }),
    await server.send('POST', `${groups}/${group}/users`, { body: { user: { id: 'x' } } }),
    await server.send('GET', `${groups}/${group}/users`),
    await server.send('GET', '/user/t1/users/x/groups'),
  ]
  for (const answer of answers) expect(answer.body).toContain(kept)
})

describe('a user', () => {
  const users = '/user/t1/users'

  it('keeps custom properties and device permissions, which only administrators give', async () => {
    const more = { customProperties: { a: 1 }, devicePermissions: { '12': ['*:*:READ'] } }
    const sent = { userName: 'x', password: 'password', ...more }
    expect(await send('POST', users, sent)).toMatchObject({ status: 201, body: more })
    const own = { devicePermissions: { '13': ['*:*:*'] } }
    await send('PUT', '/user/currentUser', own)
    expect((await send('GET', '/user/currentUser')).body).toMatchObject({ devicePermissions: {} })
    await server.house.addUser(server.t1.id, 'creator', ['ROLE_USER_MANAGEMENT_CREATE'])
    const as = `Basic ${Buffer.from('t1/creator:creator-password').toString('base64')}`
    expect(await statusOf('POST', users, { ...sent, userName: 'y' }, as)).toBe(403)
    const plain = { userName: 'y', password: 'password' }
    expect(await statusOf('POST', users, plain, as)).toBe(201)
  })

  it('without a password must be asked for, and gets in only with one', async () => {
    expect(await statusOf('POST', users, { userName: 'x' })).toBe(422)
    const sent = { userName: 'x', sendPasswordResetEmail: true }
    const created = await send('POST', users, sent)
    expect(created).toMatchObject({ status: 201, body: { shouldResetPassword: true } })
    const given = await send('PUT', `${users}/x`, { password: 'a-new-one' })
    expect(given.body).toMatchObject({ shouldResetPassword: false })
    const as = `Basic ${Buffer.from('t1/x:a-new-one').toString('base64')}`
    expect(await statusOf('GET', '/user/currentUser', undefined, as)).toBe(200)
  })

  it('changes its password with the old one and without a role', async () => {
    const path = '/user/currentUser/password'
    const change = (currentUserPassword: string, newPassword: string) =>
      send('PUT', path, { currentUserPassword, newPassword }, 't1/nobody')
    expect((await change('wrong-one', 'another-one')).status).toBe(422)
    expect((await change('open-sesame', 'short')).status).toBe(422)
    expect(await statusOf('PUT', path, { newPassword: 'another-one' }, 't1/nobody')).toBe(422)
    expect(await change('open-sesame', 'another-one')).toMatchObject({ status: 200, body: '' })
    expect(await statusOf('GET', '/user/currentUser', undefined, 't1/nobody')).toBe(401)
  })
})

it('a role of a group creates events, and no more than it says', async () => {
  const role = { role: { id: 'ROLE_EVENT_ADMIN' } }
  await send('POST', `/user/t1/groups/${group}/roles`, role)
  await send('POST', `/user/t1/groups/${group}/users`, { user: { id: 'nobody' } })
  const body = eventBody(server.t1.door)
  expect(await statusOf('POST', '/event/events', body, 't1/nobody')).toBe(201)
  expect(await statusOf('GET', '/event/events', undefined, 't1/nobody')).toBe(403)
})
