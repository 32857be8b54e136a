import { beforeEach, describe, expect, it } from 'vitest'
import { toManagedObjectId } from '../../../core/identity.ts'
import { judgedSourcesMax } from '../../../core/limits.ts'
import { valueOf } from '../../../ports/event-samples.contract.ts'
import { testBase as base } from '../../test-server.fixture.ts'
import { createCumulocityServer, eventBody } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer, Method } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 5.6 */
let server: CumulocityServer
/** An asset group, with `door` in it; `lone` is in none. */
let group: string
let door: string
let lone: string

type Body = Readonly<Record<string, string>>

const send = async (method: Method, path: string, body?: unknown, as = 't1/admin') => {
  const answer = await server.send(method, path, { body, as })
  return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json<Body>() }
}

const statusOf = async (...sent: Parameters<typeof send>) => (await send(...sent)).status

const createObject = async (name: string) =>
  (await send('POST', '/inventory/managedObjects', { name })).body['id'] ?? ''

const assignments = '/user/t1/users/nobody/roles/inventory'

const assign = (managedObject: string, ...names: readonly string[]) =>
  send('POST', assignments, { managedObject, roles: names.map((name) => ({ name })) })

beforeEach(async () => {
  server = await createCumulocityServer()
  door = String(server.t1.door)
  group = await createObject('Group')
  lone = await createObject('Lone')
  const middle = await createObject('Middle')
  const link = (parent: string, child: string, kind: string) =>
    send('POST', `/inventory/managedObjects/${parent}/${kind}`, { managedObject: { id: child } })
  await link(group, middle, 'childAssets')
  await link(middle, door, 'childDevices')
})

/** What `t1/nobody` may do with events of the source: create, list, read one, change it, delete it. */
const deedsOn = async (source: string) => {
  const made = (await send('POST', '/event/events', eventBody(source))).body['id'] ?? ''
  const event = `/event/events/${made}`
  const as = 't1/nobody'
  return [
    await statusOf('POST', '/event/events', eventBody(source), as),
    await statusOf('GET', `/event/events?source=${source}`, undefined, as),
    await statusOf('GET', event, undefined, as),
    await statusOf('PUT', event, { text: 'x' }, as),
    await statusOf('DELETE', event, undefined, as),
  ]
}

const everything = [201, 200, 200, 200, 204]
const reading = [403, 200, 200, 403, 403]
const nothing = [403, 403, 403, 403, 403]

