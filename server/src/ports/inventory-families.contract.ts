import { describe, expect, it } from 'vitest'
import { childKinds } from '../core/family.ts'
import { deletionSliceObjectsMax } from '../core/limits.ts'
import {
  absentId,
  device,
  missing,
  nobody,
  serial,
  t1,
  t2,
  taken,
} from './registry-samples.contract.ts'
import { admin, draft, valueOf, viewer } from './registry-samples.contract.ts'
import type { ChildKind, Relation } from '../core/family.ts'
import type { ManagedObjectId, TenantId } from '../core/identity.ts'
import type { RegistryUnderTest } from './registry-samples.contract.ts'

type Ids = readonly ManagedObjectId[]

/** Parents, children and hierarchies. */
export const familyCases = (test: RegistryUnderTest): void => {
  const createIds = async (count: number, tenant = t1): Promise<Ids> => {
    const drafts = Array.from({ length: count }, (_, nth) => draft({ name: `n${nth}` }))
    const objects = valueOf(await test.inventory.createObjects(tenant, admin, drafts))
    return objects.map(({ id }) => id)
  }
  const [first, second, third] = [0, 1, 2] as const
  const three = async (tenant = t1) => {
    const ids = await createIds(3, tenant)
    return [at(ids, first), at(ids, second), at(ids, third)] as const
  }
  const link = async (parent: ManagedObjectId, children: Ids, kind: ChildKind = 'asset') =>
    valueOf(await test.inventory.linkChildren(t1, { parent, kind }, children))
  const hierarchyOf = async (roots: Ids, kinds: readonly ChildKind[] = childKinds, max = 100) =>
    valueOf(await test.inventory.readHierarchy(t1, roots, kinds, max))
  const listOf = async (of: ManagedObjectId, relation: Relation, tenant: TenantId = t1) => {
    const wanted = { relations: [relation], eachMax: 100, withCount: false }
    const [list] = valueOf(await test.inventory.readRelatives(tenant, [of], wanted))
    return list?.relatives.map(({ id }) => id)
  }
  const assets = { to: 'children', kind: 'asset' } as const

  describe('a link', () => {
    it('is refused whole when the parent or one of the children does not exist', async () => {
      const [parent, child] = await three()
      const to = { parent, kind: 'asset' } as const
      const none = { parent: absentId, kind: 'asset' } as const
      const gone = missing('managed-object', absentId)
      expect(await test.inventory.linkChildren(t1, none, [child])).toEqual(gone)
      expect(await test.inventory.linkChildren(t1, to, [child, absentId])).toEqual(gone)
      expect(await test.inventory.unlinkChildren(t1, none, [child])).toEqual(gone)
      expect(await test.inventory.unlinkChildren(t1, to, [absentId])).toEqual(gone)
      expect(await listOf(parent, assets)).toEqual([])
    })

    it('is refused to an object as its own child', async () => {
      const [parent, child] = await three()
      const to = { parent, kind: 'addition' } as const
      const refused = await test.inventory.linkChildren(t1, to, [child, parent])
      expect(refused).toMatchObject({ ok: false, failure: { kind: 'invalid' } })
      expect(await listOf(parent, { to: 'children', kind: 'addition' })).toEqual([])
    })

    it("to or from another tenant's object is refused like one to nothing", async () => {
      const [mine] = await three()
      const [foreign] = await three(t2)
      const link1 = { parent: mine, kind: 'device' } as const
      const link2 = { parent: foreign, kind: 'device' } as const
      for (const wanted of [foreign, absentId]) {
        const gone = missing('managed-object', wanted)
        expect(await test.inventory.linkChildren(t1, link1, [wanted])).toEqual(gone)
        expect(await test.inventory.unlinkChildren(t1, link1, [wanted])).toEqual(gone)
        const under = { parent: wanted, kind: 'device' } as const
        expect(await test.inventory.createObjects(t1, admin, [draft()], under)).toEqual(gone)
      }
      expect(await test.inventory.linkChildren(t1, link2, [mine])).toEqual(
        missing('managed-object', foreign),
      )
      expect(await test.inventory.linkChildren(nobody, link1, [mine])).toEqual(
        missing('managed-object', mine),
      )
      expect(valueOf(await test.inventory.countObjects(t1, {}))).toBe(3)
    })

    it('that is not there cannot be cut, and none is when one is not there', async () => {
      const [parent, child, stranger] = await three()
      await link(parent, [child])
      const from = { parent, kind: 'asset' } as const
      expect(await test.inventory.unlinkChildren(t1, from, [child, stranger])).toEqual(
        missing('child', `${stranger}/${parent}`),
      )
      expect(await test.inventory.unlinkChildren(t1, { parent, kind: 'device' }, [child])).toEqual(
        missing('child', `${child}/${parent}`),
      )
      expect(await listOf(parent, assets)).toEqual([child])
      valueOf(await test.inventory.unlinkChildren(t1, from, [child]))
      expect(await listOf(parent, assets)).toEqual([])
    })

    it('is kept once for each kind, however often it is made', async () => {
      const [parent, child] = await three()
      for (const kind of ['asset', 'asset', 'device'] as const) await link(parent, [child], kind)
      expect(await listOf(parent, assets)).toEqual([child])
      expect(await listOf(parent, { to: 'children', kind: 'device' })).toEqual([child])
      expect(await listOf(child, { to: 'parents', kind: 'device' })).toEqual([parent])
      expect(await listOf(child, { to: 'parents', kind: 'addition' })).toEqual([])
    })

    it('is made with the creation of a child, or neither is', async () => {
      const [parent] = await three()
      const under = { parent, kind: 'addition' } as const
      valueOf(await test.inventory.createObjects(t1, admin, [draft()], under))
      const bad = draft({ externalIds: [serial('a'), serial('a')] })
      expect(await test.inventory.createObjects(t1, admin, [bad], under)).toEqual(
        taken('external-id', 'c8y_Serial/a'),
      )
      expect(await listOf(parent, { to: 'children', kind: 'addition' })).toHaveLength(1)
    })

    it('goes with either of its ends, and the other stays', async () => {
      const [top, middle, bottom] = await three()
      await link(top, [middle])
      await link(middle, [bottom])
      valueOf(await test.inventory.deleteObject(t1, middle))
      expect(await listOf(top, assets)).toEqual([])
      expect(await listOf(bottom, { to: 'parents', kind: 'asset' })).toEqual([])
      expect(await test.listedIds({})).toEqual([top, bottom])
      expect(await test.listedIds({ onlyRoots: true })).toEqual([top, bottom])
    })
  })

  describe('relatives', () => {
    it('of nobody, and of what another tenant has, are empty lists', async () => {
      const [parent, child] = await three()
      await link(parent, [child])
      const wanted = { relations: [assets], eachMax: 10, withCount: true }
      for (const tenant of [t2, nobody]) {
        expect(valueOf(await test.inventory.readRelatives(tenant, [parent], wanted))).toEqual([
          { of: parent, relation: assets, relatives: [], count: 0 },
        ])
      }
      expect(valueOf(await test.inventory.readRelatives(t1, [], wanted))).toEqual([])
    })

    it('are cut at so many by ascending id, with the whole count when asked', async () => {
      const [parent, one, two] = await three()
      await link(parent, [two, one])
      const read = async (eachMax: number, withCount: boolean) => {
        const wanted = { relations: [assets], eachMax, withCount }
        return valueOf(await test.inventory.readRelatives(t1, [parent], wanted))[0]
      }
      expect(await read(1, true)).toMatchObject({ relatives: [{ id: one, name: 'n1' }], count: 2 })
      expect(await read(0, true)).toMatchObject({ relatives: [], count: 2 })
      expect(await read(5, false)).toMatchObject({
        relatives: [{ id: one }, { id: two }],
        count: undefined,
      })
    })

    it('are only those that a user may see', async () => {
      const [parent] = await three()
      const own = await test.create({}, device)
      const shared = await test.create({ fragments: [{ name: 'c8y_Global', value: '{}' }] })
      const hidden = await test.create()
      await link(parent, [own.id, shared.id, hidden.id])
      const wanted = { relations: [assets], eachMax: 9, withCount: true, visibleTo: viewer(device) }
      const [list] = valueOf(await test.inventory.readRelatives(t1, [parent], wanted))
      expect(list?.relatives.map(({ id }) => id)).toEqual([own.id, shared.id])
      expect(list?.count).toBe(2)
    })
  })

  describe('a hierarchy', () => {
    it('of what does not exist is empty', async () => {
      const [foreign] = await three(t2)
      expect(await hierarchyOf([absentId, foreign])).toEqual([])
      expect(await hierarchyOf([])).toEqual([])
    })

    it('has each object once and level by level, over the kinds asked for', async () => {
      const ids = await createIds(5)
      const [top, left, right, leaf, other] = [0, 1, 2, 3, 4].map((nth) => at(ids, nth))
      if (!top || !left || !right || !leaf || !other) throw new Error('five were made')
      await link(top, [right, left])
      await link(right, [leaf])
      await link(left, [leaf], 'device')
      await link(leaf, [other], 'addition')
      expect(await hierarchyOf([top])).toEqual([top, left, right, leaf, other])
      expect(await hierarchyOf([top], ['asset'])).toEqual([top, left, right, leaf])
      expect(await hierarchyOf([leaf, left], ['device'])).toEqual([left, leaf])
      expect(await hierarchyOf([top], childKinds, 2)).toEqual([top, left])
    })

    it('that comes back to its beginning ends', async () => {
      const [one, two, three_] = await three()
      await link(one, [two])
      await link(two, [three_], 'device')
      await link(three_, [one], 'addition')
      expect(await hierarchyOf([two])).toEqual([two, three_, one])
      expect(await test.listedIds({ onlyRoots: true })).toEqual([])
    })
  })

  describe('the links above', () => {
    const linksOf = async (ids: Ids, kinds: readonly ChildKind[] = childKinds, max = 100) => {
      const links = valueOf(await test.inventory.readLinksAbove(t1, ids, kinds, max))
      return links.map(({ child, parent }) => [child, parent])
    }

    it('go up level by level over the kinds that are asked for, each once', async () => {
      const [top, middle, low] = await three()
      const [side = absentId] = await createIds(1)
      await link(top, [middle])
      await link(top, [middle, low], 'device')
      await link(middle, [low, side])
      await link(side, [low], 'addition')
      expect(await linksOf([low])).toEqual([
        [low, top],
        [low, middle],
        [low, side],
        [middle, top],
        [side, middle],
      ])
      expect(await linksOf([low], ['asset'])).toEqual([
        [low, middle],
        [middle, top],
      ])
      expect(await linksOf([side, middle, absentId], ['asset', 'device'])).toEqual([
        [middle, top],
        [side, middle],
      ])
      expect(await linksOf([low], ['asset'], 1)).toEqual([[low, middle]])
      expect(await linksOf([top, absentId])).toEqual([])
      expect(await linksOf([low], [])).toEqual([])
      expect(valueOf(await test.inventory.readLinksAbove(t2, [low], childKinds, 9))).toEqual([])
    })

    it('end in a circle', async () => {
      const [one, two] = await three()
      await link(one, [two])
      await link(two, [one], 'device')
      expect(await linksOf([one])).toEqual([
        [one, two],
        [two, one],
      ])
    })
  })

  describe('listing by place', () => {
    it('finds children, parents and roots, with every other condition', async () => {
      const [parent, child, alone] = await three()
      await link(parent, [child])
      await link(alone, [child], 'device')
      const kind = 'asset'
      expect(await test.listedIds({ childOf: { parent, kind } })).toEqual([child])
      expect(await test.listedIds({ childOf: { parent, kind: 'device' } })).toEqual([])
      expect(await test.listedIds({ childOf: { parent, kind }, ids: [parent] })).toEqual([])
      expect(await test.listedIds({ parentOf: { child, kind: 'device' } })).toEqual([alone])
      expect(await test.listedIds({ onlyRoots: true })).toEqual([parent, alone])
      expect(await test.listedIds({ childOf: { parent, kind } }, t2)).toEqual([])
    })

    it('takes for a root what has no parent that the user may see', async () => {
      const [parent] = await three()
      const own = await test.create({}, device)
      const below = await test.create({}, device)
      await link(parent, [own.id])
      await link(own.id, [below.id])
      expect(await test.listedIds({ onlyRoots: true, visibleTo: viewer(device) })).toEqual([own.id])
    })
  })

  describe('many at once', () => {
    it('are changed all or none', async () => {
      const [one, two] = await three()
      const rename = (id: ManagedObjectId, name: string) => ({
        id,
        change: { name, type: undefined, owner: undefined, fragments: [] },
      })
      const updates = [rename(one, 'x'), rename(absentId, 'y')]
      expect(await test.inventory.changeObjects(t1, updates)).toEqual(
        missing('managed-object', absentId),
      )
      expect(await test.inventory.changeObjects(t2, [rename(one, 'x')])).toEqual(
        missing('managed-object', one),
      )
      expect(valueOf(await test.inventory.readObject(t1, one)).name).toBe('n0')
      const both = [rename(two, 'b'), rename(one, 'a')]
      const changed = valueOf(await test.inventory.changeObjects(t1, both))
      expect(changed.map(({ name }) => name)).toEqual(['b', 'a'])
      expect(valueOf(await test.inventory.readSources(t1, [one]))[0]?.name).toBe('a')
    })

    it('are deleted as far as they exist, with a note for each', async () => {
      const ids = await createIds(deletionSliceObjectsMax)
      const [foreign] = await three(t2)
      const kept = await test.create({ externalIds: [serial('kept')] })
      const gone = await test.create({ externalIds: [serial('gone')] })
      valueOf(await test.inventory.resolveExternalId(t1, serial('gone')))
      valueOf(await test.inventory.readSources(t1, [gone.id]))
      valueOf(await test.inventory.deleteObjects(t1, [...ids.slice(1), gone.id]))
      valueOf(await test.inventory.deleteObjects(t1, [absentId, foreign, gone.id]))
      expect((await test.inventory.resolveExternalId(t1, serial('gone'))).ok).toBe(false)
      expect(valueOf(await test.inventory.readSources(t1, [gone.id]))).toEqual([])
      expect(await test.listedIds({})).toEqual([ids[0], kept.id])
      expect(valueOf(await test.inventory.countObjects(t2, {}))).toBe(3)
      expect(valueOf(await test.inventory.listPurges())).toHaveLength(ids.length)
    })
  })
}

const at = (ids: Ids, nth: number): ManagedObjectId => {
  const id = ids[nth]
  if (id === undefined) throw new Error(`there is no object ${nth}`)
  return id
}
