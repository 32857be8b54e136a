import { beforeEach, describe, expect, it } from 'vitest'
import { roles } from '../../../core/access.ts'
import { testBase as base } from '../../test-server.fixture.ts'
import { basic, createCumulocityServer } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 5.4 and 6.3 */
let server: CumulocityServer

beforeEach(async () => {
  server = await createCumulocityServer()
})

const created = '2026-02-01T09:00:00.000Z'
const vendor = (name: string) => `application/vnd.com.nsn.cumulocity.${name}+json`
const roleOf = (id: string) => ({ id, name: id, self: `${base}/user/roles/${id}` })

describe('the current user', () => {
  it('has its effective roles', async () => {
    for (const accept of ['application/json', '*/*', `${vendor('currentUser')};`]) {
      const answer = await server.send('GET', '/user/currentUser', {
        as: 't1/writer',
        headers: { accept },
      })
      expect(answer.statusCode).toBe(200)
      expect(answer.json()).toEqual({
        self: `${base}/user/currentUser`,
        id: 'writer',
        userName: 'writer',
        devicePermissions: {},
        shouldResetPassword: false,
        twoFactorAuthenticationEnabled: false,
        lastPasswordChange: created,
        effectiveRoles: [roleOf('ROLE_EVENT_ADMIN')],
      })
    }
  })

  it('is a whole user with groups and roles to those who ask for that type', async () => {
    const headers = { accept: `${vendor('user')};` }
    const answer = await server.send('GET', '/user/currentUser', { as: 't1/writer', headers })
    expect(answer.headers['content-type']).toBe(`${vendor('user')};charset=UTF-8;ver=0.9`)
    const self = `${base}/user/t1/users/writer`
    expect(answer.json()).toEqual({
      self,
      id: 'writer',
      userName: 'writer',
      enabled: true,
      devicePermissions: {},
      shouldResetPassword: false,
      twoFactorAuthenticationEnabled: false,
      lastPasswordChange: created,
      customProperties: {},
      applications: [],
      groups: { self: `${self}/groups`, references: [] },
      roles: {
        self: `${self}/roles`,
        references: [{ self: `${self}/roles/ROLE_EVENT_ADMIN`, role: roleOf('ROLE_EVENT_ADMIN') }],
      },
    })
  })

  it('changes its names and password, never its roles or state', async () => {
    const body = {
      firstName: 'Ada',
      password: 'new-password',
      enabled: false,
      userName: 'other',
      roles: { references: [] },
    }
    const answer = await server.send('PUT', '/user/currentUser', { body })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ userName: 'admin', firstName: 'Ada' })
    expect(answer.body).not.toContain('new-password')
    expect((await server.send('GET', '/user/currentUser')).statusCode).toBe(401)
    const as = basic('t1/admin', 'new-password')
    const now = await server.send('GET', '/user/currentUser', { as })
    expect(now.json<{ effectiveRoles: unknown[] }>().effectiveRoles).toHaveLength(roles.length)
    const nobody = await server.send('PUT', '/user/currentUser', { as: 't1/nobody', body })
    expect(nobody.statusCode).toBe(403)
  })

  it('is nobody for a key', async () => {
    const as = `Bearer ${await server.house.addKey(server.t1.id)}`
    for (const path of ['/user/currentUser', '/user/roles', '/user/roles/ROLE_EVENT_READ']) {
      expect((await server.send('GET', path, { as })).statusCode).toBe(403)
    }
    expect((await server.send('GET', '/tenant/currentTenant', { as })).statusCode).toBe(403)
  })
})

