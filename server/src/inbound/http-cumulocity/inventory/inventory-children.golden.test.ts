import { beforeEach, describe, expect, it } from 'vitest'
import { testBase as base } from '../../test-server.fixture.ts'
import { createCumulocityServer } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer } from '../cumulocity-server.fixture.ts'
import { createInventoryCalls, listIn, namesIn, objectsPath } from './inventory-calls.fixture.ts'
import type { List, Shown } from './inventory-calls.fixture.ts'

let server: CumulocityServer

beforeEach(async () => {
  server = await createCumulocityServer()
})

/** docs/protocols/cumulocity.md, 6.1 */
const vendor = 'application/vnd.com.nsn.cumulocity.'

const {
  create,
  add,
  read,
  list: listObjects,
  childrenOf,
  statusOf,
} = createInventoryCalls(() => server)

describe.each([
  ['childDevices', 'deviceParents'],
  ['childAssets', 'assetParents'],
  ['childAdditions', 'additionParents'],
])('%s', (list, parents) => {
  it('takes an existing object by reference, and shows it on both sides', async () => {
    const group = await create({ name: 'Group' })
    const { door } = server.t1
    const answer = await add(group, list, door)
    expect(answer.statusCode).toBe(201)
    const self = `${base}${objectsPath}/${group}/${list}/${door}`
    expect(answer.headers.location).toBe(self)
    expect(answer.json()).toMatchObject({ self, managedObject: { id: String(door), type: 'lock' } })
    const reference = (id: string | number, name: string) => ({
      managedObject: { id: String(id), name, self: `${base}${objectsPath}/${id}` },
      self,
    })
    expect(listIn(await read(group), list)).toEqual({
      references: [reference(door, 'Door')],
      self: `${base}${objectsPath}/${group}/${list}`,
    })
    expect(listIn(await read(door), parents)).toEqual({
      references: [reference(group, 'Group')],
      self: `${base}${objectsPath}/${door}/${parents}`,
    })
    expect(namesIn(await childrenOf(String(door), '', parents))).toEqual(['Group'])
    const one = await server.send('GET', `${objectsPath}/${group}/${list}/${door}`)
    expect(one.json()).toMatchObject({ self, managedObject: { id: String(door), owner: 'admin' } })
  })

  it('creates and attaches in one step', async () => {
    const group = await create({ name: 'Group' })
    const headers = { 'content-type': `${vendor}managedObject+json` }
    const body = { name: 'New', c8y_IsDevice: {} }
    const answer = await server.send('POST', `${objectsPath}/${group}/${list}`, { headers, body })
    expect(answer.statusCode).toBe(201)
    const { id } = answer.json<{ readonly id: string }>()
    expect(answer.headers.location).toBe(`${base}${objectsPath}/${id}`)
    expect(answer.json()).toMatchObject({ name: 'New', owner: 'admin', c8y_IsDevice: {} })
    expect(namesIn(listIn(answer.json<Shown>(), parents))).toEqual(['Group'])
    expect(namesIn(listIn(await read(group), list))).toEqual(['New'])
  })

  it('takes and gives back many, all or none', async () => {
    const group = await create({ name: 'Group' })
    const { door, owned } = server.t1
    const references = [door, owned].map((id) => ({ managedObject: { id: String(id) } }))
    const headers = { 'content-type': `${vendor}managedObjectReferenceCollection+json` }
    const bad = [...references, { managedObject: { id: '7' } }]
    const url = `${objectsPath}/${group}/${list}`
    expect(await statusOf('POST', url, { body: { references: bad }, headers })).toBe(404)
    expect(listIn(await read(group), list).references).toEqual([])
    const added = await server.send('POST', url, { body: { references }, headers })
    expect(added.statusCode).toBe(201)
    expect(namesIn(added.json<List>())).toEqual(['Door', 'Pump'])
    const other = await create({ name: 'Other' })
    const stranger = { references: [...references, { managedObject: { id: other } }] }
    expect(await statusOf('DELETE', url, { body: stranger, headers })).toBe(422)
    expect(listIn(await read(group), list).references).toHaveLength(2)
    const removed = await server.send('DELETE', url, { body: { references } })
    expect(removed.statusCode).toBe(204)
    expect(removed.body).toBe('')
    expect(listIn(await read(group), list).references).toEqual([])
  })
})

