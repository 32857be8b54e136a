import { compareCodePoints } from './code-points.ts'
import type { Fragments } from './fragments.ts'
import { matchesPattern } from './text-pattern.ts'
import type { TextPattern } from './text-pattern.ts'

/** The name of a fragment, and the names inside it: `a.b.c`. */
export type FragmentPath = readonly [string, ...string[]]

/** `like` is the `eq` of a text with wildcards. */
export type FragmentComparison = { readonly path: FragmentPath } & (
  | { readonly operator: 'eq'; readonly literal: Scalar }
  | { readonly operator: 'gt' | 'ge' | 'lt' | 'le'; readonly literal: string | number }
  | { readonly operator: 'like'; readonly pattern: TextPattern }
)

export type Scalar = string | number | boolean | null

/** A missing value comes before every number, a number before every text. */
export type SortKey = string | number | undefined

/** Whether anything is at the path, be it `null`. */
export const hasPath = (fragments: Fragments, path: FragmentPath): boolean =>
  readPath(fragments, path).isThere

/** Arrays match when one of their elements does. A text is never equal to a number. */
export const meetsComparison = (fragments: Fragments, comparison: FragmentComparison): boolean => {
  const { isThere, scalars } = readPath(fragments, comparison.path)
  if (comparison.operator === 'like') {
    const { pattern } = comparison
    return scalars.some((value) => typeof value === 'string' && matchesPattern(pattern, value))
  }
  if (comparison.operator !== 'eq') {
    const { operator, literal } = comparison
    return scalars.some((value) => isInRange(value, operator, literal))
  }
  if (comparison.literal === null && !isThere) return true
  return scalars.includes(comparison.literal)
}

/** The first value at the path that has an order; false and true are 0 and 1. */
export const sortKeyOf = (fragments: Fragments, path: FragmentPath): SortKey => {
  const value = readPath(fragments, path).scalars.find((each) => each !== null)
  return typeof value === 'boolean' ? Number(value) : (value ?? undefined)
}

export const compareSortKeys = (left: SortKey, right: SortKey): number => {
  const ranks = rankOf(left) - rankOf(right)
  if (ranks !== 0) return ranks
  if (typeof left === 'number' && typeof right === 'number') return left - right
  return compareCodePoints(String(left), String(right))
}

const rankOf = (key: SortKey): number => (key === undefined ? 0 : typeof key === 'number' ? 1 : 2)

const isInRange = (
  value: Scalar,
  operator: 'gt' | 'ge' | 'lt' | 'le',
  bound: string | number,
): boolean => {
  if (value === null || typeof value === 'boolean' || typeof value !== typeof bound) return false
  const order = compareSortKeys(value, bound)
  if (order === 0) return operator === 'ge' || operator === 'le'
  return order > 0 === (operator === 'gt' || operator === 'ge')
}

type PathReading = { readonly isThere: boolean; readonly scalars: readonly Scalar[] }

const readPath = (fragments: Fragments, [first, ...inside]: FragmentPath): PathReading => {
  const fragment = fragments.find(({ name }) => name === first)
  if (fragment === undefined) return { isThere: false, scalars: [] }
  const value: unknown = JSON.parse(fragment.value)
  const found = inside.reduce(
    (values, name) => values.flatMap((each) => stepInto(each, name)),
    [value],
  )
  return { isThere: found.length > 0, scalars: found.flatMap(scalarsOf) }
}

/** What has this name in the value, or in any element of an array. */
const stepInto = (value: unknown, name: string): readonly unknown[] => {
  if (Array.isArray(value)) return value.flatMap((element) => stepInto(element, name))
  const isMember = typeof value === 'object' && value !== null && Object.hasOwn(value, name)
  return isMember ? [Reflect.get(value, name)] : []
}

const scalarsOf = (value: unknown): readonly Scalar[] => {
  if (Array.isArray(value)) return value.flatMap(scalarsOf)
  const isScalar =
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  return isScalar ? [value] : []
}
