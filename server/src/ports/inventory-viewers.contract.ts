import { expect, it } from 'vitest'
import { childKinds } from '../core/family.ts'
import { parseObjectQuery } from '../core/parse-object-query.ts'
import { absentId, admin, device, draft, t1, t2 } from './registry-samples.contract.ts'
import { valueOf, viewer } from './registry-samples.contract.ts'
import type { ChildKind } from '../core/family.ts'
import type { ManagedObjectId, TenantId } from '../core/identity.ts'
import type { ManagedObjectDraft, ManagedObjectFilter } from '../core/managed-object.ts'
import type { ObjectQuery } from '../core/object-query.ts'
import type { Viewer } from '../core/viewer.ts'
import type { RegistryUnderTest } from './registry-samples.contract.ts'

type Ids = readonly ManagedObjectId[]

/** What is seen by who was given single objects and hierarchies. */
export const viewerCases = (test: RegistryUnderTest): void => {
  const link = async (parent: ManagedObjectId, kind: ChildKind, children: Ids, tenant = t1) =>
    valueOf(await test.inventory.linkChildren(tenant, { parent, kind }, children))
  const make = async (over: Partial<ManagedObjectDraft> = {}, tenant = t1) =>
    (await test.create(over, admin, tenant)).id
  /** The list, which its count and its pages must agree with. */
  const seen = async (visibleTo: Viewer, filter: ManagedObjectFilter = {}, tenant = t1) => {
    const whole = { ...filter, visibleTo }
    const ids = await test.listedIds(whole, tenant)
    expect(valueOf(await test.inventory.countObjects(tenant, whole))).toBe(ids.length)
    const paged: ManagedObjectId[] = []
    for (let skip = 0, more = true; more; skip += 2) {
      const page = valueOf(await test.inventory.listObjects(tenant, whole, skip, 2))
      paged.push(...page.objects.map(({ id }) => id))
      ;({ more } = page)
    }
    expect(paged).toEqual(ids)
    return ids
  }
  const relativesOf = async (of: ManagedObjectId, visibleTo: Viewer, tenant: TenantId = t1) => {
    const relations = (['children', 'parents'] as const).flatMap((to) =>
      childKinds.map((kind) => ({ to, kind })),
    )
    const wanted = { relations, eachMax: 9, withCount: true, visibleTo }
    const lists = valueOf(await test.inventory.readRelatives(tenant, [of], wanted))
    return Object.fromEntries(
      lists.flatMap(({ relation: { to, kind }, relatives, count }) => {
        expect(count).toBe(relatives.length)
        return count === 0 ? [] : [[`${kind} ${to}`, relatives.map(({ id }) => id)]]
      }),
    )
  }
  /** `above` has `group`, which has `asset` and `unit`, each over another kind; `note` is added to `unit`, `lone` to none. */
  const settle = async () => {
    const above = await make()
    const group = await make({ type: 'group' })
    const asset = await make({ type: 'door', name: 'b' })
    const unit = await make({ type: 'door', name: 'a', fragments: [{ name: 'x', value: '1' }] })
    const note = await make({ type: 'door' })
    const lone = await make({ type: 'door' })
    await link(above, 'asset', [group])
    await link(group, 'asset', [asset])
    await link(asset, 'device', [unit])
    await link(unit, 'addition', [note])
    return { above, group, asset, unit, note, lone }
  }
  const query = (text: string): ObjectQuery => {
    const parsed = parseObjectQuery(text)
    if (parsed === undefined) throw new Error(`${text} is a query`)
    return parsed
  }

  it("see nothing of another tenant's, whatever ids they were given", async () => {
    const { group, unit } = await settle()
    const own = await make({}, t2)
    const below = await make({}, t2)
    await link(own, 'asset', [below], t2)
    for (const given of [{ on: [group, unit] }, { below: [group, absentId] }]) {
      const stranger = viewer(device, given)
      expect(await seen(stranger, {}, t2)).toEqual([])
      expect(await seen(stranger, { onlyRoots: true }, t2)).toEqual([])
      expect(await seen(stranger, { ids: [group, unit, own] }, t2)).toEqual([])
      expect(await seen(stranger, { childOf: { parent: group, kind: 'asset' } }, t2)).toEqual([])
      expect(await relativesOf(group, stranger, t2)).toEqual({})
      expect(await relativesOf(own, stranger, t2)).toEqual({})
    }
    const holder = viewer(device, { below: [own, group] })
    expect(await seen(holder, {}, t2)).toEqual([own, below])
    expect(await relativesOf(own, holder, t2)).toEqual({ 'asset children': [below] })
  })

  it('see an object that they were given alone, and what is their own and global', async () => {
    const { group, unit } = await settle()
    const own = (await test.create({}, device)).id
    const shared = await make({ fragments: [{ name: 'c8y_Global', value: '{}' }] })
    expect(await seen(viewer(device, { on: [group, own, absentId] }))).toEqual([group, own, shared])
    expect(await relativesOf(group, viewer(device, { on: [group] }))).toEqual({})
    expect(await seen(viewer(device, { on: [unit], below: [absentId] }))).toEqual([
      unit,
      own,
      shared,
    ])
  })

  it('see a hierarchy over child assets and child devices, and nothing above it', async () => {
    const { group, asset, unit } = await settle()
    expect(await seen(viewer(device, { below: [group] }))).toEqual([group, asset, unit])
    expect(await seen(viewer(device, { below: [unit, asset] }))).toEqual([asset, unit])
  })

  it('see each object once, over whatever ways they reach it, also in a circle', async () => {
    const { above, group, asset, unit, note } = await settle()
    await link(unit, 'asset', [above])
    await link(group, 'device', [unit, asset])
    const holder = viewer(admin, { on: [unit, note], below: [group, unit, group] })
    const all = [above, group, asset, unit]
    expect(await seen(viewer(device, { below: [unit] }))).toEqual(all)
    expect(await seen(viewer(device, { on: [note], below: [asset, group] }))).toEqual([
      ...all,
      note,
    ])
    expect(await seen(holder, { ids: all })).toEqual(all)
  })

  it('see it as it hangs now', async () => {
    const { group, asset, unit, lone } = await settle()
    const holder = viewer(device, { below: [group] })
    valueOf(await test.inventory.unlinkChildren(t1, { parent: asset, kind: 'device' }, [unit]))
    expect(await seen(holder)).toEqual([group, asset])
    await link(asset, 'device', [lone])
    expect(await seen(holder)).toEqual([group, asset, lone])
    valueOf(await test.inventory.deleteObject(t1, asset))
    expect(await seen(holder)).toEqual([group])
  })

  it('see each change at once, however often they have looked before', async () => {
    const { above, group, asset, unit, note, lone } = await settle()
    const holder = viewer(device, { below: [asset, group] })
    const other = viewer(admin, { below: [above] })
    const look = async () => [await seen(holder), await seen(holder, { onlyRoots: true })]
    expect(await look()).toEqual([[group, asset, unit], [group]])
    expect(await seen(other)).toEqual([above, group, asset, unit, note, lone])
    await link(unit, 'device', [note])
    expect(await look()).toEqual([[group, asset, unit, note], [group]])
    const under = { parent: note, kind: 'asset' } as const
    const [made] = valueOf(await test.inventory.createObjects(t1, admin, [draft()], under))
    const found = made?.id ?? absentId
    expect(await look()).toEqual([[group, asset, unit, note, found], [group]])
    valueOf(await test.inventory.unlinkChildren(t1, { parent: group, kind: 'asset' }, [asset]))
    expect(await look()).toEqual([
      [group, asset, unit, note, found],
      [group, asset],
    ])
    valueOf(await test.inventory.deleteObjects(t1, [note]))
    expect(await look()).toEqual([
      [group, asset, unit],
      [group, asset],
    ])
    valueOf(await test.inventory.deleteObject(t1, asset))
    expect(await look()).toEqual([[group], [group]])
    expect(await seen(viewer(device, { below: [lone] }))).toEqual([lone])
    valueOf(await test.inventory.deleteObject(t1, lone))
    expect(await seen(viewer(device, { below: [lone] }))).toEqual([])
  })

  it("see none of a former tenant's hierarchy", async () => {
    const { group } = await settle()
    const holder = viewer(device, { below: [group] })
    expect(await seen(holder)).toHaveLength(3)
    valueOf(await test.accounts.deleteTenant(t1))
    expect(await seen(holder)).toEqual([])
    valueOf(await test.inventory.finishPurges([{ tenant: t1, object: undefined }]))
    const tenant = { id: t1, name: 't1', domain: 't1', state: 'active' } as const
    valueOf(await test.accounts.createTenant(tenant, []))
    const [one, two] = [await make(), await make()]
    await link(one, 'asset', [two])
    expect(await seen(holder)).toEqual([])
    expect(await seen(viewer(device, { below: [one] }))).toEqual([one, two])
  })

  it('find in it by every other condition', async () => {
    const { above, group, asset, unit, lone, note } = await settle()
    const holder = viewer(device, { below: [group] })
    const found = (filter: ManagedObjectFilter) => seen(holder, filter)
    expect(await found({ type: 'door' })).toEqual([asset, unit])
    expect(await found({ fragmentType: 'x' })).toEqual([unit])
    expect(await found({ owner: admin })).toEqual([group, asset, unit])
    expect(await found({ owner: device })).toEqual([])
    expect(await found({ text: 'door' })).toEqual([asset, unit])
    expect(await found({ ids: [lone, unit] })).toEqual([unit])
    expect(await found({ childOf: { parent: group, kind: 'asset' } })).toEqual([asset])
    expect(await found({ childOf: { parent: unit, kind: 'addition' } })).toEqual([])
    expect(await found({ parentOf: { child: group, kind: 'asset' } })).toEqual([])
    expect(await found({ parentOf: { child: note, kind: 'addition' } })).toEqual([unit])
    expect(await found({ query: query("$filter=type eq 'door' $orderby=name") })).toEqual([
      unit,
      asset,
    ])
    expect(await found({ query: query(`isinhierarchyof(${above})`) })).toEqual([group, asset, unit])
    expect(await found({ query: query('not(has(x))') })).toEqual([group, asset])
    expect(await found({ query: query(`id eq ${lone} or bygroupid(${group})`) })).toEqual([asset])
  })

  it('take for a root what has no parent that they see', async () => {
    const { group, unit, note, lone } = await settle()
    const roots = { onlyRoots: true } as const
    expect(await seen(viewer(device, { below: [group] }), roots)).toEqual([group])
    expect(await seen(viewer(device, { on: [note], below: [unit] }), roots)).toEqual([unit])
    expect(await seen(viewer(device, { on: [note, unit, lone] }), roots)).toEqual([unit, lone])
    const doors = { ...roots, type: 'door' }
    expect(await seen(viewer(device, { on: [note, lone], below: [group] }), doors)).toEqual([lone])
  })

  it('see those of the relatives that they may list', async () => {
    const { above, group, asset, unit, note } = await settle()
    const holder = viewer(device, { below: [group] })
    await link(group, 'addition', [asset, note])
    expect(await relativesOf(group, holder)).toEqual({
      'asset children': [asset],
      'addition children': [asset],
    })
    expect(await relativesOf(asset, holder)).toEqual({
      'device children': [unit],
      'asset parents': [group],
      'addition parents': [group],
    })
    expect(await relativesOf(above, holder)).toEqual({ 'asset children': [group] })
    expect(await relativesOf(unit, viewer(device, { on: [unit, note] }))).toEqual({
      'addition children': [note],
    })
  })

  it('find in a large hierarchy, and among many that are in none', async () => {
    const { group, unit } = await settle()
    const drafts = Array.from({ length: 1_100 }, (_, nth) =>
      draft({ type: 'many', name: `n${nth}` }),
    )
    const under = { parent: unit, kind: 'asset' } as const
    const inside = valueOf(await test.inventory.createObjects(t1, admin, drafts, under))
    const outside = valueOf(await test.inventory.createObjects(t1, admin, drafts))
    const visibleTo = viewer(device, { below: [group] })
    const many = { type: 'many', visibleTo }
    expect(await test.listedIds(many)).toEqual(inside.map(({ id }) => id))
    expect(valueOf(await test.inventory.countObjects(t1, many))).toBe(1_100)
    expect(await test.listedIds({ ...many, onlyRoots: true })).toEqual([])
    const ids = [...inside, ...outside].map(({ id }) => id)
    expect(await test.listedIds({ visibleTo, ids })).toEqual(inside.map(({ id }) => id))
    const page = valueOf(await test.inventory.listObjects(t1, many, 1_098, 5))
    expect(page.objects.map(({ name }) => name)).toEqual(['n1098', 'n1099'])
    expect(page.more).toBe(false)
    expect(await seen(visibleTo, { query: query("name eq 'n109*'") })).toHaveLength(11)
  })
}
