import { describe, expect, it } from 'vitest'
import { fragmentsMax } from '../core/limits.ts'
import {
  absentId,
  admin,
  device,
  missing,
  noChange,
  serial,
  t1,
  t2,
  taken,
  valueOf,
} from './registry-samples.contract.ts'
import type { RegistryUnderTest } from './registry-samples.contract.ts'

/** Changes, deletions and external ids. */
export const changeCases = (test: RegistryUnderTest): void => {
  describe('changing', () => {
    it('fails for an object that does not exist', async () => {
      expect(await test.inventory.changeObject(t1, absentId, noChange)).toEqual(
        missing('managed-object', absentId),
      )
    })

    it('refuses what would outgrow an object, and changes nothing', async () => {
      const { id } = await test.create({ fragments: [{ name: 'a', value: '1' }] })
      const fragments = Array.from({ length: fragmentsMax }, (_, n) => ({
        name: `f${n}`,
        value: '1',
      }))
      const refused = await test.inventory.changeObject(t1, id, { ...noChange, fragments })
      expect(refused).toMatchObject({ ok: false, failure: { kind: 'invalid' } })
      expect(valueOf(await test.inventory.readObject(t1, id)).fragments).toHaveLength(1)
      expect(await test.listedIds({ fragmentType: 'f0' })).toEqual([])
    })

    it('replaces named fragments, removes null ones, and leaves the rest', async () => {
      const fragments = [
        { name: 'a', value: '1' },
        { name: 'b', value: '2' },
      ]
      const { id } = await test.create({ name: 'n', type: 't', fragments })
      test.clock.ms += 1000
      const change = {
        ...noChange,
        type: null,
        fragments: [
          { name: 'a', value: 'null' },
          { name: 'c', value: '3.0' },
        ],
      }
      const changed = valueOf(await test.inventory.changeObject(t1, id, change))
      expect(changed).toMatchObject({ name: 'n', type: undefined, lastUpdatedMs: test.clock.ms })
      expect(changed.creationMs).toBe(test.clock.ms - 1000)
      expect(changed.fragments).toEqual([
        { name: 'b', value: '2' },
        { name: 'c', value: '3.0' },
      ])
      expect(valueOf(await test.inventory.readObject(t1, id))).toEqual(changed)
      expect(await test.listedIds({ fragmentType: 'a' })).toEqual([])
      expect(await test.listedIds({ fragmentType: 'c' })).toEqual([id])
      expect(await test.listedIds({ type: 't' })).toEqual([])
    })
  })

  describe('deleting', () => {
    it('takes the external ids along and frees their pairs', async () => {
      const { id } = await test.create({ externalIds: [serial('a')] })
      valueOf(await test.inventory.resolveExternalId(t1, serial('a')))
      valueOf(await test.inventory.deleteObject(t1, id))
      // Before anything else is asked for, because a failed deletion makes a store forget what it has in memory.
      expect((await test.inventory.resolveExternalId(t1, serial('a'))).ok).toBe(false)
      const gone = missing('managed-object', id)
      expect(await test.inventory.readObject(t1, id)).toEqual(gone)
      expect(await test.inventory.deleteObject(t1, id)).toEqual(gone)
      expect(await test.listedIds({ fragmentType: 'a' })).toEqual([])
      const next = await test.create({ externalIds: [serial('a')] })
      expect(valueOf(await test.inventory.resolveExternalId(t1, serial('a')))).toBe(next.id)
    })

    it('notes the purge of its events until that is finished', async () => {
      const first = await test.create()
      const second = await test.create({}, admin, t2)
      valueOf(await test.inventory.deleteObject(t1, first.id))
      valueOf(await test.inventory.deleteObject(t2, second.id))
      const purges = valueOf(await test.inventory.listPurges())
      expect(purges).toEqual([
        { tenant: t1, object: first.id },
        { tenant: t2, object: second.id },
      ])
      valueOf(await test.inventory.finishPurges([{ tenant: t1, object: first.id }]))
      valueOf(await test.inventory.finishPurges([{ tenant: t1, object: first.id }]))
      expect(valueOf(await test.inventory.listPurges())).toEqual(purges.slice(1))
      const third = await test.create()
      valueOf(await test.inventory.deleteObject(t1, third.id))
      valueOf(await test.inventory.finishPurges([...purges, { tenant: t1, object: third.id }]))
      expect(valueOf(await test.inventory.listPurges())).toEqual([])
    })

    it('notes nothing when there is nothing to delete', async () => {
      await test.inventory.deleteObject(t1, absentId)
      expect(valueOf(await test.inventory.listPurges())).toEqual([])
    })
  })

  describe('external ids', () => {
    it('are listed in the order of binding', async () => {
      const { id } = await test.create({ externalIds: [serial('z')] })
      valueOf(await test.inventory.bindExternalId(t1, id, serial('a')))
      valueOf(await test.inventory.bindExternalId(t1, id, { type: 'other', externalId: 'a' }))
      expect(valueOf(await test.inventory.listExternalIds(t1, id))).toEqual([
        serial('z'),
        serial('a'),
        { type: 'other', externalId: 'a' },
      ])
    })

    it('bind once, also to the object that has the pair already', async () => {
      const { id } = await test.create({ externalIds: [serial('a')] })
      const other = await test.create()
      for (const object of [id, other.id]) {
        expect(await test.inventory.bindExternalId(t1, object, serial('a'))).toEqual(
          taken('external-id', 'c8y_Serial/a'),
        )
      }
      expect(valueOf(await test.inventory.resolveExternalId(t1, serial('a')))).toBe(id)
    })

    it('keep a slash in type and id apart', async () => {
      const { id } = await test.create({ externalIds: [{ type: 'a/b', externalId: 'c' }] })
      const other = await test.create({ externalIds: [{ type: 'a', externalId: 'b/c' }] })
      const resolve = (type: string, externalId: string) =>
        test.inventory.resolveExternalId(t1, { type, externalId })
      expect(valueOf(await resolve('a/b', 'c'))).toBe(id)
      expect(valueOf(await resolve('a', 'b/c'))).toBe(other.id)
    })

    it('that are bound after they were looked for in vain are found', async () => {
      const { id } = await test.create()
      expect((await test.inventory.resolveExternalId(t1, serial('a'))).ok).toBe(false)
      valueOf(await test.inventory.bindExternalId(t1, id, serial('a')))
      expect(valueOf(await test.inventory.resolveExternalId(t1, serial('a')))).toBe(id)
    })

    it('that are unbound resolve no more and can be bound anew', async () => {
      const { id } = await test.create({ externalIds: [serial('a')] })
      const other = await test.create()
      valueOf(await test.inventory.resolveExternalId(t1, serial('a')))
      valueOf(await test.inventory.unbindExternalId(t1, serial('a')))
      const gone = missing('external-id', 'c8y_Serial/a')
      expect(await test.inventory.resolveExternalId(t1, serial('a'))).toEqual(gone)
      expect(await test.inventory.unbindExternalId(t1, serial('a'))).toEqual(gone)
      expect(valueOf(await test.inventory.listExternalIds(t1, id))).toEqual([])
      valueOf(await test.inventory.bindExternalId(t1, other.id, serial('a')))
      expect(valueOf(await test.inventory.resolveExternalId(t1, serial('a')))).toBe(other.id)
    })
  })

  it('loses everything of a deleted tenant, and only that', async () => {
    const gone = await test.create({ externalIds: [serial('a')] }, device)
    const kept = await test.create({ externalIds: [serial('a')] }, device, t2)
    valueOf(await test.inventory.readSources(t1, [gone.id]))
    valueOf(await test.inventory.resolveExternalId(t1, serial('a')))
    valueOf(await test.accounts.deleteTenant(t1))
    expect((await test.inventory.readObject(t1, gone.id)).ok).toBe(false)
    expect(valueOf(await test.inventory.readSources(t1, [gone.id]))).toEqual([])
    expect((await test.inventory.resolveExternalId(t1, serial('a'))).ok).toBe(false)
    expect(valueOf(await test.inventory.countObjects(t1, {}))).toBe(0)
    expect(await test.listedIds({}, t2)).toEqual([kept.id])
  })
}
