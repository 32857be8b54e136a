import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Principal, UserPrincipal } from '../core/access.ts'
import { childKinds } from '../core/family.ts'
import { toManagedObjectId, toUserName } from '../core/identity.ts'
import type { ManagedObjectId } from '../core/identity.ts'
import type { ManagedObjectFilter } from '../core/managed-object.ts'
import { parseObjectQuery } from '../core/parse-object-query.ts'
import { decodePermission } from '../core/permission.ts'
import type { Permission } from '../core/permission.ts'
import { createMemoryEventStore } from '../outbound/memory/event-store.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import { openInProcess } from '../outbound/sqlite/testing/in-process-registry.ts'
import { admin, device, draft, t1, t2, valueOf } from '../ports/registry-samples.contract.ts'
import type { OpenRegistry } from '../ports/registry-samples.contract.ts'
import { createFinishPurges } from './finish-purges.ts'
import { createManageChildren } from './manage-children.ts'
import { createManageInventory } from './manage-inventory.ts'

/**
 * Whatever hangs where and whatever a caller was given: a list holds exactly those of its objects that the caller may read by
 * their ids, one after the other, as `reachObjects` judges them.
 */

const runs = 150
const objects = 14
const clock = { nowMs: () => Date.UTC(2026, 0, 1) }
const stranger = toUserName('stranger')

const nth = fc.nat({ max: objects + 1 })

/** Of the last two, one is another tenant's and one is nobody's. */
type Drawn = {
  readonly made: readonly (readonly [owner: boolean, type: string, isGlobal: boolean])[]
  readonly links: readonly (readonly [number, number, (typeof childKinds)[number]])[]
  readonly on: readonly (readonly [number, readonly Permission[]])[]
  readonly below: readonly (readonly [number, readonly Permission[]])[]
}

const permission: fc.Arbitrary<Permission> = fc
  .constantFrom(
    'MANAGED_OBJECT:*:READ',
    'MANAGED_OBJECT:*:*',
    '*:*:READ',
    'MANAGED_OBJECT:*:ADMIN',
    'MANAGED_OBJECT:x:READ',
    'EVENT:*:READ',
  )
  .map((text) => {
    const decoded = decodePermission(text)
    if (decoded === undefined) throw new Error(`${text} is a permission`)
    return decoded
  })

const grants = (max: number) =>
  fc.array(fc.tuple(nth, fc.array(permission, { minLength: 1, maxLength: 2 })), { maxLength: max })

const drawn: fc.Arbitrary<Drawn> = fc.record({
  made: fc.array(
    fc.tuple(
      fc.integer({ max: 9, min: 0 }).map((tenth) => tenth === 0),
      fc.constantFrom('door', 'lock'),
      fc.integer({ max: 9, min: 0 }).map((tenth) => tenth === 0),
    ),
    { minLength: objects, maxLength: objects },
  ),
  links: fc.array(fc.tuple(nth, nth, fc.constantFrom(...childKinds)), { maxLength: 24 }),
  on: grants(3),
  below: grants(3),
})

const queryOf = (text: string): ManagedObjectFilter => {
  const query = parseObjectQuery(text)
  if (query === undefined) throw new Error(`${text} is a query`)
  return { query }
}

/** What everybody's list is asked for; roots depend on the caller, and are looked at apart. */
const filters = (ids: readonly ManagedObjectId[]): readonly ManagedObjectFilter[] => [
  {},
  { type: 'door' },
  { fragmentType: 'c8y_Global' },
  { owner: device },
  { text: 'lock' },
  { ids: ids.filter((_, index) => index % 2 === 0) },
  { childOf: { parent: ids[0] ?? absent, kind: 'asset' } },
  { parentOf: { child: ids[1] ?? absent, kind: 'device' } },
  { type: 'lock', fragmentType: 'c8y_Global' },
  queryOf(`isinhierarchyof(${ids[2] ?? absent}) or name eq 'n1*'`),
  queryOf("$filter=type eq 'lock' $orderby=name desc"),
]

const absent = toManagedObjectId(7)

const reader: Principal = {
  kind: 'user',
  tenant: t1,
  user: admin,
  roles: new Set(['ROLE_INVENTORY_READ']),
}