describe('an inventory role', () => {
  it.each([
    ['Reader', reading],
    ['Manager', everything],
    ['Operations: All', nothing],
  ])('%s on a group gives what it says on all below it, and nowhere else', async (name, deeds) => {
    expect(await deedsOn(door)).toEqual(nothing)
    expect((await assign(group, name)).status).toBe(200)
    expect(await deedsOn(door)).toEqual(deeds)
    expect(await deedsOn(group)).toEqual(deeds)
    expect(await deedsOn(lone)).toEqual(nothing)
  })

  it('lets its holder delete all below it, and stops where something else would go', async () => {
    const as = 't1/nobody'
    const root = `/inventory/managedObjects/${group}`
    await send('PUT', root, { c8y_IsDeviceGroup: {} })
    await assign(group, 'Manager')
    const added = { managedObject: { id: lone } }
    await send('POST', `${root}/childAdditions`, added)
    expect(await statusOf('DELETE', `${root}?cascade=true`, undefined, as)).toBe(403)
    await statusOf('DELETE', `${root}/childAdditions/${lone}`)
    expect(await statusOf('DELETE', `${root}?cascade=true`, undefined, as)).toBe(204)
    expect(await statusOf('GET', `/inventory/managedObjects/${door}`)).toBe(404)
  })

  it('on an object gives nothing above it', async () => {
    await assign(door, 'Manager')
    expect(await deedsOn(door)).toEqual(everything)
    expect(await deedsOn(group)).toEqual(nothing)
  })

  it('limits lists and totals to what it covers', async () => {
    await send('POST', '/event/events', eventBody(door))
    await send('POST', '/event/events', eventBody(lone))
    await assign(group, 'Reader')
    const url = '/event/events?withTotalElements=true'
    const list = await send('GET', url, undefined, 't1/nobody')
    expect(list.body).toMatchObject({
      events: [{ source: { id: door } }],
      statistics: { totalElements: 1 },
    })
    expect(await statusOf('GET', `/event/events?source=${lone}`, undefined, 't1/nobody')).toBe(403)
    expect(await statusOf('DELETE', `/event/events?source=${door}`, undefined, 't1/nobody')).toBe(
      403,
    )
  })

  it('shows of a large hierarchy the events that it covers', async () => {
    const { inventory } = server.house.registry
    const under = { parent: toManagedObjectId(Number(group)), kind: 'asset' } as const
    const draft = { name: undefined, type: undefined, fragments: [], externalIds: [] }
    const drafts = Array.from({ length: judgedSourcesMax }, () => draft)
    const [other] = valueOf(await inventory.createObjects(server.t1.id, undefined, drafts, under))
    await send('POST', '/event/events', eventBody(other?.id ?? 0))
    await send('POST', '/event/events', eventBody(door))
    await assign(door, 'Reader')
    const url = `/event/events?source=${group}&withSourceChildren=true&withTotalElements=true`
    expect((await send('GET', url)).body).toMatchObject({ statistics: { totalElements: 2 } })
    expect((await send('GET', url, undefined, 't1/nobody')).body).toMatchObject({
      events: [{ source: { id: door } }],
      statistics: { totalElements: 1 },
    })
  })

  it('counts no longer once it is taken back, narrowed, or the object is moved', async () => {
    const role = { name: 'Events', permissions: [{ scope: 'EVENT', permission: 'READ' }] }
    const made = await send('POST', '/user/inventoryroles', role)
    expect(made.status).toBe(201)
    const self = `/user/inventoryroles/${String(made.body['id'])}`
    await assign(group, 'Events')
    expect(await deedsOn(door)).toEqual(reading)
    await send('PUT', self, { permissions: [] })
    expect(await deedsOn(door)).toEqual(nothing)
    await send('PUT', self, { permissions: [{ scope: 'EVENT', type: '*', permission: '*' }] })
    expect(await deedsOn(door)).toEqual(everything)
    expect(await statusOf('DELETE', `${assignments}/1`)).toBe(204)
    expect(await deedsOn(door)).toEqual(nothing)
  })

  it('lets its holder see the objects that it covers', async () => {
    const see = (id: string) =>
      statusOf('GET', `/inventory/managedObjects/${id}`, undefined, 't1/nobody')
    expect(await see(door)).toBe(403)
    await assign(group, 'Reader')
    expect(await see(door)).toBe(200)
    expect(await see(lone)).toBe(403)
    const path = `/inventory/managedObjects/${door}`
    expect(await statusOf('PUT', path, { name: 'x' }, 't1/nobody')).toBe(403)
    await assign(group, 'Manager')
    expect(await statusOf('PUT', path, { name: 'x' }, 't1/nobody')).toBe(200)
  })
})

