import { createBoundValues } from './bound-values.ts'
import { createCoveredSets } from './covered-sets.ts'
import { conjunctsOf } from './filter-conjuncts.ts'
import { createKeptStatements } from './kept-statements.ts'
import { toOrder } from './object-conditions.ts'
import type { Database } from 'better-sqlite3'
import type { TenantId } from '../../../core/identity.ts'
import type { ManagedObjectFilter } from '../../../core/managed-object.ts'
import type { Conjunct, Lead } from './filter-conjuncts.ts'
import type { KeptStatements } from './kept-statements.ts'

/** The values of a filter by the names that its statements have for them. */
export type FilterValues = Readonly<Record<string, string | number>>

export type FilterPlan = {
  /** A select of the matching `id`s, each once, without an order. */
  readonly candidates: string
  /** The order of rows `k`, or undefined for that by ascending id. */
  readonly order: string | undefined
  readonly values: FilterValues
}

/** Beyond this, two conditions are equally bad to begin with. */
const comparedMax = 1_000

const ofTenant = `select o.id from managed_object o indexed by managed_object_by_tenant
    where o.tenant = @tenant`

/** All of a tenant's objects: where a search begins that no condition leads. */
const everything: Lead = {
  id: 'o.id',
  from: 'managed_object o indexed by managed_object_by_tenant',
  where: 'o.tenant = @tenant',
  ids: ofTenant,
  alone: ofTenant,
  isExact: true,
}

/**
 * Where a search would have to walk over all that inventory roles cover, that is a set that was found before, or is found
 * now (covered-sets.ts): the plan holds until the next one is made.
 */
export const createFilterPlans = (
  db: Database,
): ((tenant: TenantId, filter: ManagedObjectFilter) => FilterPlan) => {
  const choose = createChoices(db)
  const findCovered = createCoveredSets(db)
  return (tenant, filter) => {
    const walking = choose(tenant, filter)
    const roots = walking.leader?.lead?.isCostly ? filter.visibleTo?.below : undefined
    const covered = roots && findCovered(tenant, roots)
    return toPlan(covered === undefined ? walking : choose(tenant, filter, covered))
  }
}

type Choice = Pick<FilterPlan, 'order' | 'values'> & {
  readonly conjuncts: readonly Conjunct[]
  readonly leader: Conjunct | undefined
}

const createChoices = (db: Database) => {
  const prepare = createKeptStatements<FilterValues, { readonly total: number }>(db)
  return (tenant: TenantId, filter: ManagedObjectFilter, covered?: number): Choice => {
    const bound = createBoundValues()
    const conjuncts = conjunctsOf(filter, bound, covered)
    const terms = filter.query?.order ?? []
    const order = terms.length === 0 ? undefined : toOrder(terms, bound)
    const values = { ...bound.values, tenant }
    return { conjuncts, leader: findLeader(conjuncts, values, prepare), order, values }
  }
}

const toPlan = ({ conjuncts, leader, order, values }: Choice): FilterPlan => ({
  candidates: searchBy(leader, conjuncts),
  order,
  values,
})

/** Of several conditions with an index, the one that matches fewest leads; a costly one, when none matches few. */
const findLeader = (
  conjuncts: readonly Conjunct[],
  values: FilterValues,
  prepare: KeptStatements<FilterValues, { readonly total: number }>,
): Conjunct | undefined => {
  const able = conjuncts.filter(({ lead }) => lead !== undefined)
  const [only] = able
  if (only === undefined || able.length === 1) return only
  const costly = able.find(({ lead }) => lead?.isCostly)
  const sized = able
    .filter((conjunct) => conjunct !== costly)
    .map((conjunct) => {
      const sql = `select count(*) as total from (${conjunct.lead?.ids ?? ''} limit ${comparedMax})`
      return { conjunct, size: prepare(sql).get(values)?.total ?? 0 }
    })
  const best = sized.reduce((known, next) => (next.size < known.size ? next : known))
  return costly !== undefined && best.size >= comparedMax ? costly : best.conjunct
}

const searchBy = (leader: Conjunct | undefined, conjuncts: readonly Conjunct[]): string => {
  const lead = leader?.lead ?? everything
  const asked = conjuncts.filter((conjunct) => conjunct !== leader || !lead.isExact)
  if (asked.length === 0 && lead.alone !== undefined) return lead.alone
  const ways = lead.ways ?? [lead]
  return ways
    .map(({ id, from, where }) =>
      [
        `select ${id} as id from ${from} where ${where}`,
        ...asked.map(({ condition }) => condition),
      ].join('\n    and '),
    )
    .join('\n  union\n  ')
}
