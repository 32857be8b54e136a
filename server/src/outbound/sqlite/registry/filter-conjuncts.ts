import { globalFragment } from '../../../core/managed-object.ts'
import { idsBelow, isBelow } from './covered-objects.ts'
import { hierarchyOf, toSql } from './object-conditions.ts'
import type { ManagedObjectFilter } from '../../../core/managed-object.ts'
import type { FragmentComparison, FragmentPath } from '../../../core/fragment-values.ts'
import type { ObjectCondition, ObjectTerm } from '../../../core/object-query.ts'
import type { Viewer } from '../../../core/viewer.ts'
import type { BoundValues } from './bound-values.ts'

/** One of the conditions that must all hold. */
export type Conjunct = {
  /** Over the row `o` of a managed object. */
  readonly condition: string
  /** Where a search for what meets it can begin; undefined when no index leads there. */
  readonly lead: Lead | undefined
}

/**
 * A search by an index: `from` has the row `o`, and comes to it by ascending id wherever the index allows. SQLite is told
 * and not asked, because it keeps no statistics here and would take any condition for as good as another.
 */
export type Lead = Way & {
  /** Its ids from the index alone, each once, when nothing else is asked for. */
  readonly alone?: string
  /**
   * Counting what it finds costs as much as finding it, and asking its condition of one row after the other costs more: it
   * leads unless another one leads to few.
   */
  readonly isCostly?: true
  /** Whether all that it finds meets the condition, so that there is nothing left to ask. */
  readonly isExact: boolean
  /** The same in several searches, which together come to a page without looking at what is behind it. */
  readonly ways?: readonly Way[]
}

export type Way = {
  readonly from: string
  readonly where: string
  /** The column that has the id: SQLite does not see that the order of `d` is that of `o`. */
  readonly id: 'o.id' | 'd.object' | 'd.child' | 'd.parent'
  /** The ids that it finds, to compare sizes; one may come twice. */
  readonly ids: string
}

/**
 * The conditions of a filter, those of its query's outermost `and` among them. `covered` is the set of what the roles of
 * the filter's viewer cover, where it has been found (covered-sets.ts).
 */
export const conjunctsOf = (
  filter: ManagedObjectFilter,
  bound: BoundValues,
  covered?: number,
): readonly Conjunct[] => [
  ...presentConjuncts(filter, bound, covered),
  ...outermost(filter.query?.condition).map((condition) => ({
    condition: toSql(condition, bound),
    lead: leadOf(condition, bound),
  })),
]

const presentConjuncts = (
  filter: ManagedObjectFilter,
  bound: BoundValues,
  covered: number | undefined,
): readonly Conjunct[] => {
  const { ids, type, fragmentType, owner, text, visibleTo, childOf, parentOf } = filter
  return [
    ...present(ids, (wanted) => inIds(JSON.stringify(wanted), bound)),
    ...present(type, (wanted) => isText('type', wanted, bound)),
    ...present(fragmentType, (wanted) => hasFragment(wanted, bound)),
    ...present(owner, (wanted) => isText('owner', wanted, bound)),
    ...present(text, (wanted) => hasWords(wanted, bound)),
    ...present(visibleTo, (viewer) =>
      isVisibleTo(bindViewer(viewer, covered, bound), filter.onlyRoots === true),
    ),
    ...present(childOf, ({ parent, kind }) => isChildOf(parent, kind, bound)),
    ...present(parentOf, ({ child, kind }) => isParentOf(child, kind, bound)),
    ...present(filter.onlyRoots, () => isRoot(visibleTo && bindViewer(visibleTo, covered, bound))),
  ]
}

const present = <T>(value: T | undefined, make: (value: T) => Conjunct): readonly Conjunct[] =>
  value === undefined ? [] : [make(value)]

const outermost = (condition: ObjectCondition | undefined): readonly ObjectCondition[] => {
  if (condition === undefined) return []
  return condition.kind === 'and' ? condition.of.flatMap(outermost) : [condition]
}

const inIds = (ids: string, { bind }: BoundValues): Conjunct => {
  const condition = `o.id in (select value from json_each(${bind(ids)}))`
  return { condition, lead: byIds(condition) }
}

/** The ids are few or in no order: the rows are looked up one by one. */
const byIds = (where: string): Lead => lead('managed_object o not indexed', where)

const lead = (from: string, condition: string): Lead => {
  const where = `o.tenant = @tenant and ${condition}`
  const ids = `select o.id from ${from} where ${where}`
  return { id: 'o.id', from, where, ids, alone: ids, isExact: true }
}

const isText = (
  name: 'name' | 'type' | 'owner',
  wanted: string,
  { bind }: BoundValues,
): Conjunct => {
  const condition = `o.${name} = ${bind(wanted)}`
  return {
    condition,
    lead: lead(`managed_object o indexed by managed_object_by_${name}`, condition),
  }
}

