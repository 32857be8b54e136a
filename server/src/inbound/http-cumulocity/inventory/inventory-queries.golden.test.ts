import { beforeEach, describe, expect, it } from 'vitest'
import { testBase as base } from '../../test-server.fixture.ts'
import { createCumulocityServer } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer } from '../cumulocity-server.fixture.ts'
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
    ["name eq 'door'", ''],
    ["name eq '*OO*'", 'Door'],
    ["name eq '*'", 'Door,Pump,Group,Sub'],
    ["name ge 'Group' and name le 'Pump'", 'Pump,Group'],
    ['demo.i eq 3 and demo.i ge 3 and demo.n le 1.75d', 'Group'],
    ["demo.i eq '3' or demo.i lt 3 or demo.i gt 3", ''],
    ['demo.none eq null', 'Door,Pump,Group,Sub'],
    ['not(demo.i eq null)', 'Group'],
    ['demo.flag eq true', 'Group'],
    ['has(name)', ''],
    ["has('demo') and has(demo.list) and not(has(demo.absent))", 'Group'],
    ['hasany(name, demo)', 'Group'],
    ['bygroupid(1, GROUP)', 'Door'],
    ["bygroupid('1')", ''],
    ['isinhierarchyof(1, GROUP)', 'Door,Group'],
    ["$filter=(type eq 'lock' or type eq 'pump')$orderby=creationTime desc,name desc", 'Pump,Door'],
    ['$orderby=name asc $filter=has(c8y_IsDevice)', 'Door,Pump'],
    ['$orderby=type desc,name', 'Pump,Door,Group,Sub'],
    ['$orderby=demo.n desc,lastUpdated.date,id desc', 'Group,Sub,Pump,Door'],
    ["(name eq 'Sub') or (name eq 'Door') and not (type eq 'lock')", 'Sub'],
    ["owner eq 'device_1' AND NOT(type eq null)", 'Pump'],
    ["id eq 'GROUP' or id eq GROUP", 'Group'],
    [
      "lastUpdated ge '2026-02-01' and creationTime le '2026-02-01T10:00:00+01:00'",
      'Door,Pump,Group,Sub',
    ],
  ])('understands the query %s', async (query, names) => {
    const demo = { n: 1.75, i: 3, none: null, flag: true, tags: ['a', 'b'], list: [{ v: 'x' }] }
    const id = await create({ name: 'Group', c8y_IsDeviceGroup: {}, demo })
    await create({ name: 'Sub' })
    const body = { managedObject: { id: String(server.t1.door) } }
    await server.send('POST', `${objectsPath}/${id}/childAssets`, { body })
    const sent = encodeURIComponent(query.replaceAll('GROUP', id))
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
    expect(await listedNames("?query=name eq 'd*'&type=nothing")).toEqual(['Door', 'Dock'])
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
    expect(await listedNames(`?childAdditionId=${door}`)).toEqual([])
    for (const [children, parameter] of [
      ['childDevices', 'childDeviceId'],
      ['childAdditions', 'childAdditionId'],
    ] as const) {
      const parent = await create({ name: children })
      await server.send('POST', `${objectsPath}/${parent}/${children}`, { body })
      expect(await listedNames(`?${parameter}=${door}`)).toEqual([children])
      await server.send('DELETE', `${objectsPath}/${parent}`)
    }
    expect(await listedNames('?childAssetId=x&ids=1')).toEqual([])
    expect(await listedNames('?onlyRoots=true')).toEqual(['Pump', 'Group'])
    expect(await listedNames('?onlyRoots=false')).toEqual(['Door', 'Pump', 'Group'])
  })

  it.each([
    "O'Neill",
    '100%',
    'a_b',
    String.raw`a\b`,
    String.raw`\'`,
    '(x) [1] {2}',
    '"q" `r`',
    "'; drop table managed_object; --",
    "' or 1 eq 1 or name eq '",
    '$filter=(x) $orderby=name',
    '\u{1d11e}\u0000',
  ])('finds the text %j as the client escapes it, and nothing by it elsewhere', async (text) => {
    const id = await create({ name: text, type: text, demo: { text: [text] } })
    const escaped = text
      .replace(/'/g, "''")
      .replace(/\\/g, String.raw`\\`)
      .replace(/[[\]{}()]/g, String.raw`\$&`)
    for (const path of ['name', 'type', 'demo.text']) {
      const query = encodeURIComponent(`$filter=(${path} eq '${escaped}') $orderby=${path}`)
      expect((await list(`?query=${query}`)).managedObjects).toMatchObject([{ id }])
    }
    const plain = encodeURIComponent(text)
    expect((await list(`?type=${plain}`)).managedObjects).toMatchObject([{ id }])
    for (const name of ['fragmentType', 'owner', 'ids', 'childAssetId']) {
      expect((await list(`?${name}=${plain}`)).managedObjects).toEqual([])
    }
    for (const call of ['has', 'hasany', 'bygroupid', 'isinhierarchyof']) {
      const query = encodeURIComponent(`${call}('${escaped}')`)
      const answer = await server.send('GET', `${objectsPath}?query=${query}`)
      expect([200, 422]).toContain(answer.statusCode)
      if (answer.statusCode === 200) expect(answer.json()).toMatchObject({ managedObjects: [] })
    }
  })

  it('looks for words in id, type, name, owner and external ids', async () => {
    const body = { externalIds: [{ type: 'c8y_Serial', externalId: 'SN 47' }] }
    const id = await create({ name: 'North Gate', type: 'demo_Gate', ...body })
    const words = ['north', 'GATE demo', 'sn 47', 'admin gate', id, `gate ${id.slice(3)}`]
    for (const text of words) {
      expect(await listedNames(`?text=${encodeURIComponent(text)}`)).toEqual(['North Gate'])
    }
    expect(await listedNames('?text=north+door')).toEqual([])
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