describe('a reference', () => {
  it('may name its object by self, as older clients do', async () => {
    const group = await create({ name: 'Group' })
    const body = { managedObject: { self: `https://old.example${objectsPath}/${server.t1.door}` } }
    expect(await statusOf('POST', `${objectsPath}/${group}/childAssets`, { body })).toBe(201)
    expect(namesIn(listIn(await read(group), 'childAssets'))).toEqual(['Door'])
  })

  it('to what is not there is a 404, to no child a 422 in the words of the original', async () => {
    const group = await create({ name: 'Group' })
    const { door } = server.t1
    for (const url of [`${objectsPath}/7/childAssets`, `${objectsPath}/${group}/childAssets/7`]) {
      const answer = await server.send('GET', url)
      expect(answer.statusCode).toBe(404)
      expect(answer.json()).toMatchObject({ error: 'inventory/Not Found' })
    }
    expect((await add(group, 'childAssets', 7)).statusCode).toBe(404)
    expect((await add(group, 'childAssets', 'x')).statusCode).toBe(404)
    expect((await add('7', 'childAssets', door)).statusCode).toBe(404)
    for (const method of ['GET', 'DELETE'] as const) {
      const answer = await server.send(method, `${objectsPath}/${group}/childAssets/${door}`)
      expect(answer.statusCode).toBe(422)
      expect(answer.json()).toMatchObject({
        error: 'inventory/Invalid Data',
        message: `managedObject ${door} is not a child of ${group}`,
      })
    }
    expect((await add(group, 'childAssets', group)).statusCode).toBe(422)
    expect(
      await statusOf('POST', `${objectsPath}/${group}/childAssets`, { body: { references: 1 } }),
    ).toBe(422)
    const headers = { 'content-type': `${vendor}managedObjectReference+json` }
    const empty = { body: {}, headers }
    expect(await statusOf('POST', `${objectsPath}/${group}/childAssets`, empty)).toBe(422)
  })

  it('across tenants is answered like one to nothing', async () => {
    const group = await create({ name: 'Group' })
    const foreign = server.t2.door
    expect((await add(group, 'childDevices', foreign)).statusCode).toBe(404)
    expect((await add(String(foreign), 'childDevices', group)).statusCode).toBe(404)
    expect(await statusOf('GET', `${objectsPath}/${foreign}/childDevices`)).toBe(404)
    expect(await statusOf('DELETE', `${objectsPath}/${group}/childDevices/${foreign}`)).toBe(404)
    expect(
      namesIn(await childrenOf(String(foreign), '', 'childDevices', { as: 't2/admin' })),
    ).toEqual([])
  })

  it('is removed with 204, twice with 422, and both objects stay', async () => {
    const group = await create({ name: 'Group' })
    await add(group, 'childAssets', server.t1.door)
    const url = `${objectsPath}/${group}/childAssets/${server.t1.door}`
    expect(await statusOf('DELETE', url)).toBe(204)
    expect(await statusOf('DELETE', url)).toBe(422)
    expect(await statusOf('GET', `${objectsPath}/${server.t1.door}`)).toBe(200)
  })

  it('is made by who may change both ends, or creates the child', async () => {
    const group = await create({ name: 'Group' })
    const mine = await create({ name: 'Mine', owner: 'device_1' })
    const { owned, door } = server.t1
    const as = 't1/device_1'
    expect((await add(mine, 'childDevices', owned, { as })).statusCode).toBe(201)
    expect((await add(mine, 'childDevices', door, { as })).statusCode).toBe(403)
    expect((await add(group, 'childDevices', owned, { as })).statusCode).toBe(403)
    expect((await add(group, 'childDevices', owned, { as: 't1/reader' })).statusCode).toBe(403)
    const body = { name: 'New' }
    expect(await statusOf('POST', `${objectsPath}/${mine}/childDevices`, { as, body })).toBe(403)
    expect(await statusOf('GET', `${objectsPath}/${group}/childDevices`, { as })).toBe(403)
    expect(await statusOf('DELETE', `${objectsPath}/${mine}/childDevices/${owned}`, { as })).toBe(
      204,
    )
    const key = `Bearer ${await server.house.addKey(server.t1.id)}`
    expect(await statusOf('GET', `${objectsPath}/${group}/childDevices`, { as: key })).toBe(403)
  })

  it('is not shown to who may not see the other end', async () => {
    const mine = await create({ name: 'Mine', owner: 'device_1' })
    await add(mine, 'childAssets', server.t1.door)
    await add(mine, 'childAssets', server.t1.owned)
    const as = 't1/device_1'
    expect(namesIn(listIn(await read(mine, '', { as }), 'childAssets'))).toEqual(['Pump'])
    expect(namesIn(await childrenOf(mine, '', 'childAssets', { as }))).toEqual(['Pump'])
    const counted = await read(mine, '?withChildrenCount=true', { as })
    expect(listIn(counted, 'childAssets').count).toBe(1)
  })
})

