import fc from 'fast-check'
import { expect, it } from 'vitest'
import { childKinds } from '../../core/family.ts'
import { toManagedObjectId, toTenantId, toUserName } from '../../core/identity.ts'
import { createMemoryRegistry } from '../memory/registry.ts'
import { openInProcess } from './testing/in-process-registry.ts'
import { valueOf } from '../../ports/registry-samples.contract.ts'
import type { FragmentComparison, FragmentPath } from '../../core/fragment-values.ts'
import type { ManagedObjectId } from '../../core/identity.ts'
import type { ObjectCondition, ObjectOrder, ObjectQuery } from '../../core/object-query.ts'
import type { Inventory } from '../../ports/inventory.ts'

const runs = 1_500
const t1 = toTenantId('t1')
const objects = 24
const nowMs = Date.UTC(2026, 0, 1)

// Few of everything, so that what is asked for is often there; and what SQL and SQLite could take for their own.
const text = fc.constantFrom('Door', 'door', 'DÖÖR', "a'b", '%', '', '\u{1f600}', '\uffff', 'x--')
const owner = fc.constantFrom('a', 'b')
const scalar: fc.Arbitrary<string | number | boolean | null> = fc.oneof(
  text,
  fc.constantFrom(-1, 0, 1, 1.5, 2 ** 53 + 2, 1e300),
  fc.boolean(),
  fc.constant(null),
)
const names = ['p', 'q', '"r', 'name x'.slice(0, 4)] as const
const value = fc.letrec<{ readonly any: unknown }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('p', 'q'), tie('any'), { maxKeys: 2 }),
  ),
})).any
const path: fc.Arbitrary<FragmentPath> = fc
  .tuple(fc.constantFrom(...names), fc.array(fc.constantFrom('p', 'q', 'length'), { maxLength: 2 }))
  .map(([first, inside]) => [first, ...inside])
const pattern = fc.array(fc.constantFrom('', 'D', 'o', 'ö', '%'), { minLength: 2, maxLength: 4 })

const comparison: fc.Arbitrary<FragmentComparison> = fc.oneof(
  fc.record({ path, operator: fc.constant('eq' as const), literal: scalar }),
  fc.record({
    path,
    operator: fc.constantFrom('gt' as const, 'ge' as const, 'lt' as const, 'le' as const),
    literal: fc.oneof(text, fc.constantFrom(0, 1, 1.5)),
  }),
  fc.record({ path, operator: fc.constant('like' as const), pattern }),
)

const range = fc.constantFrom('gt' as const, 'ge' as const, 'lt' as const, 'le' as const)
const property = fc.constantFrom('name' as const, 'type' as const, 'owner' as const)
const nth = fc.nat({ max: objects })

type Make = (ids: readonly ManagedObjectId[]) => ObjectCondition

const plain = (condition: fc.Arbitrary<ObjectCondition>): fc.Arbitrary<Make> =>
  condition.map((made) => () => made)

const idOf = (ids: readonly ManagedObjectId[], which: number): ManagedObjectId =>
  ids[which] ?? toManagedObjectId(1)

const condition = fc.letrec<{ readonly any: Make }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'medium' },
    plain(fc.record({ kind: fc.constant('text-is' as const), name: property, text })),
    plain(fc.record({ kind: fc.constant('text-absent' as const), name: property })),
    plain(
      fc.record({
        kind: fc.constant('text-like' as const),
        name: fc.oneof(property, fc.constant('id' as const)),
        pattern: fc.oneof(pattern, fc.constant(['17', ''])),
      }),
    ),
    plain(
      fc.record({
        kind: fc.constant('text-range' as const),
        name: property,
        operator: range,
        text,
      }),
    ),
    plain(fc.record({ kind: fc.constant('fragment' as const), comparison })),
    plain(fc.record({ kind: fc.constant('has' as const), path })),
    fc
      .tuple(fc.oneof(range, fc.constant('eq' as const)), nth)
      .map(([operator, which]): Make => (ids) => ({
        kind: 'number',
        name: 'id',
        operator,
        number: idOf(ids, which),
      })),
    fc
      .tuple(
        fc.constantFrom('creation' as const, 'last-updated' as const),
        fc.oneof(range, fc.constant('eq' as const)),
        nth,
      )
      .map(([name, operator, ms]): Make => () => ({
        kind: 'number',
        name,
        operator,
        number: nowMs + ms,
      })),
    fc
      .tuple(fc.array(nth, { maxLength: 2 }), fc.subarray([...childKinds]))
      .map(([parents, kinds]): Make => (ids) => ({
        kind: 'child-of',
        parents: parents.map((each) => idOf(ids, each)),
        kinds,
      })),
    fc.array(nth, { maxLength: 2 }).map((roots): Make => (ids) => ({
      kind: 'in-hierarchy',
      roots: roots.map((each) => idOf(ids, each)),
    })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('any'), { maxLength: 3 }))
      .map(([kind, of]): Make => (ids) => ({ kind, of: of.map((each) => each(ids)) })),
    tie('any').map((of): Make => (ids) => ({ kind: 'not', of: of(ids) })),
  ),
})).any

