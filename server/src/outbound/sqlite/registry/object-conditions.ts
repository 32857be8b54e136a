import { childKinds } from '../../../core/family.ts'
import type { FragmentComparison, FragmentPath } from '../../../core/fragment-values.ts'
import type {
  NumberProperty,
  ObjectCondition,
  ObjectOrder,
  ObjectTerm,
  RangeOperator,
} from '../../../core/object-query.ts'
import type { BoundValues } from './bound-values.ts'

/**
 * A condition of the query language as SQL over the row `o` of a managed object, never null: every value is bound, and
 * every name in it is one of this file's own. What looks into fragments is decided by the core (`query-functions.ts`).
 */
export const toSql = (condition: ObjectCondition, bound: BoundValues): string => {
  if (condition.kind === 'not') return `(not ${toSql(condition.of, bound)})`
  if (condition.kind === 'and') return join(condition.of, ' and ', 1, bound)
  if (condition.kind === 'or') return join(condition.of, ' or ', 0, bound)
  return toTerm(condition, bound)
}

const toTerm = (condition: ObjectTerm, bound: BoundValues): string => {
  const { bind } = bound
  switch (condition.kind) {
    case 'text-is':
      return `(o.${condition.name} is ${bind(condition.text)})`
    case 'text-absent':
      return `(o.${condition.name} is null)`
    case 'text-like':
      return `matches_pattern(o.${condition.name}, ${bind(JSON.stringify(condition.pattern))})`
    case 'text-range':
      return `coalesce(o.${condition.name} ${marks[condition.operator]} ${bind(condition.text)}, 0)`
    case 'number':
      return `(o.${columns[condition.name]} ${marks[condition.operator]} ${bind(condition.number)})`
    case 'fragment':
      return compareFragment(condition.comparison, bound)
    case 'has':
      return hasPath(condition.path, bound)
    case 'child-of':
      return `exists (
    select 1 from child_reference r indexed by child_reference_by_child
    where r.tenant = @tenant and r.child = o.id
      and r.kind in (select value from json_each(${bind(JSON.stringify(condition.kinds))}))
      and r.parent in (select value from json_each(${bind(JSON.stringify(condition.parents))})))`
    case 'in-hierarchy':
      return `(o.id in (${hierarchyOf(condition.roots, bound)}))`
  }
}

/** The ids of these objects and of everything below them; objects of no tenant come to nothing later. */
export const hierarchyOf = (roots: readonly number[], { bind }: BoundValues): string => `
    with recursive below(id) as (
      select value from json_each(${bind(JSON.stringify(roots))})
      union
      select r.child from below b cross join child_reference r
      where r.tenant = @tenant and r.parent = b.id and r.kind in (${kinds}))
    select id from below`

/** The rows `k` in the order of a query; of what is equal in it, the lower id comes first. */
export const toOrder = (order: readonly ObjectOrder[], { bind }: BoundValues): string =>
  [
    ...order.map(({ by, descending }) => {
      const direction = descending ? 'desc' : 'asc'
      if (by.kind === 'text') return `k.${by.name} ${direction}`
      if (by.kind === 'number') return `k.${columns[by.name]} ${direction}`
      return `sort_key(k.fragments, ${bind(JSON.stringify(by.path))}) ${direction}`
    }),
    'k.id',
  ].join(', ')

const marks: Readonly<Record<RangeOperator | 'eq', string>> = {
  eq: '=',
  gt: '>',
  ge: '>=',
  lt: '<',
  le: '<=',
}

const columns: Readonly<Record<NumberProperty, string>> = {
  id: 'id',
  creation: 'creation_ms',
  'last-updated': 'last_updated_ms',
}

const kinds = childKinds.map((kind) => `'${kind}'`).join(', ')

/** Balanced, so that hundreds of terms are no deep tree for SQLite. */
const join = (
  conditions: readonly ObjectCondition[],
  operator: ' and ' | ' or ',
  none: 0 | 1,
  bound: BoundValues,
): string => {
  const [only] = conditions
  // Bound, because SQLite gives up an index that a statement names when it sees that nothing can match.
  if (only === undefined) return bound.bind(none)
  if (conditions.length === 1) return toSql(only, bound)
  const half = Math.ceil(conditions.length / 2)
  const left = join(conditions.slice(0, half), operator, none, bound)
  const right = join(conditions.slice(half), operator, none, bound)
  return `(${left}${operator}${right})`
}

const hasFragment = (name: string, { bind }: BoundValues): string => `exists (
    select 1 from managed_object_fragment f
    where f.tenant = @tenant and f.name = ${bind(name)} and f.object = o.id)`

const hasPath = (path: FragmentPath, bound: BoundValues): string => {
  const has = hasFragment(path[0], bound)
  if (path.length === 1) return has
  return `(${has} and has_path(o.fragments, ${bound.bind(JSON.stringify(path))}))`
}

/** Objects without the fragment are told from its index; only the others' fragments are read. */
const compareFragment = (comparison: FragmentComparison, bound: BoundValues): string => {
  const has = hasFragment(comparison.path[0], bound)
  const meets = `meets_comparison(o.fragments, ${bound.bind(JSON.stringify(comparison))})`
  const isAbsence = comparison.operator === 'eq' && comparison.literal === null
  if (isAbsence) return `(not ${has} or ${meets})`
  return `(${has}${mayHold(comparison, bound)} and ${meets})`
}

/**
 * Spares reading most fragments that do not have the text: where nothing is escaped, a text stands as it is. Found
 * elsewhere in them it proves nothing, so that the core has the last word.
 */
const mayHold = (comparison: FragmentComparison, { bind }: BoundValues): string => {
  if (comparison.operator !== 'eq' || typeof comparison.literal !== 'string') return ''
  const text = bind(comparison.literal)
  return ` and (instr(o.fragments, ${text}) > 0 or instr(o.fragments, char(92)) > 0)`
}