describe('a list of children', () => {
  it('has pages of whole objects, totals, filters and queries', async () => {
    const group = await create({ name: 'Group' })
    for (const name of ['A', 'B', 'C'])
      await add(group, 'childAssets', await create({ name, n: 1 }))
    const first = await childrenOf(group, '?pageSize=2&withTotalPages=true&withTotalElements=true')
    expect(namesIn(first)).toEqual(['A', 'B'])
    expect(first.references[0]?.managedObject).toMatchObject({ n: 1, owner: 'admin' })
    expect(first.statistics).toEqual({
      currentPage: 1,
      pageSize: 2,
      totalPages: 2,
      totalElements: 3,
    })
    const next = await server.send('GET', String(first.next).slice(base.length))
    expect(namesIn(next.json<List>())).toEqual(['C'])
    expect(next.json()).not.toHaveProperty('next')
    expect(namesIn(await childrenOf(group, '?currentPage=9'))).toEqual([])
    const query = encodeURIComponent("$filter=name gt 'A' $orderby=name desc")
    expect(namesIn(await childrenOf(group, `?query=${query}`))).toEqual(['C', 'B'])
    expect(await statusOf('GET', `${objectsPath}/${group}/childAssets?pageSize=0`)).toBe(422)
    expect(await statusOf('GET', `${objectsPath}/${group}/childAssets?query=(`)).toBe(422)
  })

  it('shows the children of its elements only when asked', async () => {
    const [top, middle] = [await create({ name: 'Top' }), await create({ name: 'Middle' })]
    await add(top, 'childAssets', middle)
    await add(middle, 'childDevices', server.t1.door)
    const shown = async (query: string) => {
      const list = await childrenOf(top, query)
      return listIn(list.references[0]?.managedObject, 'childDevices')
    }
    expect((await shown('')).references).toEqual([])
    expect(namesIn(await shown('?withChildren=true'))).toEqual(['Door'])
  })
})

describe('what is shown of a family', () => {
  const names = async (id: string, query: string) => {
    const object = await read(id, query)
    return ['childAssets', 'assetParents', 'deviceParents'].map((name) =>
      namesIn(listIn(object, name)),
    )
  }

  it('is everything for one object unless it is asked not to', async () => {
    const [top, middle, low] = [
      await create({ name: 'Top' }),
      await create({ name: 'Middle' }),
      await create({ name: 'Low' }),
    ]
    await add(top, 'childAssets', middle)
    await add(low, 'childDevices', middle)
    await add(middle, 'childAssets', low)
    expect(await names(middle, '')).toEqual([['Low'], ['Top'], ['Low']])
    expect(await names(middle, '?withChildren=false')).toEqual([[], ['Top'], ['Low']])
    expect(await names(middle, '?withParents=false')).toEqual([['Low'], [], []])
    expect(await names(middle, '?withParents=false&withGroups=true')).toEqual([
      ['Low'],
      ['Top'],
      [],
    ])
    expect(await names(middle, '?skipChildrenNames=true')).toEqual([
      [undefined],
      [undefined],
      [undefined],
    ])
    const counted = await read(middle, '?withChildren=false&withChildrenCount=true')
    expect(listIn(counted, 'childAssets')).toMatchObject({ references: [], count: 1 })
    expect(listIn(counted, 'childDevices')).toMatchObject({ references: [], count: 0 })
    expect(listIn(counted, 'assetParents')).not.toHaveProperty('count')
  })

  it('is nothing for the elements of a list unless it is asked for', async () => {
    const group = await create({ name: 'Group' })
    await add(group, 'childAssets', server.t1.door)
    const first = async (query: string) => {
      const page = await listObjects(`?ids=${group}&${query}`)
      return listIn(page.managedObjects[0], 'childAssets')
    }
    expect(await first('')).toMatchObject({ references: [] })
    expect(namesIn(await first('withChildren=true'))).toEqual(['Door'])
    expect(await first('withChildrenCount=true')).toMatchObject({ references: [], count: 1 })
    const page = await listObjects(`?ids=${server.t1.door}&withParents=true`)
    expect(namesIn(listIn(page.managedObjects[0], 'assetParents'))).toEqual(['Group'])
  })
})
