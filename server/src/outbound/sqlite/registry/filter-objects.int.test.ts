import { describe, expect, it } from 'vitest'
import { toManagedObjectId, toTenantId, toUserName } from '../../../core/identity.ts'
import { parseObjectQuery } from '../../../core/parse-object-query.ts'
import { openRegistryFile } from '../testing/in-process-registry.ts'
import { createFilterPlans } from './filter-objects.ts'
import { createRegistryReads } from './registry-operations.ts'
import type { ManagedObjectFilter } from '../../../core/managed-object.ts'

const one = toManagedObjectId(1)

const x = toUserName('x')
const roles = { user: x, on: [], below: [one] }

const query = (text: string): ManagedObjectFilter => {
  const parsed = parseObjectQuery(text)
  if (parsed === undefined) throw new Error(`${text} is a query`)
  return { query: parsed }
}

const conditions: readonly ManagedObjectFilter[] = [
  { ids: [one] },
  { type: 'x' },
  { fragmentType: 'x' },
  { owner: x },
  { text: 'x' },
  { visibleTo: { user: x, on: [], below: [] } },
  { childOf: { parent: one, kind: 'asset' } },
]

/** All 128 ways to have some of the conditions. */
const combined = conditions.reduce<readonly ManagedObjectFilter[]>(
  (known, condition) => [...known, ...known.map((filter) => ({ ...filter, ...condition }))],
  [{}],
)

const alone: readonly ManagedObjectFilter[] = [
  { parentOf: { child: one, kind: 'device' } },
  { onlyRoots: true },
  { onlyRoots: true, visibleTo: { user: x, on: [], below: [] } },
  ...[{}, { onlyRoots: true } as const, { type: 'x' }, { text: 'x' }].flatMap((filter) => [
    { ...filter, visibleTo: roles },
    { ...filter, visibleTo: { ...roles, on: [one] } },
    { ...filter, visibleTo: { ...roles, below: [], on: [one] } },
  ]),
  ...[
    "name eq 'x'",
    "name eq 'x*' and type eq 'y'",
    'has(a)',
    'not(has(a.b)) or a.b gt 1',
    'a.b eq null and b eq true',
    'bygroupid(1,2) and owner eq null',
    'isinhierarchyof(1)',
    'isinhierarchyof(1) or bygroupid(2) or id eq 3',
    'not (isinhierarchyof(1) or bygroupid(2))',
    "creationTime.date gt '2026-01-01' and name lt 'b'",
    "(name eq 'x') or (name eq 'y') or a eq 'z'",
  ].map(query),
]

describe('a filter of managed objects', () => {
  const db = openRegistryFile(':memory:')
  // Registers the functions that the statements ask.
  createRegistryReads(db)
  const planOf = createFilterPlans(db)

  it.each([...combined, ...alone])('%j never reads a table from end to end', (filter) => {
    const { candidates, values } = planOf(toTenantId('t1'), filter)
    const plan = db
      .prepare<[typeof values], { detail: string }>(`explain query plan ${candidates}`)
      .all(values)
      .map(({ detail }) => detail)
    // Lists that the caller gave, and a hierarchy that is being found, are read from end to end, and nothing else.
    const isList = (line: string) =>
      /^SCAN (.*json_each|value|p |q |(a|b|above|below|CONSTANT ROW)( |$))/.test(line)
    expect(plan.filter((line) => line.startsWith('SCAN') && !isList(line))).toEqual([])
  })

  it.each<ManagedObjectFilter>([
    { visibleTo: roles },
    { visibleTo: roles, text: 'x' },
    { visibleTo: roles, ...query('not(has(a.b)) or a.b gt 1') },
    { visibleTo: roles, fragmentType: 'x' },
    { childOf: { parent: one, kind: 'asset' }, text: 'x' },
    { parentOf: { child: one, kind: 'asset' }, text: 'x' },
  ])('%j comes to a page by ascending id, without sorting', (filter) => {
    const { candidates, values } = planOf(toTenantId('t1'), filter)
    const plan = db
      .prepare<[typeof values], { detail: string }>(`explain query plan ${candidates} order by id`)
      .all(values)
      .map(({ detail }) => detail)
    expect(plan.filter((line) => line.includes('TEMP B-TREE'))).toEqual([])
  })
})
