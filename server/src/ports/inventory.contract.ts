import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { NewUser } from '../core/account.ts'
import type { Result } from '../core/failure.ts'
import type { ManagedObjectId, TenantId, UserName } from '../core/identity.ts'
import type {
  ManagedObject,
  ManagedObjectChange,
  ManagedObjectDraft,
  ManagedObjectFilter,
} from '../core/managed-object.ts'
import type { Accounts } from './accounts.ts'
import type { Clock } from './clock.ts'
import type { Inventory } from './inventory.ts'

export type OpenRegistry = {
  readonly inventory: Inventory
  readonly accounts: Accounts
  readonly close: () => Promise<void>
}

const t1 = 't1' as TenantId
const t2 = 't2' as TenantId
const nobody = 'nobody' as TenantId
const admin = 'admin' as UserName
const device = 'device_1' as UserName
const absentId = 7 as ManagedObjectId
const serial = (externalId: string) => ({ type: 'c8y_Serial', externalId })

const draft = (over: Partial<ManagedObjectDraft> = {}): ManagedObjectDraft => ({
  name: undefined,
  type: undefined,
  fragments: [],
  externalIds: [],
  ...over,
})

const noChange: ManagedObjectChange = {
  name: undefined,
  type: undefined,
  owner: undefined,
  fragments: [],
}

const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`unexpected failure ${JSON.stringify(result.failure)}`)
  return result.value
}

const missing = (what: string, id: string | number) => ({
  ok: false,
  failure: { kind: 'not-found', what, id: String(id) },
})

const taken = (what: string, id: string) => ({ ok: false, failure: { kind: 'conflict', what, id } })