const fill = async ({ inventory, accounts }: OpenRegistry, { made, links }: Drawn) => {
  for (const id of [t1, t2]) {
    valueOf(await accounts.createTenant({ id, name: id, domain: id, state: 'active' }, []))
  }
  const ids: ManagedObjectId[] = []
  for (const [index, [isOwn, type, isGlobal]] of made.entries()) {
    const fragments = isGlobal ? [{ name: 'c8y_Global', value: '{}' }] : []
    const each = draft({ name: `n${index}`, type, fragments })
    const created = await inventory.createObjects(t1, isOwn ? device : admin, [each])
    ids.push(...valueOf(created).map(({ id }) => id))
  }
  const [foreign] = valueOf(await inventory.createObjects(t2, stranger, [draft()]))
  const named = [...ids, foreign?.id ?? absent, absent]
  const linked: (readonly [ManagedObjectId, ManagedObjectId])[] = []
  for (const [from, to, kind] of links) {
    const [parent, child] = [named[from] ?? absent, named[to] ?? absent]
    const done = await inventory.linkChildren(t1, { parent, kind }, [child])
    if (done.ok) linked.push([parent, child])
  }
  return { ids, named, linked }
}

const holderOf = (named: readonly ManagedObjectId[], { on, below }: Drawn): UserPrincipal => {
  const byId = (grantsGiven: Drawn['on']) =>
    new Map(grantsGiven.map(([which, permissions]) => [named[which] ?? absent, permissions]))
  return {
    kind: 'user',
    tenant: t1,
    user: device,
    roles: new Set(),
    grants: { on: byId(on), below: byId(below) },
  }
}

/** Answers how many of the objects the caller may see. */
const compare = async (registry: OpenRegistry, world: Drawn): Promise<number> => {
  const { inventory } = registry
  const { ids, named, linked } = await fill(registry, world)
  const finishPurges = createFinishPurges({ inventory, events: createMemoryEventStore(clock) })
  const objectsOf = createManageInventory({ ...registry, finishPurges })
  const children = createManageChildren(inventory)
  const holder = holderOf(named, world)
  const readable = new Set<ManagedObjectId>()
  for (const id of ids) if ((await objectsOf.read(holder, id)).ok) readable.add(id)
  const list = async (by: Principal, filter: ManagedObjectFilter, skip = 0, size = 100) => {
    const page = await objectsOf.list(by, { filter, skip, size }, { withTotal: true })
    const { objects: found, total, more } = valueOf(page)
    return { ids: found.map(({ id }) => id), total, more }
  }
  for (const filter of filters(ids)) {
    const all = (await list(reader, filter)).ids
    const expected = all.filter((id) => readable.has(id))
    expect(await list(holder, filter)).toEqual({
      ids: expected,
      total: expected.length,
      more: false,
    })
    expect(await objectsOf.count(holder, filter)).toEqual({ ok: true, value: expected.length })
    const middle = await list(holder, filter, 1, 2)
    expect([middle.ids, middle.more]).toEqual([expected.slice(1, 3), expected.length > 3])
  }
  const hasParent = (id: ManagedObjectId) =>
    linked.some(([parent, child]) => child === id && readable.has(parent))
  const roots = ids.filter((id) => readable.has(id) && !hasParent(id))
  expect((await list(holder, { onlyRoots: true })).ids).toEqual(roots)
  const wanted = {
    relations: (['children', 'parents'] as const).flatMap((to) =>
      childKinds.map((kind) => ({ to, kind })),
    ),
    withCount: true,
    withList: true,
  }
  const complete = valueOf(await children.relatives(reader, ids, wanted))
  expect(valueOf(await children.relatives(holder, ids, wanted))).toEqual(
    complete.map((each) => {
      const relatives = each.relatives.filter(({ id }) => readable.has(id))
      return { ...each, relatives, count: relatives.length }
    }),
  )
  return readable.size
}

it(`lists show what may be read by its id, in ${runs} random hierarchies over memory and SQLite`, async () => {
  const seed = Number(process.hrtime.bigint() % 2_147_483_647n)
  process.stdout.write(`visible objects: seed ${seed}\n`)
  let telling = 0
  await fc.assert(
    fc.asyncProperty(drawn, async (world) => {
      const memory = { ...createMemoryRegistry(clock), close: () => Promise.resolve() }
      const sqlite = openInProcess(clock)
      try {
        const seen = await compare(memory, world)
        expect(await compare(sqlite, world)).toBe(seen)
        if (seen > 2 && seen < objects) telling += 1
      } finally {
        await sqlite.close()
      }
    }),
    { seed, numRuns: runs },
  )
  // Callers that see everything or next to nothing say little.
  expect(telling).toBeGreaterThan(runs / 4)
}, 120_000)