const order: fc.Arbitrary<readonly ObjectOrder[]> = fc.array(
  fc.record({
    by: fc.oneof(
      property.map((name) => ({ kind: 'text', name }) as const),
      fc
        .constantFrom('id' as const, 'creation' as const)
        .map((name) => ({ kind: 'number', name }) as const),
      path.map((each) => ({ kind: 'fragment', path: each }) as const),
    ),
    descending: fc.boolean(),
  }),
  { maxLength: 2 },
)

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined })

const draft = fc.record({
  name: maybe(text),
  type: maybe(text),
  fragments: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), value), {
      selector: ([name]) => name,
      maxLength: 3,
    })
    .map((each) => each.map(([name, json]) => ({ name, value: JSON.stringify(json) }))),
})

/** One inventory in two engines: the same objects, owners and references. */
const settle = async (seed: number) => {
  const drafts = fc.sample(fc.tuple(draft, maybe(owner)), { numRuns: objects, seed })
  const links = fc.sample(fc.tuple(nth, nth, fc.constantFrom(...childKinds)), {
    numRuns: objects,
    seed,
  })
  const clock = { ms: nowMs }
  const ports = { nowMs: () => clock.ms }
  const both = [createMemoryRegistry(ports), openInProcess(ports)] as const
  const fill = async (inventory: Inventory): Promise<readonly ManagedObjectId[]> => {
    const ids: ManagedObjectId[] = []
    clock.ms = nowMs
    for (const [each, of] of drafts) {
      clock.ms += 1
      const by = of === undefined ? undefined : toUserName(of)
      const created = await inventory.createObjects(t1, by, [{ ...each, externalIds: [] }])
      ids.push(...valueOf(created).map(({ id }) => id))
    }
    for (const [parent, child, kind] of links) {
      await inventory.linkChildren(t1, { parent: idOf(ids, parent), kind }, [idOf(ids, child)])
    }
    return ids
  }
  for (const { accounts } of both) {
    valueOf(await accounts.createTenant({ id: t1, name: 't1', domain: 't1', state: 'active' }, []))
  }
  const [memory, sqlite] = both
  const ids = await fill(memory.inventory)
  expect(await fill(sqlite.inventory)).toEqual(ids)
  return { memory: memory.inventory, sqlite: sqlite.inventory, ids, close: sqlite.close }
}

/** What no object can meet, beside what an index leads to. */
const nothingMatches: [Make, readonly ObjectOrder[], number][] = [
  { kind: 'or', of: [] } as const,
  { kind: 'not', of: { kind: 'and', of: [] } } as const,
].map((never) => [
  () => ({ kind: 'and', of: [{ kind: 'text-is', name: 'name', text: 'Door' }, never] }),
  [],
  0,
])

it(`memory and SQLite agree on ${runs} random queries`, async () => {
  const seed = Number(process.hrtime.bigint() % 2_147_483_647n)
  process.stdout.write(`object queries: seed ${seed}\n`)
  const { memory, sqlite, ids, close } = await settle(seed)
  let found = 0
  const queries = fc.asyncProperty(condition, order, fc.nat({ max: 3 }), async (make, by, skip) => {
    const query: ObjectQuery = { condition: make(ids), order: by }
    const expected = valueOf(await memory.listObjects(t1, { query }, skip, 20))
    expect(valueOf(await sqlite.listObjects(t1, { query }, skip, 20))).toEqual(expected)
    const total = valueOf(await memory.countObjects(t1, { query }))
    expect(valueOf(await sqlite.countObjects(t1, { query }))).toBe(total)
    if (total > 0 && total < objects) found += 1
  })
  try {
    await fc.assert(queries, { seed, numRuns: runs, examples: nothingMatches })
  } finally {
    await close()
  }
  // Queries that find everything or nothing say little.
  expect(found).toBeGreaterThan(runs / 10)
}, 120_000)
