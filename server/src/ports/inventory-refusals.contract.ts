import { describe, expect, it } from 'vitest'
import {
  absentId,
  admin,
  device,
  draft,
  missing,
  noChange,
  serial,
  t1,
  t2,
  nobody,
  taken,
  valueOf,
  viewer,
} from './registry-samples.contract.ts'
import type { ManagedObjectFilter } from '../core/managed-object.ts'
import type { RegistryUnderTest } from './registry-samples.contract.ts'

/** What must not be seen, given away or half done. */
export const refusalCases = (test: RegistryUnderTest): void => {
  describe('across tenants', () => {
    it("answers another tenant's object exactly like one that does not exist", async () => {
      const { id } = await test.create({ externalIds: [serial('a')] })
      for (const wanted of [id, absentId]) {
        const gone = missing('managed-object', wanted)
        expect(await test.inventory.readObject(t2, wanted)).toEqual(gone)
        expect(await test.inventory.changeObject(t2, wanted, noChange)).toEqual(gone)
        expect(await test.inventory.deleteObject(t2, wanted)).toEqual(gone)
        expect(await test.inventory.listExternalIds(t2, wanted)).toEqual(gone)
        expect(await test.inventory.bindExternalId(t2, wanted, serial('b'))).toEqual(gone)
        expect(await test.inventory.readSources(t2, [wanted])).toEqual({ ok: true, value: [] })
        expect(await test.listedIds({ ids: [wanted] }, t2)).toEqual([])
      }
      expect(valueOf(await test.inventory.readObject(t1, id)).id).toBe(id)
      expect(valueOf(await test.inventory.listExternalIds(t1, id))).toEqual([serial('a')])
    })

    it("answers another tenant's external id exactly like one that does not exist", async () => {
      const { id } = await test.create({ externalIds: [serial('a')] })
      for (const wanted of ['a', 'absent']) {
        const gone = missing('external-id', `c8y_Serial/${wanted}`)
        expect(await test.inventory.resolveExternalId(t2, serial(wanted))).toEqual(gone)
        expect(await test.inventory.unbindExternalId(t2, serial(wanted))).toEqual(gone)
      }
      expect(valueOf(await test.inventory.resolveExternalId(t1, serial('a')))).toBe(id)
    })

    it('lets two tenants bind the same pair', async () => {
      const first = await test.create({ externalIds: [serial('a')] })
      const second = await test.create({ externalIds: [serial('a')] }, admin, t2)
      expect(valueOf(await test.inventory.resolveExternalId(t1, serial('a')))).toBe(first.id)
      expect(valueOf(await test.inventory.resolveExternalId(t2, serial('a')))).toBe(second.id)
    })

    it('lists and counts nothing of another tenant, whatever the filter', async () => {
      const fragments = [{ name: 'c8y_Global', value: '{}' }]
      const { id } = await test.create({ type: 'door', name: 'n', fragments })
      const filters: readonly ManagedObjectFilter[] = [
        {},
        { ids: [id] },
        { type: 'door' },
        { fragmentType: 'c8y_Global' },
        { owner: admin },
        { text: 'n' },
        { visibleTo: viewer(admin) },
        { visibleTo: viewer(device, { on: [id] }) },
        { visibleTo: viewer(device, { below: [id] }) },
      ]
      for (const filter of filters) {
        expect(await test.listedIds(filter, t2)).toEqual([])
        expect(valueOf(await test.inventory.countObjects(t2, filter))).toBe(0)
        expect(valueOf(await test.inventory.countObjects(t1, filter))).toBe(1)
      }
      expect(valueOf(await test.inventory.listOwned(t2, admin, 10))).toEqual([])
    })
  })

  describe('creating', () => {
    it('fails for a tenant that does not exist', async () => {
      expect(await test.inventory.createObjects(nobody, admin, [draft()])).toEqual(
        missing('tenant', nobody),
      )
    })

    it('creates none when one external id is taken', async () => {
      await test.create({ externalIds: [serial('a')] })
      const drafts = [draft({ externalIds: [serial('b')] }), draft({ externalIds: [serial('a')] })]
      expect(await test.inventory.createObjects(t1, admin, drafts)).toEqual(
        taken('external-id', 'c8y_Serial/a'),
      )
      expect(valueOf(await test.inventory.countObjects(t1, {}))).toBe(1)
      expect((await test.inventory.resolveExternalId(t1, serial('b'))).ok).toBe(false)
    })

    it('creates none when a pair stands twice in one call', async () => {
      const drafts = [draft({ externalIds: [serial('a')] }), draft({ externalIds: [serial('a')] })]
      expect(await test.inventory.createObjects(t1, admin, drafts)).toEqual(
        taken('external-id', 'c8y_Serial/a'),
      )
      expect(valueOf(await test.inventory.countObjects(t1, {}))).toBe(0)
    })

    it('answers the objects in order, with ascending ids and its own time', async () => {
      const drafts = [draft({ name: 'first' }), draft({ name: 'second' })]
      const created = valueOf(await test.inventory.createObjects(t1, undefined, drafts))
      expect(created.map((object) => object.name)).toEqual(['first', 'second'])
      expect(created[0]?.id).toBeLessThan(Number(created[1]?.id))
      expect(created[0]).toMatchObject({ tenant: t1, owner: undefined, creationMs: test.clock.ms })
      expect(created[0]?.lastUpdatedMs).toBe(test.clock.ms)
    })

    it("keeps the sender's text of every fragment, in order", async () => {
      const fragments = [
        { name: 'z', value: '1.50' },
        { name: 'a', value: '{"n": 9007199254740993}' },
        { name: 'empty', value: 'null' },
      ]
      const { id } = await test.create({ fragments })
      expect(valueOf(await test.inventory.readObject(t1, id)).fragments).toEqual(fragments)
      expect(await test.listedIds({ fragmentType: 'empty' })).toEqual([id])
    })

    it('never gives an id twice, also when the clock is set back and the object is gone', async () => {
      const { id } = await test.create()
      valueOf(await test.inventory.deleteObject(t1, id))
      test.clock.ms -= 1_000_000
      expect((await test.create()).id).toBeGreaterThan(id)
    })
  })
}