describe('the users of a tenant', () => {
  const users = '/user/t1/users'
  const ada = {
    userName: 'ada@example.com',
    password: 'secret',
    email: 'ada@example.com',
    roles: { references: [{ role: { id: 'ROLE_EVENT_READ' } }] },
  }

  it('are created with roles, and may log in', async () => {
    const answer = await server.send('POST', users, { body: ada })
    expect(answer.statusCode).toBe(201)
    const self = `${base}/user/t1/users/ada%40example.com`
    expect(answer.headers.location).toBe(self)
    expect(answer.json()).toMatchObject({ id: 'ada@example.com', self, enabled: true })
    expect(answer.body).not.toContain('secret')
    const as = basic('t1/ada@example.com', 'secret')
    const me = await server.send('GET', '/user/currentUser', { as })
    expect(me.json()).toMatchObject({ effectiveRoles: [{ id: 'ROLE_EVENT_READ' }] })
    const again = await server.send('POST', users, { body: ada })
    expect(again.statusCode).toBe(409)
    expect(again.json()).toMatchObject({ error: 'users/Duplicate' })
    expect((await server.send('GET', self.slice(base.length))).statusCode).toBe(200)
  })

  it.each([
    [{ userName: 'a' }, 'Following mandatory fields should be included: password'],
    [{}, 'Following mandatory fields should be included: userName,password'],
    [{ userName: 'a b', password: 'secret' }, 'userName: must have no white space'],
    [{ userName: 'a', password: '12345' }, 'password: has 6 to 32 characters'],
    [{ userName: 'a', password: 'x'.repeat(33) }, 'password: has 6 to 32 characters'],
    [{ userName: 'a', password: 'secret', enabled: 'no' }, 'enabled: must be true or false'],
    [
      { userName: 'a', password: 'secret', roles: { references: [{ role: { id: 'X' } }] } },
      'roles.references[0]: must name a role of this server',
    ],
  ])('are refused with 422: %j', async (body, message) => {
    const answer = await server.send('POST', users, { body })
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ error: 'undefined/validationError' })
    expect(answer.json<{ message: string }>().message).toContain(message)
  })

  it('are listed by name, in pages', async () => {
    const answer = await server.send('GET', `${users}?pageSize=2&withTotalPages=true`)
    expect(answer.json()).toMatchObject({
      users: [{ userName: 'admin' }, { userName: 'nobody' }],
      statistics: { currentPage: 1, pageSize: 2, totalPages: 2 },
      next: `${base}${users}?withTotalPages=true&pageSize=2&currentPage=2`,
    })
    const named = await server.send('GET', `${users}?username=re`)
    expect(named.json<{ users: unknown[] }>().users).toHaveLength(1)
    const containing = await server.send('GET', `${users}?usernameContains=body`)
    expect(containing.json()).toMatchObject({ users: [{ userName: 'nobody' }] })
    expect((await server.send('GET', `${users}?pageSize=0`)).statusCode).toBe(422)
  })

  it('are filtered by device, group and owner, and by all filters at once', async () => {
    const namesOf = async (query: string) => {
      const answer = await server.send('GET', `${users}?${query}`)
      return answer.json<{ users: { userName: string }[] }>().users.map(({ userName }) => userName)
    }
    const post = (path: string, body: unknown) => server.send('POST', path, { body })
    const ids = ['keepers', 'guests', 'nobodies'].map(async (name) => {
      const made = await post('/user/t1/groups', { name })
      return String(made.json<{ id: number }>().id)
    })
    const [keepers = '', guests = '', nobodies = ''] = await Promise.all(ids)
    for (const [group, id] of [
      [keepers, 'reader'],
      [guests, 'writer'],
      [guests, 'device_1'],
    ]) {
      await post(`/user/t1/groups/${String(group)}/users`, { user: { id } })
    }
    await post(users, { userName: 'guest', password: 'open-sesame', owner: 'writer' })
    expect(await namesOf('onlyDevices=true')).toEqual(['device_1'])
    expect(await namesOf('onlyDevices=false&username=device')).toEqual([])
    expect(await namesOf(`groups=${keepers},${guests}`)).toEqual(['reader', 'writer'])
    expect(await namesOf(`groups=${guests}&groups=${nobodies}`)).toEqual(['writer'])
    expect(await namesOf(`groups=${nobodies}`)).toEqual([])
    expect(await namesOf('groups=&username=guest')).toEqual(['guest'])
    expect(await namesOf(`groups=${guests}&onlyDevices=true`)).toEqual(['device_1'])
    expect(await namesOf('owner=writer')).toEqual(['guest'])
    expect(await namesOf('owner=writer&username=x')).toEqual([])
    expect(await namesOf('owner=nobody')).toEqual([])
  })

  it.each(['usernameContains=bo', 'groups=keepers', 'groups=1,-2', 'onlyDevices=maybe'])(
    'are not listed by a filter that cannot be read: %s',
    async (query) => {
      expect((await server.send('GET', `${users}?${query}`)).statusCode).toBe(422)
    },
  )

  it('have an owner that others name, and not they themselves', async () => {
    const body = { owner: 'writer', firstName: 'Ada' }
    const changed = await server.send('PUT', `${users}/reader`, { body })
    expect(changed.json()).toMatchObject(body)
    const own = await server.send('PUT', '/user/currentUser', { body })
    expect(own.json()).toMatchObject({ firstName: 'Ada' })
    expect(own.json()).not.toHaveProperty('owner')
  })

  it('are read, also by name, changed and deleted', async () => {
    const path = `${users}/reader`
    const answer = await server.send('GET', path)
    expect(answer.json()).toMatchObject({ userName: 'reader' })
    const byName = await server.send('GET', '/user/t1/userByName/reader')
    expect(byName.json()).toEqual(answer.json())
    const body = { email: 'r@example.com', enabled: false, userName: 'x', roles: {} }
    const changed = await server.send('PUT', path, { body })
    expect(changed.statusCode).toBe(200)
    expect(changed.json()).toMatchObject({ userName: 'reader', email: 'r@example.com' })
    const disabled = await server.send('GET', '/user/currentUser', { as: 't1/reader' })
    expect(disabled.statusCode).toBe(401)
    expect((await server.send('PUT', path, { body: { phone: '1' } })).json()).toMatchObject({
      email: 'r@example.com',
      phone: '1',
      enabled: false,
      roles: { references: { length: 3 } },
    })
    expect((await server.send('DELETE', path)).statusCode).toBe(204)
    const gone = await server.send('GET', path)
    expect(gone.statusCode).toBe(404)
    expect(gone.json()).toMatchObject({
      error: 'users/Not Found',
      message:
        'Error retrieving user reader! : Cannot find document with ID ID [type=com_cumulocity_model_idtype_GId, value=reader]!',
    })
    expect((await server.send('DELETE', path)).statusCode).toBe(404)
    expect((await server.send('PUT', path, { body: {} })).statusCode).toBe(404)
  })

  it('get and lose roles', async () => {
    const path = `${users}/nobody/roles`
    const byId = await server.send('POST', path, { body: { role: { id: 'ROLE_EVENT_READ' } } })
    expect(byId.statusCode).toBe(201)
    expect(byId.headers.location).toBe(`${base}${path}/ROLE_EVENT_READ`)
    expect(byId.json()).toEqual({
      self: `${base}${path}/ROLE_EVENT_READ`,
      role: roleOf('ROLE_EVENT_READ'),
    })
    const self = `${base}/user/roles/ROLE_EVENT_ADMIN`
    expect((await server.send('POST', path, { body: { role: { self } } })).statusCode).toBe(201)
    const list = await server.send('GET', '/event/events', { as: 't1/nobody' })
    expect(list.statusCode).toBe(200)
    expect((await server.send('DELETE', `${path}/ROLE_EVENT_READ`)).statusCode).toBe(204)
    const again = await server.send('DELETE', `${path}/ROLE_EVENT_READ`)
    expect(again.statusCode).toBe(404)
    expect(again.json()).toMatchObject({
      error: 'Not Found',
      message: 'Cannot find the specified role.',
    })
    expect((await server.send('GET', '/event/events', { as: 't1/nobody' })).statusCode).toBe(403)
    const unknown = await server.send('POST', path, { body: { role: { id: 'ROLE_X' } } })
    expect(unknown.statusCode).toBe(404)
    expect((await server.send('POST', path, { body: {} })).statusCode).toBe(422)
  })

  it('get roles that are granted at the same time', async () => {
    const path = `${users}/nobody/roles`
    const granted = roles.slice(0, 8)
    await Promise.all(granted.map((id) => server.send('POST', path, { body: { role: { id } } })))
    const me = await server.send('GET', '/user/currentUser', { as: 't1/nobody' })
    const has = me.json<{ effectiveRoles: { id: string }[] }>().effectiveRoles.map(({ id }) => id)
    expect(has.sort()).toEqual([...granted].sort())
  })

  it('of another tenant are forbidden, whether or not it exists', async () => {
    for (const tenant of ['t2', 'unknown', 'T1', '%00']) {
      const paths = [`/user/${tenant}/users`, `/user/${tenant}/users/admin`]
      for (const path of [...paths, `/user/${tenant}/userByName/admin`]) {
        const answer = await server.send('GET', path)
        expect(answer.statusCode).toBe(403)
        expect(answer.json()).toMatchObject({ error: 'security/Forbidden' })
      }
      const posted = await server.send('POST', `/user/${tenant}/users`, { body: ada })
      expect(posted.statusCode).toBe(403)
      const path = `/user/${tenant}/users/admin`
      expect((await server.send('PUT', path, { body: {} })).statusCode).toBe(403)
      expect((await server.send('DELETE', path)).statusCode).toBe(403)
      const body = { role: { id: 'ROLE_EVENT_READ' } }
      expect((await server.send('POST', `${path}/roles`, { body })).statusCode).toBe(403)
      const role = `${path}/roles/ROLE_EVENT_READ`
      expect((await server.send('DELETE', role)).statusCode).toBe(403)
    }
  })

  it('are hidden from those without a role, save themselves', async () => {
    const as = 't1/reader'
    expect((await server.send('GET', users, { as })).statusCode).toBe(403)
    expect((await server.send('GET', `${users}/admin`, { as })).statusCode).toBe(403)
    expect((await server.send('GET', `${users}/reader`, { as })).statusCode).toBe(200)
    expect((await server.send('POST', users, { as, body: ada })).statusCode).toBe(403)
    expect((await server.send('PUT', `${users}/reader`, { as, body: {} })).statusCode).toBe(403)
    expect((await server.send('DELETE', `${users}/reader`, { as })).statusCode).toBe(403)
    const role = { role: { id: 'ROLE_EVENT_ADMIN' } }
    const granting = await server.send('POST', `${users}/reader/roles`, { as, body: role })
    expect(granting.statusCode).toBe(403)
  })
})

