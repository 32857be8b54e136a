import { describe, expect, it } from 'vitest'
import { toManagedObjectId, toTenantId, toUserName } from '../../../core/identity.ts'
import { openRegistryFile } from '../testing/in-process-registry.ts'
import { createFilterPlans } from './filter-objects.ts'
import { createRegistryReads } from './registry-operations.ts'
import type { ManagedObjectFilter } from '../../../core/managed-object.ts'

const conditions: readonly ManagedObjectFilter[] = [
  { ids: [toManagedObjectId(1)] },
  { type: 'x' },
  { fragmentType: 'x' },
  { owner: toUserName('x') },
  { text: 'x' },
  { visibleTo: toUserName('x') },
]

/** All 64 ways to have some of the conditions. */
const filters = conditions.reduce<readonly ManagedObjectFilter[]>(
  (known, condition) => [...known, ...known.map((filter) => ({ ...filter, ...condition }))],
  [{}],
)

describe('a filter of managed objects', () => {
  const db = openRegistryFile(':memory:')
  // Registers the function that looks for words.
  createRegistryReads(db)
  const planOf = createFilterPlans(db)

  it.each(filters)('%j never reads a table from end to end', (filter) => {
    const { candidates, values } = planOf(toTenantId('t1'), filter)
    const plan = db
      .prepare<[typeof values], { detail: string }>(`explain query plan ${candidates}`)
      .all(values)
      .map(({ detail }) => detail)
    // A list of ids that the caller gave is read from end to end, and nothing else.
    expect(plan.filter((line) => line.startsWith('SCAN') && !line.includes('json_each'))).toEqual(
      [],
    )
  })
})
