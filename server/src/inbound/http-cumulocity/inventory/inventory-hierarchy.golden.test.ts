import { beforeEach, describe, expect, it } from 'vitest'
import { toManagedObjectId } from '../../../core/identity.ts'
import { hierarchyObjectsMax } from '../../../core/limits.ts'
import { valueOf } from '../../../ports/event-samples.contract.ts'
import { testBase as base } from '../../test-server.fixture.ts'
import { createCumulocityServer, eventBody } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer, Sent } from '../cumulocity-server.fixture.ts'
import { createInventoryCalls, listIn, objectsPath } from './inventory-calls.fixture.ts'

let server: CumulocityServer

beforeEach(async () => {
  server = await createCumulocityServer()
})

const { create, add, read, statusOf } = createInventoryCalls(() => server)

describe('deleting with a family', () => {
  const family = async () => {
    const group = await create({ name: 'Group', c8y_IsDeviceGroup: {} })
    await add(group, 'childAssets', server.t1.door)
    return group
  }

  it('leaves children without cascade, and takes them and their events with it', async () => {
    await server.send('DELETE', `${objectsPath}/${await family()}`)
    expect(await statusOf('GET', `${objectsPath}/${server.t1.door}`)).toBe(200)
    expect(listIn(await read(server.t1.door), 'assetParents').references).toEqual([])
    const event = await server.createEvent()
    expect(await statusOf('DELETE', `${objectsPath}/${await family()}?cascade=true`)).toBe(204)
    expect(await statusOf('GET', `${objectsPath}/${server.t1.door}`)).toBe(404)
    expect(await statusOf('GET', `/event/events/${event}`)).toBe(404)
  })

  it('cascades from what is neither device nor group only by force', async () => {
    const parent = await create({ name: 'Asset' })
    await add(parent, 'childAssets', server.t1.door)
    await server.send('DELETE', `${objectsPath}/${parent}?cascade=true`)
    expect(await statusOf('GET', `${objectsPath}/${server.t1.door}`)).toBe(200)
    const other = await create({ name: 'Asset' })
    await add(other, 'childAssets', server.t1.door)
    await server.send('DELETE', `${objectsPath}/${other}?forceCascade=true`)
    expect(await statusOf('GET', `${objectsPath}/${server.t1.door}`)).toBe(404)
  })

  it('beyond the bound is a 409 in the words of the original, and nothing goes', async () => {
    const group = await create({ name: 'Group', c8y_IsDeviceGroup: {} })
    const draft = { name: undefined, type: undefined, fragments: [], externalIds: [] }
    const drafts = Array.from({ length: hierarchyObjectsMax }, () => draft)
    const under = { parent: toManagedObjectId(Number(group)), kind: 'asset' } as const
    const { inventory } = server.house.registry
    valueOf(await inventory.createObjects(server.t1.id, undefined, drafts, under))
    const answer = await server.send('DELETE', `${objectsPath}/${group}?cascade=true`)
    expect(answer.statusCode).toBe(409)
    expect(answer.json()).toMatchObject({
      error: 'inventory/conflict',
      message: 'Cannot delete the specified object as it has associated data.',
    })
    expect(await statusOf('GET', `${objectsPath}/${group}`)).toBe(200)
    expect(await statusOf('GET', `/event/events?source=${group}&withSourceAssets=true`)).toBe(422)
    expect(await statusOf('DELETE', `${objectsPath}/${group}`)).toBe(204)
  })

  it('takes the user of a device when asked', async () => {
    const url = `${objectsPath}/${server.t1.owned}`
    expect(await statusOf('DELETE', `${url}?withDeviceUser=true`)).toBe(204)
    expect(await statusOf('GET', '/user/currentUser', { as: 't1/device_1' })).toBe(401)
    await server.send('DELETE', `${objectsPath}/${server.t1.door}?withDeviceUser=true`)
    expect(await statusOf('GET', '/user/currentUser')).toBe(200)
  })
})

describe("a device's user", () => {
  it('is read, disabled and enabled', async () => {
    const url = `${objectsPath}/${server.t1.owned}/user`
    const answer = await server.send('GET', url)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({ self: `${base}${url}`, userName: 'device_1', enabled: true })
    const disabled = await server.send('PUT', url, { body: { enabled: false } })
    expect(disabled.json()).toMatchObject({ enabled: false })
    expect(await statusOf('GET', url, { as: 't1/device_1' })).toBe(401)
    expect((await server.send('PUT', url, { body: { enabled: true } })).statusCode).toBe(200)
    expect(await statusOf('GET', url, { as: 't1/device_1' })).toBe(200)
  })

  it('is nobody for a person and for what is not there, and not everybody may disable it', async () => {
    const url = `${objectsPath}/${server.t1.owned}/user`
    const body = { enabled: false }
    expect(await statusOf('GET', `${objectsPath}/${server.t1.door}/user`)).toBe(404)
    expect(await statusOf('GET', `${objectsPath}/7/user`)).toBe(404)
    expect(await statusOf('PUT', `${objectsPath}/${server.t2.owned}/user`, { body })).toBe(404)
    for (const as of ['t1/device_1', 't1/reader', 't1/nobody']) {
      expect(await statusOf('PUT', url, { as, body })).toBe(403)
    }
    expect(await statusOf('PUT', url, { body: {} })).toBe(422)
    expect(await statusOf('PUT', url, { body: { enabled: 'no' } })).toBe(422)
  })
})