const hasFragment = (name: string, bound: BoundValues): Conjunct => {
  const wanted = bound.bind(name)
  const ids = `select d.object as id from managed_object_fragment d
    where d.tenant = @tenant and d.name = ${wanted}`
  return {
    condition: fragmentExists(wanted, 'o'),
    lead: {
      id: 'd.object',
      from: 'managed_object_fragment d cross join managed_object o on o.id = d.object',
      where: `d.tenant = @tenant and d.name = ${wanted} and o.tenant = @tenant`,
      ids,
      alone: ids,
      isExact: true,
    },
  }
}

const fragmentExists = (name: string, row: 'o' | 'p'): string => `exists (
    select 1 from managed_object_fragment f
    where f.tenant = @tenant and f.name = ${name} and f.object = ${row}.id)`

const hasWords = (words: string, { bind }: BoundValues): Conjunct => ({
  condition: `has_words(${bind(words)}, o.id || char(10) || coalesce(o.type, '') || char(10)
    || coalesce(o.name, '') || char(10) || coalesce(o.owner, '') || char(10)
    || coalesce((select group_concat(e.external_id, char(10)) from external_id e
      where e.tenant = @tenant and e.object = o.id), ''))`,
  lead: undefined,
})

/** The names of a viewer's bound values; lists as JSON, undefined for empty ones. */
type BoundViewer = {
  readonly user: string
  readonly on: string | undefined
  /** The roots of what its roles cover, unless that is a set that has been found. */
  readonly below: string | undefined
  readonly covered: string | undefined
}

const bindViewer = (
  { user, on, below }: Viewer,
  covered: number | undefined,
  { bind }: BoundValues,
): BoundViewer => ({
  user: bind(user),
  on: on.length === 0 ? undefined : bind(JSON.stringify(on)),
  below: below.length === 0 || covered !== undefined ? undefined : bind(JSON.stringify(below)),
  covered: covered === undefined ? undefined : bind(covered),
})

/**
 * What hangs below the roots of roles has a parent that the viewer sees: of those that roles cover, only their roots can be
 * without one.
 */
const isVisibleTo = (viewer: BoundViewer, onlyRoots: boolean): Conjunct => {
  const { user, on, below, covered } = viewer
  const ways = [
    ownedBy(user),
    globalOnes,
    ...whenBound(on, amongThese),
    ...whenBound(covered, inSet),
  ]
  const condition = seenBy(viewer, 'o')
  if (below === undefined) return { condition, lead: byWays(ways) }
  if (onlyRoots) return { condition, lead: byWays([...ways, amongThese(below)]) }
  const sets = [...ways.map(({ ids }) => ids), `select id from (${idsBelow(below)})`]
  return { condition, lead: { ...inSets(sets), isCostly: true } }
}

const byWays = (ways: readonly Way[]): Lead => ({ ...inSets(ways.map(({ ids }) => ids)), ways })

const inSets = (sets: readonly string[]): Lead => {
  const ids = sets.join(' union all ')
  return { ...byIds(`o.id in (${ids})`), ids, alone: sets.join(' union ') }
}

const ownedBy = (user: string): Way => {
  const from = 'managed_object o indexed by managed_object_by_owner'
  const where = `o.tenant = @tenant and o.owner = ${user}`
  return { id: 'o.id', from, where, ids: `select o.id from ${from} where ${where}` }
}

const amongThese = (ids: string): Way => {
  const from = `json_each(${ids}) p cross join managed_object o on o.id = p.value`
  const where = 'o.tenant = @tenant'
  return { id: 'o.id', from, where, ids: `select o.id from ${from} where ${where}` }
}

const byObject = (table: string, where: string): Way => ({
  id: 'd.object',
  from: `${table} d cross join managed_object o on o.id = d.object`,
  where: `${where} and o.tenant = @tenant`,
  ids: `select d.object as id from ${table} d where ${where}`,
})

const globalOnes = byObject(
  'managed_object_fragment',
  `d.tenant = @tenant and d.name = '${globalFragment}'`,
)

const inSet = (covered: string): Way => byObject('temp.covered_object', `d.number = ${covered}`)

const seenBy = ({ user, on, below, covered }: BoundViewer, row: 'o' | 'p'): string => {
  const ways = [
    `${row}.owner = ${user}`,
    ...whenBound(covered, (set) => isInSet(set, row)),
    fragmentExists(`'${globalFragment}'`, row),
    ...whenBound(on, (ids) => `${row}.id in (select value from json_each(${ids}))`),
    ...whenBound(below, (roots) => isBelow(`${row}.id`, roots)),
  ]
  return `(${ways.join(' or ')})`
}

const isInSet = (covered: string, row: 'o' | 'p'): string => `exists (
    select 1 from temp.covered_object c where c.number = ${covered} and c.object = ${row}.id)`

