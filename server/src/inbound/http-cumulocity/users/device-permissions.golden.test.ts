import { beforeEach, describe, expect, it } from 'vitest'
import { testBase as base } from '../../test-server.fixture.ts'
import { createCumulocityServer } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer, Method } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 5.6 */
let server: CumulocityServer
let group: number
let path: string
let door: string

beforeEach(async () => {
  server = await createCumulocityServer()
  const created = await server.send('POST', '/user/t1/groups', { body: { name: 'keepers' } })
  group = created.json<{ readonly id: number }>().id
  door = String(server.t1.door)
  path = `/user/devicePermissions/${door}`
})

const send = async (method: Method, url: string, body?: unknown, as = 't1/admin') => {
  const answer = await server.send(method, url, { body, as })
  return {
    status: answer.statusCode,
    text: answer.body,
    body: answer.body === '' ? '' : answer.json<unknown>(),
  }
}

const giving = (permissions: readonly unknown[]) => ({
  users: [{ userName: 'nobody', devicePermissions: { [door]: permissions } }],
  groups: [{ id: String(group), devicePermissions: { [door]: ['EVENT:*:ADMIN'] } }],
})

describe('the permissions on an object', () => {
  it('are given to users and groups, shown from the object, and count at once', async () => {
    const events = `/event/events?source=${door}`
    const none = await send('GET', path)
    expect(none).toMatchObject({ status: 200, body: { users: [], groups: [] } })
    await server.createEvent()
    expect((await send('GET', events, undefined, 't1/nobody')).text).not.toContain('Door opened')
    expect(await send('PUT', path, giving(['EVENT:*:READ']))).toMatchObject({
      status: 200,
      text: '',
    })
    expect((await send('GET', path)).body).toEqual({
      users: [
        {
          id: 'nobody',
          self: `${base}/user/t1/users/nobody`,
          userName: 'nobody',
          devicePermissions: { [door]: ['EVENT:*:READ'] },
        },
      ],
      groups: [
        {
          id: group,
          self: `${base}/user/t1/groups/${group}`,
          name: 'keepers',
          devicePermissions: { [door]: ['EVENT:*:ADMIN'] },
        },
      ],
    })
    expect((await send('GET', events, undefined, 't1/nobody')).text).toContain('Door opened')
  })

  it('of who is not named stay, and an empty list takes them', async () => {
    await send('PUT', path, giving(['EVENT:*:READ']))
    const other = `/user/devicePermissions/${server.t1.owned}`
    const own = { [String(server.t1.owned)]: ['*:*:*'], [door]: ['EVENT:*:ADMIN'] }
    await send('PUT', other, { users: [{ userName: 'nobody', devicePermissions: own }] })
    expect((await send('GET', path)).text).toContain('"EVENT:*:READ"')
    await send('PUT', path, { users: [{ userName: 'nobody', devicePermissions: {} }] })
    expect((await send('GET', path)).body).toMatchObject({ users: [], groups: [{ id: group }] })
    expect((await send('GET', other)).body).toMatchObject({ users: [{ id: 'nobody' }] })
  })

  it('take a role to see and another to give', async () => {
    expect((await send('GET', path, undefined, 't1/reader')).status).toBe(403)
    expect((await send('PUT', path, {}, 't1/reader')).status).toBe(403)
    const foreign = `/user/devicePermissions/${server.t2.door}`
    for (const url of [foreign, '/user/devicePermissions/999', '/user/devicePermissions/x']) {
      const error = { error: 'inventory/Not Found' }
      expect(await send('GET', url)).toMatchObject({ status: 404, body: error })
      expect(await send('PUT', url, {})).toMatchObject({ status: 404, body: error })
    }
  })

  it('are refused when something is wrong, and then nobody has got any', async () => {
    const wrong: readonly (readonly [object, number])[] = [
      [giving(['EVENT']), 422],
      [giving([1]), 422],
      [{ users: {} }, 422],
      [{ users: [{}] }, 422],
      [{ groups: [{}] }, 422],
      [{ groups: [{ id: 'x' }] }, 422],
      [{ ...giving(['EVENT:*:READ']), groups: [{ id: 999 }] }, 404],
      [{ users: [...giving(['EVENT:*:READ']).users, { userName: 'no-one' }] }, 404],
      [giving(Array.from({ length: 101 }, () => 'EVENT:*:READ')), 422],
    ]
    for (const [body, status] of wrong) {
      expect([body, (await send('PUT', path, body)).status]).toEqual([body, status])
    }
    expect((await send('GET', path)).body).toEqual({ users: [], groups: [] })
  })
})
