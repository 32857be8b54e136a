import { parseManagedObjectId } from './event-id.ts'
import { parseEventTime } from './event-time.ts'
import type { FragmentPath, Scalar } from './fragment-values.ts'
import type {
  NumberProperty,
  ObjectCondition,
  ObjectProperty,
  RangeOperator,
  TextProperty,
} from './object-query.ts'
import type { QueryToken } from './query-tokens.ts'
import type { TextPattern } from './text-pattern.ts'

/** Whether a word can name a property: what the name of a fragment must not contain is in no path. */
export const isPath = (word: string): boolean =>
  /^[^\s.,*[\]()@$/']+(\.[^\s.,*[\]()@$/']+)*$/u.test(word)

/** The property that a path names; what is no standard property is a fragment. */
export const propertyOf = (path: string): ObjectProperty =>
  standardProperties.get(path) ?? { kind: 'fragment', path: splitPath(path) }

const texts: readonly TextProperty[] = ['name', 'type', 'owner']

const numbers: readonly (readonly [string, NumberProperty])[] = [
  ['id', 'id'],
  ['creationTime', 'creation'],
  ['creationTime.date', 'creation'],
  ['lastUpdated', 'last-updated'],
  ['lastUpdated.date', 'last-updated'],
]

const standardProperties: ReadonlyMap<string, ObjectProperty> = new Map<string, ObjectProperty>([
  ...texts.map((name) => [name, { kind: 'text', name }] as const),
  ...numbers.map(([path, name]) => [path, { kind: 'number', name }] as const),
])

const splitPath = (path: string): FragmentPath => {
  const [first = '', ...inside] = path.split('.')
  return [first, ...inside]
}

type Operator = RangeOperator | 'eq'

/** The meaning of `path operator literal`. Undefined when it has none. */
export const conditionOf = (
  path: string,
  operator: string,
  token: QueryToken,
): ObjectCondition | undefined => {
  const literal = literalOf(token)
  if (literal === undefined) return undefined
  if (operator === 'ne') {
    const of = compare(propertyOf(path), 'eq', literal)
    return of && { kind: 'not', of }
  }
  const known = operators.find((each) => each === operator)
  return known && compare(propertyOf(path), known, literal)
}

const operators: readonly Operator[] = ['eq', 'gt', 'ge', 'lt', 'le']

/** A value with the text it stood as; a text with wildcards is a pattern. */
type Literal = {
  readonly value: Scalar
  readonly text: string
  readonly pattern: TextPattern | undefined
}

const literalOf = (token: QueryToken): Literal | undefined => {
  if (token.kind === 'text') {
    const text = token.parts.join('*')
    return { value: text, text, pattern: token.parts.length > 1 ? token.parts : undefined }
  }
  const value = token.kind === 'word' ? bareValueOf(token.word) : undefined
  if (token.kind !== 'word' || value === undefined) return undefined
  return { value, text: token.word, pattern: undefined }
}

/** A decimal without a suffix is a text: so the original reads it (6.1). */
const bareValueOf = (word: string): Scalar | undefined => {
  const known = bareValues.get(word)
  if (known !== undefined) return known
  if (/^-?\d+$/.test(word)) return finite(Number(word))
  if (/^-?\d+(\.\d+)?(e[+-]?\d+)?[dfl]$/i.test(word)) return finite(Number(word.slice(0, -1)))
  return /^-?\d+\.\d+$/.test(word) ? word : undefined
}

const bareValues: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ['null', null],
  ['true', true],
  ['false', false],
])

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined)

const nothing: ObjectCondition = { kind: 'or', of: [] }

const compare = (
  property: ObjectProperty,
  operator: Operator,
  literal: Literal,
): ObjectCondition | undefined => {
  switch (property.kind) {
    case 'text':
      return compareText(property.name, operator, literal)
    case 'number':
      return property.name === 'id'
        ? compareId(operator, literal)
        : compareInstant(property.name, operator, literal)
    case 'fragment':
      return compareFragment(property.path, operator, literal)
  }
}

const compareText = (
  name: TextProperty,
  operator: Operator,
  { value, text, pattern }: Literal,
): ObjectCondition => {
  if (value === null) return operator === 'eq' ? { kind: 'text-absent', name } : nothing
  if (operator !== 'eq') return { kind: 'text-range', name, operator, text }
  return pattern ? { kind: 'text-like', name, pattern } : { kind: 'text-is', name, text }
}

const compareId = (operator: Operator, { text, pattern }: Literal): ObjectCondition => {
  if (pattern !== undefined && operator === 'eq') return { kind: 'text-like', name: 'id', pattern }
  const number = parseManagedObjectId(text)
  return number === undefined ? nothing : { kind: 'number', name: 'id', operator, number }
}

/** A client that forgets to encode the plus of an offset sends a space in its place (1.5). */
const compareInstant = (
  name: NumberProperty,
  operator: Operator,
  { value, text }: Literal,
): ObjectCondition | undefined => {
  if (value === null) return nothing
  const time = parseEventTime(text) ?? parseEventTime(text.replace(/ (?=\d\d:?\d\d$)/, '+'))
  return time && { kind: 'number', name, operator, number: time.ms }
}

const compareFragment = (
  path: FragmentPath,
  operator: Operator,
  { value, pattern }: Literal,
): ObjectCondition => {
  if (operator === 'eq') {
    return pattern
      ? { kind: 'fragment', comparison: { path, operator: 'like', pattern } }
      : { kind: 'fragment', comparison: { path, operator, literal: value } }
  }
  if (value === null || typeof value === 'boolean') return nothing
  return { kind: 'fragment', comparison: { path, operator, literal: value } }
}
