import { conditionOf, isPath, propertyOf } from './object-comparison.ts'
import { queryDepthMax, queryOrdersMax, queryTermsMax } from './limits.ts'
import { parseManagedObjectId } from './event-id.ts'
import type { ManagedObjectId } from './identity.ts'
import type { ObjectCondition, ObjectOrder, ObjectQuery } from './object-query.ts'
import { readQueryTokens } from './query-tokens.ts'
import type { QueryToken } from './query-tokens.ts'

/**
 * Reads a query of the inventory (docs/protocols/cumulocity.md, 6.1): a bare filter, `$filter=…`, `$orderby=…`, or both.
 * Undefined when it cannot be understood, or has more than `queryTermsMax` terms, `queryOrdersMax` orders or
 * `queryDepthMax` levels.
 */
export const parseObjectQuery = (text: string): ObjectQuery | undefined => {
  const tokens = readQueryTokens(text)
  if (tokens === undefined || tokens.length > tokensMax) return undefined
  const cursor: Cursor = { tokens, at: 0, terms: 0 }
  const query = parseClauses(cursor)
  return query !== undefined && cursor.at === tokens.length ? query : undefined
}

/** Six for a term with its parentheses and what joins it to the next. */
const tokensMax = queryTermsMax * 6 + queryDepthMax * 2

type Cursor = { readonly tokens: readonly QueryToken[]; at: number; terms: number }

type Parsed<T> = T | undefined

const parseClauses = (cursor: Cursor): Parsed<ObjectQuery> => {
  if (peek(cursor)?.kind !== 'clause') return parseFilterFirst(cursor)
  let query: ObjectQuery = { condition: undefined, order: [] }
  const seen = new Set<string>()
  for (let clause = peek(cursor); clause?.kind === 'clause'; clause = peek(cursor)) {
    if (seen.has(clause.name)) return undefined
    seen.add(clause.name)
    cursor.at += 1
    const next = clause.name === 'filter' ? parseFilter(cursor) : parseOrderClause(cursor)
    if (next === undefined) return undefined
    query = { ...query, ...next }
  }
  return query
}

/** A bare filter, perhaps with an order behind it. */
const parseFilterFirst = (cursor: Cursor): Parsed<ObjectQuery> => {
  const filter = parseFilter(cursor)
  const clause = peek(cursor)
  if (filter === undefined || clause?.kind !== 'clause') return filter && { ...filter, order: [] }
  if (clause.name !== 'orderby') return undefined
  cursor.at += 1
  const order = parseOrderClause(cursor)
  return order && { ...filter, ...order }
}

const parseFilter = (cursor: Cursor): Parsed<Pick<ObjectQuery, 'condition'>> => {
  const next = peek(cursor)
  if (next === undefined || next.kind === 'clause') return { condition: undefined }
  const condition = parseOr(cursor, 0)
  return condition && { condition }
}

const parseOrderClause = (cursor: Cursor): Parsed<Pick<ObjectQuery, 'order'>> => {
  const order: ObjectOrder[] = []
  do {
    const word = takeWord(cursor)
    const by = word === undefined || !isPath(word) ? undefined : propertyOf(word)
    if (by === undefined || order.length >= queryOrdersMax) return undefined
    const descending = takeKeyword(cursor, 'desc')
    if (!descending) takeKeyword(cursor, 'asc')
    order.push({ by, descending })
  } while (takeMark(cursor, ','))
  return { order }
}

const parseOr = (cursor: Cursor, depth: number): Parsed<ObjectCondition> =>
  parseJoined(cursor, 'or', () => parseJoined(cursor, 'and', () => parseTerm(cursor, depth)))

const parseJoined = (
  cursor: Cursor,
  kind: 'and' | 'or',
  parseNext: () => Parsed<ObjectCondition>,
): Parsed<ObjectCondition> => {
  const of: ObjectCondition[] = []
  do {
    const next = parseNext()
    if (next === undefined) return undefined
    of.push(next)
  } while (takeKeyword(cursor, kind))
  const [only] = of
  return of.length === 1 ? only : { kind, of }
}

const parseTerm = (cursor: Cursor, depth: number): Parsed<ObjectCondition> => {
  if (depth > queryDepthMax) return undefined
  if (takeMark(cursor, '(')) return closed(cursor, parseOr(cursor, depth + 1))
  const word = takeWord(cursor)
  if (word === undefined) return undefined
  if (word.toLowerCase() === 'not') {
    const of = parseTerm(cursor, depth + 1)
    return of && { kind: 'not', of }
  }
  cursor.terms += 1
  if (cursor.terms > queryTermsMax) return undefined
  return takeMark(cursor, '(')
    ? closed(cursor, parseFunction(cursor, word.toLowerCase()))
    : parseComparison(cursor, word)
}

const closed = (cursor: Cursor, condition: Parsed<ObjectCondition>): Parsed<ObjectCondition> =>
  condition !== undefined && takeMark(cursor, ')') ? condition : undefined

const parseComparison = (cursor: Cursor, path: string): Parsed<ObjectCondition> => {
  const operator = takeWord(cursor)?.toLowerCase()
  const literal = cursor.tokens[cursor.at]
  if (operator === undefined || literal === undefined || !isPath(path)) return undefined
  cursor.at += 1
  return conditionOf(path, operator, literal)
}

const parseFunction = (cursor: Cursor, name: string): Parsed<ObjectCondition> => {
  const names: string[] = []
  do {
    const argument = peek(cursor)
    if (argument?.kind !== 'word' && argument?.kind !== 'text') return undefined
    names.push(argument.kind === 'word' ? argument.word : argument.parts.join('*'))
    cursor.at += 1
  } while (takeMark(cursor, ','))
  return callFunction(name, names)
}

const callFunction = (name: string, names: readonly string[]): Parsed<ObjectCondition> => {
  switch (name) {
    case 'has':
      return names.length === 1 ? hasAny(names) : undefined
    case 'hasany':
      return hasAny(names)
    case 'bygroupid':
      return { kind: 'child-of', parents: idsOf(names), kinds: ['asset'] }
    case 'isinhierarchyof':
      return { kind: 'in-hierarchy', roots: idsOf(names) }
    default:
      return undefined
  }
}

/** Standard properties are no fragments, so that nothing has them (6.1). */
const hasAny = (names: readonly string[]): Parsed<ObjectCondition> => {
  if (!names.every(isPath)) return undefined
  const of = names.flatMap((name): readonly ObjectCondition[] => {
    const property = propertyOf(name)
    return property.kind === 'fragment' ? [{ kind: 'has', path: property.path }] : []
  })
  const [only] = of
  return of.length === 1 ? only : { kind: 'or', of }
}

/** Texts that no object can have as its id stand for none. */
const idsOf = (names: readonly string[]): readonly ManagedObjectId[] =>
  names.flatMap((name) => parseManagedObjectId(name) ?? [])

const peek = ({ tokens, at }: Cursor): QueryToken | undefined => tokens[at]

const takeWord = (cursor: Cursor): string | undefined => {
  const token = peek(cursor)
  if (token?.kind !== 'word') return undefined
  cursor.at += 1
  return token.word
}

const takeKeyword = (cursor: Cursor, keyword: string): boolean => {
  const token = peek(cursor)
  const isNext = token?.kind === 'word' && token.word.toLowerCase() === keyword
  if (isNext) cursor.at += 1
  return isNext
}

const takeMark = (cursor: Cursor, mark: '(' | ')' | ','): boolean => {
  const token = peek(cursor)
  const isNext = token?.kind === 'mark' && token.mark === mark
  if (isNext) cursor.at += 1
  return isNext
}