describe('what an event server has none of', () => {
  it.each([
    ['supportedMeasurements', { c8y_SupportedMeasurements: [] }],
    ['supportedSeries', { c8y_SupportedSeries: [] }],
  ])('%s is an empty list, of nothing a 404', async (name, body) => {
    const answer = await server.send('GET', `${objectsPath}/${server.t1.door}/${name}`)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual(body)
    expect(await statusOf('GET', `${objectsPath}/7/${name}`)).toBe(404)
    expect(
      await statusOf('GET', `${objectsPath}/${server.t1.door}/${name}`, { as: 't1/nobody' }),
    ).toBe(403)
  })

  it('availability is a 404: nothing is monitored', async () => {
    expect(await statusOf('GET', `${objectsPath}/${server.t1.door}/availability`)).toBe(404)
  })
})

describe('events of a hierarchy', () => {
  const settle = async () => {
    const group = await create({ name: 'Group', c8y_IsDeviceGroup: {} })
    const sub = await create({ name: 'Sub' })
    const addition = await create({ name: 'Addition' })
    await add(group, 'childAssets', sub)
    await add(sub, 'childDevices', server.t1.door)
    await add(sub, 'childAdditions', addition)
    for (const [source, text] of [
      [group, 'group'],
      [sub, 'sub'],
      [server.t1.door, 'door'],
      [addition, 'addition'],
      [server.t1.owned, 'outside'],
    ] as const) {
      await server.send('POST', '/event/events', { body: eventBody(source, { text }) })
    }
    return group
  }
  const textsOf = async (query: string, sent: Sent = {}) => {
    const answer = await server.send('GET', `/event/events?${query}&revert=true&pageSize=50`, sent)
    return answer.json<{ events: readonly { text: string }[] }>().events.map(({ text }) => text)
  }

  it('come along over the references that are asked for, at every depth', async () => {
    const source = `source=${await settle()}`
    expect(await textsOf(source)).toEqual(['group'])
    expect(await textsOf(`${source}&withSourceAssets=true`)).toEqual(['group', 'sub'])
    expect(await textsOf(`${source}&withSourceDevices=true`)).toEqual(['group'])
    expect(await textsOf(`${source}&withSourceAssets=true&withSourceDevices=true`)).toEqual([
      'group',
      'sub',
      'door',
    ])
    expect(await textsOf(`${source}&withSourceAssets=true&withSourceAdditions=true`)).toEqual([
      'group',
      'sub',
      'addition',
    ])
    expect(await textsOf(`${source}&withSourceChildren=true`)).toEqual([
      'group',
      'sub',
      'door',
      'addition',
    ])
    expect(await textsOf(`${source}&withSourceChildren=false`)).toEqual(['group'])
    expect(await textsOf('withSourceChildren=true')).toHaveLength(5)
    const counted = await server.send(
      'GET',
      `/event/events?${source}&withSourceChildren=true&pageSize=1&withTotalPages=true`,
    )
    expect(counted.json()).toMatchObject({ statistics: { totalPages: 4 } })
    expect(counted.json<{ next: string }>().next).toContain('withSourceChildren=true')
  })

  it("are for an owner those of its own sources, and of another tenant's source none", async () => {
    const group = await settle()
    await add(group, 'childAssets', server.t1.owned)
    const query = `source=${group}&withSourceChildren=true`
    expect(await textsOf(query, { as: 't1/device_1' })).toEqual(['outside'])
    expect(await textsOf(query, { as: 't2/admin' })).toEqual([])
  })

  it('are deleted with the source, and only those', async () => {
    const source = `source=${await settle()}`
    expect(await statusOf('DELETE', `/event/events?${source}&withSourceChildren=true`)).toBe(204)
    expect(await textsOf('type=demo_DoorEvent')).toEqual(['outside'])
  })
})

describe('many updates at once', () => {
  const bulk = (managedObjects: unknown) =>
    server.send('PUT', objectsPath, { body: { managedObjects } })

  it('are made all or none', async () => {
    const { door, owned } = server.t1
    const updates = [
      { id: String(door), name: 'Gate', demo: 1 },
      { id: String(owned), type: null },
    ]
    const refused = await bulk([...updates, { id: '7', name: 'x' }])
    expect(refused.statusCode).toBe(404)
    expect(await read(door)).toMatchObject({ name: 'Door' })
    const answer = await bulk(updates)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({
      self: `${base}${objectsPath}`,
      managedObjects: [{ name: 'Gate', demo: 1 }, { name: 'Pump' }],
    })
    expect(await read(owned)).not.toHaveProperty('type')
  })

  it('need an id each, the right to change each, and are at most 50', async () => {
    const { door, owned } = server.t1
    expect((await bulk([{ name: 'x' }])).json()).toMatchObject({
      message: 'Following mandatory fields should be included: managedObjects[0].id',
    })
    expect((await bulk([{ id: 7 }])).json()).toMatchObject({
      message: 'managedObjects[0].id: must be a string',
    })
    expect((await bulk([{ id: 'x' }])).statusCode).toBe(404)
    expect((await bulk(undefined)).statusCode).toBe(422)
    const many = Array.from({ length: 51 }, () => ({ id: String(door) }))
    expect((await bulk(many)).statusCode).toBe(422)
    expect((await bulk(many.slice(1))).statusCode).toBe(200)
    const body = { managedObjects: [{ id: String(owned) }, { id: String(door) }] }
    expect(await statusOf('PUT', objectsPath, { body, as: 't1/device_1' })).toBe(403)
  })
})