/** What every inventory promises, negative cases first. */
export const inventoryContract = (
  name: string,
  open: (clock: Clock) => Promise<OpenRegistry>,
): void => {
  describe(`inventory (${name})`, () => {
    let registry: OpenRegistry
    let inventory: Inventory
    let nowMs = Date.UTC(2026, 0, 1)

    beforeEach(async () => {
      nowMs = Date.UTC(2026, 0, 1)
      registry = await open({ nowMs: () => nowMs })
      inventory = registry.inventory
      for (const id of [t1, t2]) {
        const tenant = { id, name: id, domain: id, state: 'active' } as const
        valueOf(await registry.accounts.createTenant(tenant, noUsers))
      }
    })
    afterEach(() => registry.close())

    const create = async (
      over: Partial<ManagedObjectDraft> = {},
      owner: UserName | undefined = admin,
      tenant = t1,
    ): Promise<ManagedObject> => {
      const [created] = valueOf(await inventory.createObjects(tenant, owner, [draft(over)]))
      if (created === undefined) throw new Error('nothing was created')
      return created
    }

    const listedIds = async (filter: ManagedObjectFilter, tenant = t1) =>
      valueOf(await inventory.listObjects(tenant, filter, 0, 2000)).objects.map(({ id }) => id)

    describe('across tenants', () => {
      it("answers another tenant's object exactly like one that does not exist", async () => {
        const { id } = await create({ externalIds: [serial('a')] })
        for (const wanted of [id, absentId]) {
          const gone = missing('managed-object', wanted)
          expect(await inventory.readObject(t2, wanted)).toEqual(gone)
          expect(await inventory.changeObject(t2, wanted, noChange)).toEqual(gone)
          expect(await inventory.deleteObject(t2, wanted)).toEqual(gone)
          expect(await inventory.listExternalIds(t2, wanted)).toEqual(gone)
          expect(await inventory.bindExternalId(t2, wanted, serial('b'))).toEqual(gone)
          expect(await inventory.readSources(t2, [wanted])).toEqual({ ok: true, value: [] })
          expect(await listedIds({ ids: [wanted] }, t2)).toEqual([])
        }
        expect(valueOf(await inventory.readObject(t1, id)).id).toBe(id)
        expect(valueOf(await inventory.listExternalIds(t1, id))).toEqual([serial('a')])
      })

      it("answers another tenant's external id exactly like one that does not exist", async () => {
        const { id } = await create({ externalIds: [serial('a')] })
        for (const wanted of ['a', 'absent']) {
          const gone = missing('external-id', `c8y_Serial/${wanted}`)
          expect(await inventory.resolveExternalId(t2, serial(wanted))).toEqual(gone)
          expect(await inventory.unbindExternalId(t2, serial(wanted))).toEqual(gone)
        }
        expect(valueOf(await inventory.resolveExternalId(t1, serial('a')))).toBe(id)
      })

      it('lets two tenants bind the same pair', async () => {
        const first = await create({ externalIds: [serial('a')] })
        const second = await create({ externalIds: [serial('a')] }, admin, t2)
        expect(valueOf(await inventory.resolveExternalId(t1, serial('a')))).toBe(first.id)
        expect(valueOf(await inventory.resolveExternalId(t2, serial('a')))).toBe(second.id)
      })

      it('lists and counts nothing of another tenant, whatever the filter', async () => {
        const fragments = [{ name: 'c8y_Global', value: '{}' }]
        const { id } = await create({ type: 'door', name: 'n', fragments })
        const filters: readonly ManagedObjectFilter[] = [
          {},
          { ids: [id] },
          { type: 'door' },
          { fragmentType: 'c8y_Global' },
          { owner: admin },
          { text: 'n' },
          { visibleTo: admin },
        ]
        for (const filter of filters) {
          expect(await listedIds(filter, t2)).toEqual([])
          expect(valueOf(await inventory.countObjects(t2, filter))).toBe(0)
          expect(valueOf(await inventory.countObjects(t1, filter))).toBe(1)
        }
        expect(valueOf(await inventory.listOwned(t2, admin, 10))).toEqual([])
      })
    })

    describe('creating', () => {
      it('fails for a tenant that does not exist', async () => {
        expect(await inventory.createObjects(nobody, admin, [draft()])).toEqual(
          missing('tenant', nobody),
        )
      })

      it('creates none when one external id is taken', async () => {
        await create({ externalIds: [serial('a')] })
        const drafts = [
          draft({ externalIds: [serial('b')] }),
          draft({ externalIds: [serial('a')] }),
        ]
        expect(await inventory.createObjects(t1, admin, drafts)).toEqual(
          taken('external-id', 'c8y_Serial/a'),
        )
        expect(valueOf(await inventory.countObjects(t1, {}))).toBe(1)
        expect((await inventory.resolveExternalId(t1, serial('b'))).ok).toBe(false)
      })

      it('creates none when a pair stands twice in one call', async () => {
        const drafts = [
          draft({ externalIds: [serial('a')] }),
          draft({ externalIds: [serial('a')] }),
        ]
        expect(await inventory.createObjects(t1, admin, drafts)).toEqual(
          taken('external-id', 'c8y_Serial/a'),
        )
        expect(valueOf(await inventory.countObjects(t1, {}))).toBe(0)
      })

      it('answers the objects in order, with ascending ids and its own time', async () => {
        const drafts = [draft({ name: 'first' }), draft({ name: 'second' })]
        const created = valueOf(await inventory.createObjects(t1, undefined, drafts))
        expect(created.map((object) => object.name)).toEqual(['first', 'second'])
        expect(created[0]?.id).toBeLessThan(Number(created[1]?.id))
        expect(created[0]).toMatchObject({ tenant: t1, owner: undefined, creationMs: nowMs })
        expect(created[0]?.lastUpdatedMs).toBe(nowMs)
      })

      it("keeps the sender's text of every fragment, in order", async () => {
        const fragments = [
          { name: 'z', value: '1.50' },
          { name: 'a', value: '{"n": 9007199254740993}' },
          { name: 'empty', value: 'null' },
        ]
        const { id } = await create({ fragments })
        expect(valueOf(await inventory.readObject(t1, id)).fragments).toEqual(fragments)
        expect(await listedIds({ fragmentType: 'empty' })).toEqual([id])
      })

      it('never gives an id twice, also when the clock is set back and the object is gone', async () => {
        const { id } = await create()
        valueOf(await inventory.deleteObject(t1, id))
        nowMs -= 1_000_000
        expect((await create()).id).toBeGreaterThan(id)
      })
    })

    describe('reading sources', () => {
      it('answers each source once and leaves absent ones out', async () => {
        const { id } = await create({ name: 'n', type: 't' }, device)
        const found = valueOf(await inventory.readSources(t1, [absentId, id, id]))
        expect(found).toEqual([{ id, name: 'n', type: 't', owner: device }])
      })

      it('sees a change of name and owner, and a deletion, at once', async () => {
        const { id } = await create({ name: 'old' })
        valueOf(await inventory.readSources(t1, [id]))
        const change = { ...noChange, name: 'new', owner: device }
        valueOf(await inventory.changeObject(t1, id, change))
        const [source] = valueOf(await inventory.readSources(t1, [id]))
        expect(source).toMatchObject({ name: 'new', owner: device })
        valueOf(await inventory.deleteObject(t1, id))
        expect(valueOf(await inventory.readSources(t1, [id]))).toEqual([])
      })

      it('answers many at once', async () => {
        const drafts = Array.from({ length: 2000 }, () => draft())
        const ids = valueOf(await inventory.createObjects(t1, admin, drafts)).map(({ id }) => id)
        expect(valueOf(await inventory.readSources(t1, ids))).toHaveLength(2000)
      })
    })

    describe('listing', () => {
      it('answers elements skip to skip + size by ascending id, and whether there are more', async () => {
        const ids = []
        for (let nth = 0; nth < 5; nth += 1) ids.push((await create()).id)
        const middle = valueOf(await inventory.listObjects(t1, {}, 1, 2))
        expect(middle.objects.map(({ id }) => id)).toEqual(ids.slice(1, 3))
        expect(middle.more).toBe(true)
        const end = valueOf(await inventory.listObjects(t1, {}, 3, 2))
        expect(end.objects.map(({ id }) => id)).toEqual(ids.slice(3))
        expect(end.more).toBe(false)
        expect(valueOf(await inventory.listObjects(t1, {}, 9, 2))).toEqual({
          objects: [],
          more: false,
        })
      })

      it('needs every condition of a filter', async () => {
        const both = await create({ type: 'door', fragments: [{ name: 'x', value: '1' }] }, device)
        await create({ type: 'door' }, device)
        await create({ type: 'door', fragments: [{ name: 'x', value: '1' }] }, admin)
        expect(await listedIds({ type: 'door', fragmentType: 'x', owner: device })).toEqual([
          both.id,
        ])
      })

      it('finds among up to 2,000 ids, and nothing among none', async () => {
        const { id } = await create()
        await create()
        const ids = Array.from({ length: 1999 }, (_, nth) => (nth + 1) as ManagedObjectId)
        expect(await listedIds({ ids: [...ids, id] })).toEqual([id])
        expect(await listedIds({ ids: [] })).toEqual([])
      })

      it('finds each word of a text in id, type, name, owner or external id', async () => {
        const found = await create(
          { name: 'North Gäte', type: 'lock', externalIds: [serial('SN-77')] },
          device,
        )
        await create({ name: 'south', type: 'lock' })
        for (const text of ['NORTH', 'gÄte sn-7', `${found.id} lock`, 'DEVICE_1']) {
          expect(await listedIds({ text })).toEqual([found.id])
        }
        expect(await listedIds({ text: 'north south' })).toEqual([])
        expect(await listedIds({ text: 'c8y_Serial' })).toEqual([])
      })

      it("takes a text's wildcards as letters", async () => {
        const { id } = await create({ name: "100%_a'b" })
        await create({ name: '100 percent' })
        expect(await listedIds({ text: "%_a'" })).toEqual([id])
      })

      it('shows a user without a role its own objects and the global ones', async () => {
        const own = await create({}, device)
        const shared = await create({ fragments: [{ name: 'c8y_Global', value: '{}' }] })
        await create()
        expect(await listedIds({ visibleTo: device })).toEqual([own.id, shared.id])
        expect(valueOf(await inventory.countObjects(t1, { visibleTo: device }))).toBe(2)
        expect(await listedIds({ visibleTo: device, owner: admin })).toEqual([shared.id])
      })

      it('compares type and fragment byte for byte', async () => {
        await create({ type: 'Door', fragments: [{ name: 'Frag', value: '1' }] })
        expect(await listedIds({ type: 'door' })).toEqual([])
        expect(await listedIds({ fragmentType: 'frag' })).toEqual([])
      })

      it("lists a user's own ids, at most so many", async () => {
        const first = await create({}, device)
        await create()
        const second = await create({}, device)
        expect(valueOf(await inventory.listOwned(t1, device, 10))).toEqual([first.id, second.id])
        expect(valueOf(await inventory.listOwned(t1, device, 1))).toEqual([first.id])
      })
    })

    describe('changing', () => {
      it('fails for an object that does not exist', async () => {
        expect(await inventory.changeObject(t1, absentId, noChange)).toEqual(
          missing('managed-object', absentId),
        )
      })

      it('replaces named fragments, removes null ones, and leaves the rest', async () => {
        const fragments = [
          { name: 'a', value: '1' },
          { name: 'b', value: '2' },
        ]
        const { id } = await create({ name: 'n', type: 't', fragments })
        nowMs += 1000
        const change = {
          ...noChange,
          type: null,
          fragments: [
            { name: 'a', value: 'null' },
            { name: 'c', value: '3.0' },
          ],
        }
        const changed = valueOf(await inventory.changeObject(t1, id, change))
        expect(changed).toMatchObject({ name: 'n', type: undefined, lastUpdatedMs: nowMs })
        expect(changed.creationMs).toBe(nowMs - 1000)
        expect(changed.fragments).toEqual([
          { name: 'b', value: '2' },
          { name: 'c', value: '3.0' },
        ])
        expect(valueOf(await inventory.readObject(t1, id))).toEqual(changed)
        expect(await listedIds({ fragmentType: 'a' })).toEqual([])
        expect(await listedIds({ fragmentType: 'c' })).toEqual([id])
        expect(await listedIds({ type: 't' })).toEqual([])
      })
    })

    describe('deleting', () => {
      it('takes the external ids along and frees their pairs', async () => {
        const { id } = await create({ externalIds: [serial('a')] })
        valueOf(await inventory.resolveExternalId(t1, serial('a')))
        valueOf(await inventory.deleteObject(t1, id))
        const gone = missing('managed-object', id)
        expect(await inventory.readObject(t1, id)).toEqual(gone)
        expect(await inventory.deleteObject(t1, id)).toEqual(gone)
        expect((await inventory.resolveExternalId(t1, serial('a'))).ok).toBe(false)
        expect(await listedIds({ fragmentType: 'a' })).toEqual([])
        const next = await create({ externalIds: [serial('a')] })
        expect(valueOf(await inventory.resolveExternalId(t1, serial('a')))).toBe(next.id)
      })

      it('notes the purge of its events until that is finished', async () => {
        const first = await create()
        const second = await create({}, admin, t2)
        valueOf(await inventory.deleteObject(t1, first.id))
        valueOf(await inventory.deleteObject(t2, second.id))
        const purges = valueOf(await inventory.listPurges())
        expect(purges).toEqual([
          { tenant: t1, object: first.id },
          { tenant: t2, object: second.id },
        ])
        valueOf(await inventory.finishPurge({ tenant: t1, object: first.id }))
        valueOf(await inventory.finishPurge({ tenant: t1, object: first.id }))
        expect(valueOf(await inventory.listPurges())).toEqual(purges.slice(1))
      })

      it('notes nothing when there is nothing to delete', async () => {
        await inventory.deleteObject(t1, absentId)
        expect(valueOf(await inventory.listPurges())).toEqual([])
      })
    })

    describe('external ids', () => {
      it('are listed in the order of binding', async () => {
        const { id } = await create({ externalIds: [serial('z')] })
        valueOf(await inventory.bindExternalId(t1, id, serial('a')))
        valueOf(await inventory.bindExternalId(t1, id, { type: 'other', externalId: 'a' }))
        expect(valueOf(await inventory.listExternalIds(t1, id))).toEqual([
          serial('z'),
          serial('a'),
          { type: 'other', externalId: 'a' },
        ])
      })

      it('bind once, also to the object that has the pair already', async () => {
        const { id } = await create({ externalIds: [serial('a')] })
        const other = await create()
        for (const object of [id, other.id]) {
          expect(await inventory.bindExternalId(t1, object, serial('a'))).toEqual(
            taken('external-id', 'c8y_Serial/a'),
          )
        }
        expect(valueOf(await inventory.resolveExternalId(t1, serial('a')))).toBe(id)
      })

      it('keep a slash in type and id apart', async () => {
        const { id } = await create({ externalIds: [{ type: 'a/b', externalId: 'c' }] })
        const other = await create({ externalIds: [{ type: 'a', externalId: 'b/c' }] })
        const resolve = (type: string, externalId: string) =>
          inventory.resolveExternalId(t1, { type, externalId })
        expect(valueOf(await resolve('a/b', 'c'))).toBe(id)
        expect(valueOf(await resolve('a', 'b/c'))).toBe(other.id)
      })

      it('that are bound after they were looked for in vain are found', async () => {
        const { id } = await create()
        expect((await inventory.resolveExternalId(t1, serial('a'))).ok).toBe(false)
        valueOf(await inventory.bindExternalId(t1, id, serial('a')))
        expect(valueOf(await inventory.resolveExternalId(t1, serial('a')))).toBe(id)
      })

      it('that are unbound resolve no more and can be bound anew', async () => {
        const { id } = await create({ externalIds: [serial('a')] })
        const other = await create()
        valueOf(await inventory.resolveExternalId(t1, serial('a')))
        valueOf(await inventory.unbindExternalId(t1, serial('a')))
        const gone = missing('external-id', 'c8y_Serial/a')
        expect(await inventory.resolveExternalId(t1, serial('a'))).toEqual(gone)
        expect(await inventory.unbindExternalId(t1, serial('a'))).toEqual(gone)
        expect(valueOf(await inventory.listExternalIds(t1, id))).toEqual([])
        valueOf(await inventory.bindExternalId(t1, other.id, serial('a')))
        expect(valueOf(await inventory.resolveExternalId(t1, serial('a')))).toBe(other.id)
      })
    })

    it('loses everything of a deleted tenant, and only that', async () => {
      const gone = await create({ externalIds: [serial('a')] }, device)
      const kept = await create({ externalIds: [serial('a')] }, device, t2)
      valueOf(await inventory.readSources(t1, [gone.id]))
      valueOf(await inventory.resolveExternalId(t1, serial('a')))
      valueOf(await registry.accounts.deleteTenant(t1))
      expect((await inventory.readObject(t1, gone.id)).ok).toBe(false)
      expect(valueOf(await inventory.readSources(t1, [gone.id]))).toEqual([])
      expect((await inventory.resolveExternalId(t1, serial('a'))).ok).toBe(false)
      expect(valueOf(await inventory.countObjects(t1, {}))).toBe(0)
      expect(await listedIds({}, t2)).toEqual([kept.id])
    })
  })
}

const noUsers: readonly NewUser[] = []