const whenBound = <T>(name: string | undefined, make: (name: string) => T): readonly T[] =>
  name === undefined ? [] : [make(name)]

const isChildOf = (parent: number, kind: string, { bind }: BoundValues): Conjunct => {
  const link = `d.tenant = @tenant and d.parent = ${bind(parent)} and d.kind = ${bind(kind)}`
  const ids = `select d.child as id from child_reference d where ${link}`
  return {
    condition: `exists (select 1 from child_reference d where ${link} and d.child = o.id)`,
    lead: {
      id: 'd.child',
      from: 'child_reference d cross join managed_object o on o.id = d.child',
      where: `${link} and o.tenant = @tenant`,
      ids,
      alone: ids,
      isExact: true,
    },
  }
}

const isParentOf = (child: number, kind: string, { bind }: BoundValues): Conjunct => {
  const index = 'child_reference d indexed by child_reference_by_child'
  const link = `d.tenant = @tenant and d.child = ${bind(child)} and d.kind = ${bind(kind)}`
  const ids = `select d.parent as id from ${index} where ${link}`
  return {
    condition: `exists (select 1 from ${index} where ${link} and d.parent = o.id)`,
    lead: {
      id: 'd.parent',
      from: `${index} cross join managed_object o on o.id = d.parent`,
      where: `${link} and o.tenant = @tenant`,
      ids,
      alone: ids,
      isExact: true,
    },
  }
}

/** A parent whom the caller may not see is none. */
const isRoot = (viewer: BoundViewer | undefined): Conjunct => ({
  condition: hasNoParent(viewer === undefined ? '' : ` and ${seenBy(viewer, 'p')}`),
  lead: undefined,
})

const hasNoParent = (seen: string): string => `not exists (
    select 1 from child_reference r indexed by child_reference_by_child
      cross join managed_object p on p.id = r.parent
    where r.tenant = @tenant and r.child = o.id and p.tenant = @tenant${seen})`

/** How a condition of the query language is searched for by an index, if it can be. */
const leadOf = (condition: ObjectCondition, bound: BoundValues): Lead | undefined => {
  if (condition.kind === 'or') return leadOfAny(condition.of, bound)
  return condition.kind === 'and' || condition.kind === 'not'
    ? undefined
    : leadOfTerm(condition, bound)
}

const leadOfTerm = (condition: ObjectTerm, bound: BoundValues): Lead | undefined => {
  switch (condition.kind) {
    case 'text-is':
      return isText(condition.name, condition.text, bound).lead
    case 'has':
      return leadOfPath(condition.path, bound)
    case 'fragment':
      return leadOfComparison(condition.comparison, bound)
    case 'number':
      return leadOfNumber(condition, bound)
    case 'child-of':
      return leadOfParents(condition, bound)
    case 'in-hierarchy':
      return byIds(`o.id in (${hierarchyOf(condition.roots, bound)})`)
    case 'text-absent':
    case 'text-like':
    case 'text-range':
      return undefined
  }
}

const leadOfPath = (path: FragmentPath, bound: BoundValues): Lead | undefined => {
  const { lead: found } = hasFragment(path[0], bound)
  return path.length === 1 ? found : inexact(found)
}

/** What asks for an absence is in no index. */
const leadOfComparison = (comparison: FragmentComparison, bound: BoundValues): Lead | undefined =>
  comparison.operator === 'eq' && comparison.literal === null
    ? undefined
    : inexact(hasFragment(comparison.path[0], bound).lead)

const leadOfNumber = (
  { name, operator, number }: Extract<ObjectTerm, { readonly kind: 'number' }>,
  { bind }: BoundValues,
): Lead | undefined =>
  name === 'id' && operator === 'eq' ? byIds(`o.id = ${bind(number)}`) : undefined

const leadOfParents = (
  { parents, kinds }: Extract<ObjectTerm, { readonly kind: 'child-of' }>,
  { bind }: BoundValues,
): Lead =>
  byIds(`o.id in (
    select d.child from json_each(${bind(JSON.stringify(parents))}) p
      cross join json_each(${bind(JSON.stringify(kinds))}) q
      cross join child_reference d
    where d.tenant = @tenant and d.parent = p.value and d.kind = q.value)`)

const inexact = (found: Lead | undefined): Lead | undefined => found && { ...found, isExact: false }

/** Ways into an index beyond which reading all of a tenant's objects is no worse. */
const unitedMax = 50

const leadOfAny = (
  conditions: readonly ObjectCondition[],
  bound: BoundValues,
): Lead | undefined => {
  if (conditions.length === 0 || conditions.length > unitedMax) return undefined
  const leads = conditions.map((each) => leadOf(each, bound))
  if (leads.includes(undefined)) return undefined
  const ids = leads.flatMap((each) => (each === undefined ? [] : [`select id from (${each.ids})`]))
  return inexact(byIds(`o.id in (${ids.join(' union all ')})`))
}