describe('lists of objects', () => {
  type List = {
    readonly managedObjects?: readonly { readonly name: string }[]
    readonly references?: readonly { readonly managedObject: { readonly name: string } }[]
    readonly statistics: unknown
  }
  const list = async (path: string, as = 't1/nobody') => {
    const answer = await server.send('GET', `/inventory/${path}`, { as })
    const { managedObjects, references, statistics } = answer.json<List>()
    const shown = managedObjects ?? references?.map(({ managedObject }) => managedObject) ?? []
    return { names: shown.map(({ name }) => name), statistics }
  }
  const namesOf = async (...asked: Parameters<typeof list>) => (await list(...asked)).names

  it('show the holder of a role all that it covers, page by page, with totals and the count', async () => {
    expect(await namesOf('managedObjects')).toEqual([])
    await assign(group, 'Reader')
    expect(await namesOf('managedObjects')).toEqual(['Door', 'Group', 'Middle'])
    const paged = 'managedObjects?pageSize=2&withTotalPages=true&withTotalElements=true'
    const statistics = { pageSize: 2, totalPages: 2, totalElements: 3 }
    expect(await list(paged)).toEqual({
      names: ['Door', 'Group'],
      statistics: { currentPage: 1, ...statistics },
    })
    expect(await list(`${paged}&currentPage=2`)).toEqual({
      names: ['Middle'],
      statistics: { currentPage: 2, ...statistics },
    })
    const count = await server.send('GET', '/inventory/managedObjects/count', { as: 't1/nobody' })
    expect(count.body).toBe('3')
    await assign(lone, 'Operations: All')
    expect(await namesOf('managedObjects')).not.toContain('Lone')
  })

  it('take every filter and query together with what a role covers', async () => {
    await assign(group, 'Reader')
    const ordered = encodeURIComponent('$filter=has(c8y_IsDevice) $orderby=name')
    const below = encodeURIComponent(`$filter=isinhierarchyof(${group}) $orderby=name desc`)
    const found = [
      ['type=lock', ['Door']],
      ['type=pump', []],
      ['text=mid', ['Middle']],
      [`ids=${group},${lone}`, ['Group']],
      ['onlyRoots=true', ['Group']],
      [`childDeviceId=${door}`, ['Middle']],
      [`query=${ordered}`, ['Door']],
      ['q=', ['Door']],
      [`query=${below}`, ['Middle', 'Group', 'Door']],
    ] as const
    for (const [query, names] of found) {
      expect([query, await namesOf(`managedObjects?${query}`)]).toEqual([query, names])
    }
  })

  it('of children and parents show the holder of a role what it covers', async () => {
    await send('POST', `/inventory/managedObjects/${lone}/childAssets`, {
      managedObject: { id: group },
    })
    await send('POST', `/inventory/managedObjects/${group}/childAdditions`, { name: 'Note' })
    await assign(group, 'Reader')
    const one = `managedObjects/${group}`
    expect(await namesOf(`${one}/childAssets`)).toEqual(['Middle'])
    expect(await namesOf(`${one}/childAdditions`)).toEqual([])
    expect(await namesOf(`${one}/assetParents`)).toEqual([])
    const whole = await server.send('GET', `/inventory/${one}?withChildrenCount=true`, {
      as: 't1/nobody',
    })
    expect(whole.json()).toMatchObject({
      childAssets: { references: [{ managedObject: { name: 'Middle' } }], count: 1 },
      childAdditions: { references: [], count: 0 },
      assetParents: { references: [] },
    })
  })

  it('show what a device permission is on, and nothing for one that does not read objects', async () => {
    const permit = (...permissions: readonly string[]) =>
      send('PUT', '/user/t1/users/nobody', { devicePermissions: { [group]: permissions } })
    for (const given of ['MANAGED_OBJECT:*:ADMIN', 'MANAGED_OBJECT:x:READ', 'EVENT:*:*']) {
      await permit(given)
      expect(await namesOf('managedObjects')).toEqual([])
    }
    await permit('MANAGED_OBJECT:*:READ')
    expect(await namesOf('managedObjects')).toEqual(['Group'])
    expect(await namesOf(`managedObjects/${group}/childAssets`)).toEqual([])
  })

  it('show nothing of another tenant, whose objects nobody can be given', async () => {
    const foreign = String(server.t2.door)
    await send('PUT', '/user/t1/users/nobody', { devicePermissions: { [foreign]: ['*:*:*'] } })
    expect((await assign(foreign, 'Manager')).status).toBe(404)
    expect(await namesOf('managedObjects')).toEqual([])
    expect(await namesOf(`managedObjects?ids=${foreign}`)).toEqual([])
    expect(await namesOf('managedObjects', 't2/nobody')).toEqual([])
  })
})

describe('a device permission', () => {
  const permit = (object: string, ...permissions: readonly string[]) =>
    send('PUT', '/user/t1/users/nobody', { devicePermissions: { [object]: permissions } })

  it.each([
    ['EVENT:*:READ', reading],
    ['*:*:READ', reading],
    ['EVENT:*:ADMIN', [201, 403, 403, 200, 204]],
    ['EVENT:*:*', everything],
    ['ALARM:*:*', nothing],
    ['EVENT:c8y_Door:*', nothing],
  ])('%s gives what it says on its object alone', async (permission, deeds) => {
    await permit(door, permission)
    expect(await deedsOn(door)).toEqual(deeds)
    expect(await deedsOn(lone)).toEqual(nothing)
    await permit(group, permission)
    expect(await deedsOn(door)).toEqual(nothing)
  })
})

