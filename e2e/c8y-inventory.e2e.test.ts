import type { Client } from '@c8y/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientCases, failureOf } from './client-lines.ts'
import { cleanUp, startBelfry } from './harness.ts'

afterAll(cleanUp)

/** Groups, children and queries with the vendor's own client, two lines of it, against the built command. */
describe.each(clientCases)('$title', ({ line, isNewest, logIn }) => {
  let client: Client

  beforeAll(async () => {
    client = await logIn(await startBelfry())
  })

  const create = async (name: string, members: Readonly<Record<string, unknown>> = {}) =>
    (await client.inventory.create({ name, ...members })).data.id

  const namesOf = (objects: readonly object[]): readonly unknown[] =>
    objects.map((object): unknown => Reflect.get(object, 'name'))

  describe('children of managed objects', () => {
    it('are added, listed page by page, read with their parent, and removed', async () => {
      const { inventory } = client
      const group = await create('Group', { type: 'c8y_DeviceGroup', c8y_IsDeviceGroup: {} })
      const first = await create('First', { c8y_IsDevice: {} })
      const added = await inventory.childAssetsAdd(first, group)
      expect(added.res.status).toBe(201)
      expect(added.data).toMatchObject({ id: first, name: 'First' })
      const many = await inventory.childAssetsBulkAdd(
        [await create('Second'), await create('Third')],
        group,
      )
      expect(namesOf(many.data)).toEqual(['Second', 'Third'])
      const created = await inventory.childAssetsCreate({ name: 'Fourth' }, group)
      expect(created.data).toMatchObject({ name: 'Fourth', owner: 'admin' })

      const page = await inventory.childAssetsList(group, { pageSize: 3, withTotalPages: true })
      expect(namesOf(page.data)).toEqual(['First', 'Second', 'Third'])
      expect(page.paging).toMatchObject({ totalPages: 2, nextPage: 2 })
      expect(namesOf((await page.paging?.next())?.data ?? [])).toEqual(['Fourth'])

      const shown = (await inventory.detail(first, { withParents: true })).data
      expect(shown.assetParents.references).toMatchObject([{ managedObject: { name: 'Group' } }])
      expect((await inventory.childAssetsRemove(first, group)).res.status).toBe(204)
      expect((await inventory.childAssetsList(group)).data).toHaveLength(3)
      const again = await failureOf(inventory.childAssetsRemove(first, group))
      expect(again).toMatchObject({
        res: { status: 422 },
        data: { error: 'inventory/Invalid Data' },
      })
    })

    it('are devices and additions too', async () => {
      const { inventory } = client
      const parent = await create('Gateway', { c8y_IsDevice: {} })
      await inventory.childDevicesCreate({ name: 'Sensor' }, parent)
      await inventory.childAdditionsCreate({ name: 'Note' }, parent)
      expect(namesOf((await inventory.childDevicesList(parent)).data)).toEqual(['Sensor'])
      expect(namesOf((await inventory.childAdditionsList(parent)).data)).toEqual(['Note'])
      const { data } = await inventory.detail(parent)
      expect(data.childDevices.references).toMatchObject([{ managedObject: { name: 'Sensor' } }])
    })

    it('go with their group when it is deleted with cascade, and their events too', async () => {
      const { inventory, event } = client
      const group = await create('Hall', { c8y_IsDeviceGroup: {} })
      const { data: device } = await inventory.childAssetsCreate({ name: 'Lamp' }, group)
      const draft = { type: 'demo_On', text: 'On', time: '2026-02-01T10:00:00Z' }
      const lamp = String(device.id)
      await event.create({ ...draft, source: { id: lamp } })
      const filter = { source: group, withSourceAssets: true }
      expect((await event.list(filter)).data).toHaveLength(1)
      expect((await inventory.delete(group, { cascade: true })).res.status).toBe(204)
      expect(await failureOf(inventory.detail(lamp))).toMatchObject({ res: { status: 404 } })
      expect((await event.list({ type: 'demo_On' })).data).toEqual([])
    })
  })

  describe('queries', () => {
    it('that the client builds are understood', async () => {
      const type = "demo_O'Neill (1) [2]"
      const group = await create('Tower', { c8y_IsDeviceGroup: {} })
      for (const [name, level] of [
        ['A', 1],
        ['B', 2.5],
        ['C', 3],
      ] as const) {
        const { data } = await client.inventory.childAssetsCreate(
          { name, type, demo: { level, tags: ['x', name] }, c8y_IsDevice: {} },
          group,
        )
        expect(namesOf([data])).toEqual([name])
      }
      const found = async (query: object) =>
        namesOf((await client.inventory.listQuery(query, { withTotalPages: true })).data)
      expect(await found({ type })).toEqual(['A', 'B', 'C'])
      expect(await found({ type, 'demo.level': { __gt: 2 } })).toEqual(['B', 'C'])
      expect(await found({ 'demo.tags': { __in: ['A', 'C'] } })).toEqual(['A', 'C'])
      expect(await found({ __bygroupid: group, __not: { name: 'B' } })).toEqual(['A', 'C'])
      const hierarchy = { __isinhierarchyof: group, __hasany: ['demo', 'c8y_IsDeviceGroup'] }
      const all = ['Tower', 'A', 'B', 'C']
      if (isNewest) expect(await found(hierarchy)).toEqual(all)
      const inWords = `$filter=isinhierarchyof(${group})`
      expect(namesOf((await client.inventory.list({ query: inWords })).data)).toEqual(all)
      const order = { __filter: { __has: 'demo' }, __orderby: [{ 'demo.level': -1 }, { name: 1 }] }
      expect(await found(order)).toEqual(['C', 'B', 'A'])
      const devices = await client.inventory.listQueryDevices({ name: 'a*' })
      expect(namesOf(devices.data)).toEqual(['A'])
      const query = new line.QueriesUtil().buildQuery({ type })
      const counted = { query, pageSize: 1, withTotalPages: true }
      expect((await client.inventory.list(counted)).paging).toMatchObject({ totalPages: 3 })
      if (isNewest) expect((await client.inventory.count({ query })).data).toBe(3)
    })

    it('for measurements find none', async () => {
      const id = await create('Silent')
      expect(await client.inventory.getMeasurementsAndSeries(id)).toEqual([])
    })
  })
})