describe('roles', () => {
  it('are listed in pages', async () => {
    const answer = await server.send('GET', '/user/roles?pageSize=100')
    expect(answer.json<{ roles: unknown }>().roles).toEqual(roles.map(roleOf))
    expect((await server.send('GET', '/user/roles')).json()).toMatchObject({
      roles: { length: 5 },
      next: `${base}/user/roles?pageSize=5&currentPage=2`,
    })
    const one = await server.send('GET', '/user/roles/ROLE_EVENT_READ')
    expect(one.json()).toEqual(roleOf('ROLE_EVENT_READ'))
    expect((await server.send('GET', '/user/roles/ROLE_X')).statusCode).toBe(404)
  })
})

describe('the current tenant', () => {
  it('is named to any of its users', async () => {
    const answer = await server.send('GET', '/tenant/currentTenant', { as: 't1/nobody' })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({
      self: `${base}/tenant/currentTenant`,
      name: 't1',
      domainName: 'belfry.test',
      allowCreateTenants: false,
      applications: { references: [] },
      customProperties: {},
    })
    const withParent = await server.send('GET', '/tenant/currentTenant?withParent=true')
    expect(withParent.json()).toMatchObject({ parent: 'management' })
  })
})

describe('the login options', () => {
  it('are shown without credentials, and with wrong ones', async () => {
    for (const as of [null, basic('t1/admin', 'wrong')]) {
      const answer = await server.send('GET', '/tenant/loginOptions?tenantId=t1', { as })
      expect(answer.statusCode).toBe(200)
      expect(answer.headers['www-authenticate']).toBeUndefined()
      expect(answer.json()).toEqual({
        self: `${base}/tenant/loginOptions`,
        loginOptions: [
          {
            id: 'BASIC',
            self: `${base}/tenant/loginOptions/BASIC`,
            type: 'BASIC',
            userManagementSource: 'INTERNAL',
            grantType: 'PASSWORD',
            visibleOnLoginPage: true,
            authenticationRestrictions: {},
          },
          {
            id: 'OAUTH2_INTERNAL',
            self: `${base}/tenant/loginOptions/OAUTH2_INTERNAL`,
            type: 'OAUTH2_INTERNAL',
            userManagementSource: 'INTERNAL',
            grantType: 'PASSWORD',
            visibleOnLoginPage: true,
            initRequest: `${base}/tenant/oauth?tenant_id=t1`,
            sessionConfiguration: {
              absoluteTimeoutMillis: 14 * 24 * 60 * 60 * 1000,
              maximumNumberOfParallelSessions: 50,
              userAgentValidationRequired: false,
            },
          },
        ],
      })
    }
  })

  it('are found where they say that they are, and nothing else is', async () => {
    const list = await server.send('GET', '/tenant/loginOptions?tenantId=t1', { as: null })
    const { loginOptions } = list.json<{ loginOptions: { self: string }[] }>()
    expect(loginOptions).toHaveLength(2)
    for (const option of loginOptions) {
      const path = `${option.self.slice(base.length)}?tenantId=t1`
      const answer = await server.send('GET', path, { as: null })
      expect(answer.statusCode).toBe(200)
      expect(answer.json()).toEqual(option)
    }
    for (const id of ['OAUTH2', 'basic', 'none']) {
      const answer = await server.send('GET', `/tenant/loginOptions/${id}`, { as: null })
      expect(answer.statusCode).toBe(404)
      expect(answer.json()).toMatchObject({
        error: 'tenants/Not Found',
        message: 'Cannot find the specified configuration',
      })
    }
  })

  it('cannot be asked for a tenant and for management at once', async () => {
    const answer = await server.send('GET', '/tenant/loginOptions?management=true&tenantId=t7')
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({
      error: 'LoginOptions/Bad Request',
      message: "Do not use 'management' flag while querying loginOptions of tenant with id t7",
    })
  })
})
