import { compareCodePoints } from './code-points.ts'
import type { ChildKind } from './family.ts'
import { childKinds } from './family.ts'
import type { Family } from './family.ts'
import { compareSortKeys, hasPath, meetsComparison, sortKeyOf } from './fragment-values.ts'
import type { FragmentComparison, FragmentPath, SortKey } from './fragment-values.ts'
import type { Fragments } from './fragments.ts'
import type { ManagedObjectId } from './identity.ts'
import { matchesPattern } from './text-pattern.ts'
import type { TextPattern } from './text-pattern.ts'

/** What the query language of the inventory can say (docs/protocols/cumulocity.md, 6.1). */
export type ObjectQuery = {
  readonly condition: ObjectCondition | undefined
  /** Most important first; what is equal in all of it, and everything without it, goes by ascending id. */
  readonly order: readonly ObjectOrder[]
}

export type ObjectOrder = { readonly by: ObjectProperty; readonly descending: boolean }

export type ObjectProperty =
  | { readonly kind: 'text'; readonly name: TextProperty }
  | { readonly kind: 'number'; readonly name: NumberProperty }
  | { readonly kind: 'fragment'; readonly path: FragmentPath }

export type TextProperty = 'name' | 'type' | 'owner'

/** `creation` and `last-updated` in milliseconds since 1970. */
export type NumberProperty = 'id' | 'creation' | 'last-updated'

export type RangeOperator = 'gt' | 'ge' | 'lt' | 'le'

/** A parsed filter. An empty `and` is true and an empty `or` false. */
export type ObjectCondition =
  | { readonly kind: 'and'; readonly of: readonly ObjectCondition[] }
  | { readonly kind: 'or'; readonly of: readonly ObjectCondition[] }
  | { readonly kind: 'not'; readonly of: ObjectCondition }
  | ObjectTerm

/** A condition that stands for itself. */
export type ObjectTerm =
  | { readonly kind: 'text-is'; readonly name: TextProperty; readonly text: string }
  | { readonly kind: 'text-absent'; readonly name: TextProperty }
  | {
      readonly kind: 'text-like'
      readonly name: TextProperty | 'id'
      readonly pattern: TextPattern
    }
  | {
      readonly kind: 'text-range'
      readonly name: TextProperty
      readonly operator: RangeOperator
      readonly text: string
    }
  | {
      readonly kind: 'number'
      readonly name: NumberProperty
      readonly operator: RangeOperator | 'eq'
      readonly number: number
    }
  | { readonly kind: 'fragment'; readonly comparison: FragmentComparison }
  | { readonly kind: 'has'; readonly path: FragmentPath }
  /** Directly below one of these, in one of these kinds. */
  | {
      readonly kind: 'child-of'
      readonly parents: readonly ManagedObjectId[]
      readonly kinds: readonly ChildKind[]
    }
  /** One of these, or anywhere below one of them. */
  | { readonly kind: 'in-hierarchy'; readonly roots: readonly ManagedObjectId[] }

/** What a condition looks at in a managed object. */
export type Queried = {
  readonly id: ManagedObjectId
  readonly name: string | undefined
  readonly type: string | undefined
  readonly owner: string | undefined
  readonly creationMs: number
  readonly lastUpdatedMs: number
  readonly fragments: Fragments
}

/** The reference meaning of a condition: every inventory must agree with it. */
export const meetsCondition = (
  condition: ObjectCondition,
  object: Queried,
  family: Family,
): boolean => {
  if (condition.kind === 'not') return !meetsCondition(condition.of, object, family)
  if (condition.kind === 'and') {
    return condition.of.every((each) => meetsCondition(each, object, family))
  }
  if (condition.kind === 'or') {
    return condition.of.some((each) => meetsCondition(each, object, family))
  }
  return meetsTerm(condition, object, family)
}

const meetsTerm = (condition: ObjectTerm, object: Queried, family: Family): boolean => {
  switch (condition.kind) {
    case 'text-is':
      return object[condition.name] === condition.text
    case 'text-absent':
      return object[condition.name] === undefined
    case 'text-like':
      return isLike(condition.pattern, object[condition.name])
    case 'text-range':
      return isInRange(object[condition.name], condition.operator, condition.text)
    case 'number':
      return meetsNumber(numberOf(object, condition.name), condition.operator, condition.number)
    case 'fragment':
      return meetsComparison(object.fragments, condition.comparison)
    case 'has':
      return hasPath(object.fragments, condition.path)
    case 'child-of':
      return family
        .parentsOf(object.id, condition.kinds)
        .some((parent) => condition.parents.includes(parent))
    case 'in-hierarchy':
      return family.hierarchyOf(condition.roots, childKinds).has(object.id)
  }
}

/** Negative when `left` comes first. */
export const compareObjects =
  (order: readonly ObjectOrder[]) =>
  (left: Queried, right: Queried): number => {
    for (const { by, descending } of order) {
      const ascending = compareSortKeys(keyOf(left, by), keyOf(right, by))
      if (ascending !== 0) return descending ? -ascending : ascending
    }
    return left.id - right.id
  }

const isLike = (pattern: TextPattern, value: string | number | undefined): boolean =>
  value !== undefined && matchesPattern(pattern, String(value))

const isInRange = (value: string | undefined, operator: RangeOperator, text: string): boolean =>
  value !== undefined && meetsNumber(compareCodePoints(value, text), operator, 0)

const numberOf = (object: Queried, name: NumberProperty): number => {
  if (name === 'id') return object.id
  return name === 'creation' ? object.creationMs : object.lastUpdatedMs
}

const meetsNumber = (value: number, operator: RangeOperator | 'eq', bound: number): boolean => {
  switch (operator) {
    case 'eq':
      return value === bound
    case 'gt':
      return value > bound
    case 'ge':
      return value >= bound
    case 'lt':
      return value < bound
    case 'le':
      return value <= bound
  }
}

const keyOf = (object: Queried, by: ObjectProperty): SortKey => {
  switch (by.kind) {
    case 'text':
      return object[by.name]
    case 'number':
      return numberOf(object, by.name)
    case 'fragment':
      return sortKeyOf(object.fragments, by.path)
  }
}