it('inventory roles are listed, made, changed and removed; the predefined ones stay', async () => {
  const path = '/user/inventoryroles'
  const list = await send('GET', path)
  expect(list.body).toMatchObject({
    roles: [{ name: 'Manager' }, { name: 'Reader' }, { name: 'Operations: All' }, {}],
  })
  expect((await send('GET', `${path}/2`)).body).toEqual({
    id: 2,
    self: `${base}${path}/2`,
    name: 'Reader',
    description: 'Reads everything.',
    permissions: [{ id: 1, scope: '*', type: '*', permission: 'READ' }],
  })
  for (const method of ['PUT', 'DELETE'] as const) {
    expect(await statusOf(method, `${path}/2`, method === 'PUT' ? {} : undefined)).toBe(422)
  }
  expect(await statusOf('POST', path, { name: 'Reader', permissions: [] })).toBe(409)
  expect(await statusOf('POST', path, { name: 'x', permissions: [{ scope: 'X' }] })).toBe(422)
  const made = await send('POST', path, { name: 'x', permissions: [] })
  const own = `${path}/${String(made.body['id'])}`
  expect(await statusOf('DELETE', own)).toBe(204)
  expect(await statusOf('GET', own)).toBe(404)
  expect(await statusOf('GET', path, undefined, 't1/reader')).toBe(403)
})

it('an assignment is given other roles on the same object, which count at once', async () => {
  await assign(group, 'Reader')
  await assign(lone, 'Reader')
  const path = `${assignments}/1`
  const roles = [{ name: 'Manager' }, { id: 3 }]
  const changed = await send('PUT', path, { roles, managedObject: group })
  expect(changed).toMatchObject({
    status: 200,
    body: { id: 1, managedObject: group, roles: [{ name: 'Manager' }, { id: 3 }] },
  })
  expect((await send('GET', path)).body).toEqual(changed.body)
  expect(await deedsOn(door)).toEqual(everything)
  expect(await deedsOn(lone)).toEqual(reading)
  expect(await statusOf('PUT', path, { roles: [] })).toBe(200)
  expect(await deedsOn(door)).toEqual(nothing)
  for (const body of [
    {},
    { roles: [{}] },
    { roles: [{ id: 999 }] },
    { roles, managedObject: lone },
    { roles, managedObject: 'x' },
  ]) {
    expect(await statusOf('PUT', path, body)).toBe(422)
  }
  expect((await send('GET', path)).body).toMatchObject({ managedObject: group, roles: [] })
  expect(await statusOf('PUT', `${assignments}/3`, { roles })).toBe(404)
  expect(await statusOf('PUT', '/user/t1/users/none/roles/inventory/1', { roles })).toBe(404)
  expect(await statusOf('PUT', '/user/t2/users/nobody/roles/inventory/1', { roles })).toBe(403)
  expect(await statusOf('PUT', path, { roles }, 't1/nobody')).toBe(403)
})

it('assignments name an object and roles that exist, and only administrators make them', async () => {
  expect(await assign(group, 'Reader')).toMatchObject({
    status: 200,
    body: { id: 1, managedObject: group, roles: [{ id: 2, name: 'Reader' }] },
  })
  expect((await send('GET', `${assignments}/1`)).body).toMatchObject({ managedObject: group })
  expect((await send('GET', assignments)).body).toMatchObject({ inventoryAssignments: [{ id: 1 }] })
  expect((await assign('999999999', 'Reader')).status).toBe(404)
  expect((await assign(group, 'None')).status).toBe(422)
  expect(await statusOf('GET', `${assignments}/2`)).toBe(404)
  const body = { managedObject: group, roles: [{ id: 1 }] }
  expect(await statusOf('POST', assignments, body, 't1/nobody')).toBe(403)
})
