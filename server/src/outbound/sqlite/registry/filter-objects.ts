import { createBoundValues } from './bound-values.ts'
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
  from: 'managed_object o indexed by managed_object_by_tenant',
  where: 'o.tenant = @tenant',
  ids: ofTenant,
  alone: ofTenant,
  isExact: true,
}

export const createFilterPlans = (
  db: Database,
): ((tenant: TenantId, filter: ManagedObjectFilter) => FilterPlan) => {
  const prepare = createKeptStatements<FilterValues, { readonly total: number }>(db)
  return (tenant, filter) => {
    const bound = createBoundValues()
    const conjuncts = conjunctsOf(filter, bound)
    const order = filter.query?.order ?? []
    const orderSql = order.length === 0 ? undefined : toOrder(order, bound)
    const values = { ...bound.values, tenant }
    const leader = findLeader(conjuncts, values, prepare)
    return { candidates: searchBy(leader, conjuncts), order: orderSql, values }
  }
}

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
  const found = `select o.id from ${lead.from} where ${lead.where}`
  const conditions = asked.map(({ condition, ofMany }) =>
    lead.isCostly ? (ofMany ?? condition) : condition,
  )
  return [found, ...conditions].join('\n    and ')
}
