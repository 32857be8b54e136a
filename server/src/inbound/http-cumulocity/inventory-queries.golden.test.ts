import { beforeEach, describe, expect, it } from 'vitest'
import { testBase as base } from '../test-server.fixture.ts'
import { createCumulocityServer } from './cumulocity-server.fixture.ts'
import type { CumulocityServer } from './cumulocity-server.fixture.ts'
import { createInventoryCalls, objectsPath } from './inventory-calls.fixture.ts'

let server: CumulocityServer

beforeEach(async () => {
  server = await createCumulocityServer()
})

const { create, list, listedNames } = createInventoryCalls(() => server)

/** docs/protocols/cumulocity.md, 6.1 */
describe('the query language', () => {
  it.each([
    ["name eq 'Door'", 'Door'],
    ["$filter=(name eq 'd*' and has(c8y_IsDevice))", 'Door'],
    ["$filter=type eq 'lock' or type eq 'pump' $orderby=name desc", 'Pump,Door'],
    ['$orderby=name desc', 'Sub,Pump,Group,Door'],
    ['not(has(c8y_IsDevice))', 'Group,Sub'],
    ['hasany(c8y_IsDevice,demo)', 'Door,Pump,Group'],
    ['demo.n gt 1.5f and demo.n lt 2d', 'Group'],
    ['demo.n eq 1.75', ''],
    ["demo.tags eq 'b'", 'Group'],
    ["demo.list.v eq 'x'", 'Group'],
    ['type eq null', 'Group,Sub'],
    ["creationTime.date ge '2026-02-01T10:00:00.000+01:00'", 'Door,Pump,Group,Sub'],
    ["lastUpdated.date lt '2026-02-01'", ''],
    ['bygroupid(GROUP)', 'Door'],
    ['isinhierarchyof(GROUP)', 'Door,Group'],
    ["name eq 'x'' or 1 eq 1 --'", ''],
  ])('understands the query %s', async (query, names) => {
    const demo = { n: 1.75, tags: ['a', 'b'], list: [{ v: 'x' }] }
    const id = await create({ name: 'Group', c8y_IsDeviceGroup: {}, demo })
    await create({ name: 'Sub' })
    const body = { managedObject: { id: String(server.t1.door) } }
    await server.send('POST', `${objectsPath}/${id}/childAssets`, { body })
    const sent = encodeURIComponent(query.replace('GROUP', id))
    expect((await listedNames(`?query=${sent}&pageSize=50`)).join()).toBe(names)
    const counted = await list(`?query=${sent}&pageSize=1&withTotalElements=true`)
    const total = names === '' ? 0 : names.split(',').length
    expect(counted.statistics).toMatchObject({ totalElements: total })
    const count = await server.send('GET', `${objectsPath}/count?query=${sent}`)
    expect(count.statusCode).toBe(200)
    expect(count.json()).toBe(total)
  })

  it('takes q for a query among devices, and type for nothing beside a query', async () => {
    await create({ name: 'Dock' })
    expect(await listedNames("?q=name eq 'd*'")).toEqual(['Door'])
    expect(await listedNames("?q=name eq 'd*'&type=nothing")).toEqual(['Door'])
    expect(await listedNames('?q=$orderby=name desc&query=has(c8y_IsDevice)')).toEqual([
      'Pump',
      'Door',
    ])
    expect(await listedNames("?query=name eq 'd*'&owner=admin&onlyRoots=true")).toEqual([
      'Door',
      'Dock',
    ])
    expect(await listedNames('?q=&fragmentType=a')).toEqual([])
    const page = await list(`?query=${encodeURIComponent('has(c8y_IsDevice)')}&pageSize=1`)
    const next = String(page.next).slice(base.length)
    expect((await server.send('GET', next)).json()).toMatchObject({
      managedObjects: [{ name: 'Pump' }],
    })
  })

  it('finds by child and by root', async () => {
    const id = await create({ name: 'Group' })
    const { door } = server.t1
    const body = { managedObject: { id: String(door) } }
    await server.send('POST', `${objectsPath}/${id}/childAssets`, { body })
    expect(await listedNames(`?childAssetId=${door}`)).toEqual(['Group'])
    expect(await listedNames(`?childDeviceId=${door}`)).toEqual([])
    expect(await listedNames('?childAssetId=x&ids=1')).toEqual([])
    expect(await listedNames('?onlyRoots=true')).toEqual(['Pump', 'Group'])
    expect(await listedNames('?onlyRoots=false')).toEqual(['Door', 'Pump', 'Group'])
  })

  it.each([
    "?q=name+=+'Door'",
    '?query=$filter=(name+eq+Door)',
    '?query=$top=1',
    '?query=(((',
    '/count?q=x',
  ])('refuses %s, which it cannot read', async (query) => {
    const answer = await server.send('GET', `${objectsPath}${query}`)
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({
      error: 'inventory/Invalid Data',
      message: 'Find by filter query failed : Query could not be understood.',
    })
  })
})
