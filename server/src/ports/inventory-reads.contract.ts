import { describe, expect, it } from 'vitest'
import { toManagedObjectId } from '../core/identity.ts'
import {
  absentId,
  admin,
  device,
  draft,
  noChange,
  serial,
  t1,
  t2,
  valueOf,
  viewer,
} from './registry-samples.contract.ts'
import type { RegistryUnderTest } from './registry-samples.contract.ts'

/** Sources, and the list with its filters. */
export const readCases = (test: RegistryUnderTest): void => {
  describe('reading sources', () => {
    it('answers each source once and leaves absent ones out', async () => {
      const { id } = await test.create({ name: 'n', type: 't' }, device)
      const found = valueOf(await test.inventory.readSources(t1, [absentId, id, id]))
      expect(found).toEqual([{ id, name: 'n', type: 't', owner: device }])
    })

    it('sees a change of name and owner, and a deletion, at once', async () => {
      const { id } = await test.create({ name: 'old' })
      valueOf(await test.inventory.readSources(t1, [id]))
      const change = { ...noChange, name: 'new', owner: device }
      valueOf(await test.inventory.changeObject(t1, id, change))
      const [source] = valueOf(await test.inventory.readSources(t1, [id]))
      expect(source).toMatchObject({ name: 'new', owner: device })
      valueOf(await test.inventory.deleteObject(t1, id))
      expect(valueOf(await test.inventory.readSources(t1, [id]))).toEqual([])
    })

    it('know at once what was read, never for another tenant, and nothing that is gone', async () => {
      const { id } = await test.create()
      const [source] = valueOf(await test.inventory.readSources(t1, [id]))
      expect(test.inventory.knownSource(t1, id)).toEqual(source)
      expect(test.inventory.knownSource(t2, id)).toBeUndefined()
      valueOf(await test.inventory.deleteObject(t1, id))
      expect(test.inventory.knownSource(t1, id)).toBeUndefined()
    })

    it('answers many at once', async () => {
      const drafts = Array.from({ length: 2000 }, () => draft())
      const ids = valueOf(await test.inventory.createObjects(t1, admin, drafts)).map(({ id }) => id)
      expect(valueOf(await test.inventory.readSources(t1, ids))).toHaveLength(2000)
    })
  })

  describe('listing', () => {
    it('answers elements skip to skip + size by ascending id, and whether there are more', async () => {
      const ids = []
      for (let nth = 0; nth < 5; nth += 1) ids.push((await test.create()).id)
      const middle = valueOf(await test.inventory.listObjects(t1, {}, 1, 2))
      expect(middle.objects.map(({ id }) => id)).toEqual(ids.slice(1, 3))
      expect(middle.more).toBe(true)
      const end = valueOf(await test.inventory.listObjects(t1, {}, 3, 2))
      expect(end.objects.map(({ id }) => id)).toEqual(ids.slice(3))
      expect(end.more).toBe(false)
      expect(valueOf(await test.inventory.listObjects(t1, {}, 9, 2))).toEqual({
        objects: [],
        more: false,
      })
    })

    it('needs every condition of a filter', async () => {
      const both = await test.create(
        { type: 'door', fragments: [{ name: 'x', value: '1' }] },
        device,
      )
      await test.create({ type: 'door' }, device)
      await test.create({ type: 'door', fragments: [{ name: 'x', value: '1' }] }, admin)
      expect(await test.listedIds({ type: 'door', fragmentType: 'x', owner: device })).toEqual([
        both.id,
      ])
    })

    it('finds among up to 2,000 ids, and nothing among none', async () => {
      const { id } = await test.create()
      await test.create()
      const ids = Array.from({ length: 1999 }, (_, nth) => toManagedObjectId(nth + 1))
      expect(await test.listedIds({ ids: [...ids, id] })).toEqual([id])
      expect(await test.listedIds({ ids: [] })).toEqual([])
    })

    it('finds each word of a text in id, type, name, owner or external id', async () => {
      const found = await test.create(
        { name: 'North Gäte', type: 'lock', externalIds: [serial('SN-77')] },
        device,
      )
      await test.create({ name: 'south', type: 'lock' })
      for (const text of ['NORTH', 'gÄte sn-7', `${found.id} lock`, 'DEVICE_1']) {
        expect(await test.listedIds({ text })).toEqual([found.id])
      }
      expect(await test.listedIds({ text: 'north south' })).toEqual([])
      expect(await test.listedIds({ text: 'c8y_Serial' })).toEqual([])
    })

    it("takes a text's wildcards as letters", async () => {
      const { id } = await test.create({ name: "100%_a'b" })
      await test.create({ name: '100 percent' })
      expect(await test.listedIds({ text: "%_a'" })).toEqual([id])
    })

    it('shows a user without a role its own objects and the global ones', async () => {
      const own = await test.create({}, device)
      const shared = await test.create({ fragments: [{ name: 'c8y_Global', value: '{}' }] })
      await test.create()
      const visibleTo = viewer(device)
      expect(await test.listedIds({ visibleTo })).toEqual([own.id, shared.id])
      expect(valueOf(await test.inventory.countObjects(t1, { visibleTo }))).toBe(2)
      expect(await test.listedIds({ visibleTo, owner: admin })).toEqual([shared.id])
    })

    it('compares type and fragment byte for byte', async () => {
      await test.create({ type: 'Door', fragments: [{ name: 'Frag', value: '1' }] })
      expect(await test.listedIds({ type: 'door' })).toEqual([])
      expect(await test.listedIds({ fragmentType: 'frag' })).toEqual([])
    })

    it("lists a user's own ids, at most so many", async () => {
      const first = await test.create({}, device)
      await test.create()
      const second = await test.create({}, device)
      expect(valueOf(await test.inventory.listOwned(t1, device, 10))).toEqual([first.id, second.id])
      expect(valueOf(await test.inventory.listOwned(t1, device, 1))).toEqual([first.id])
    })
  })
}
