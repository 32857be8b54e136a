/**
 * Reading JSON without losing the sender's text.
 *
 * `readMembers` checks a whole document in one pass, strictly by RFC 8259, and says where each
 * top-level member stands. Values stay text, so the digits of every number survive; what the server
 * itself needs (a type, a time) is decoded from its span. Refused on top of the grammar: `__proto__`
 * as a name, lone surrogates, numbers that no double can hold, nesting over `jsonDepthMax`, more than
 * `bodyMembersMax` members at the top, and names that occur twice.
 */
import { firstCodePoints } from './code-points.ts'
import { bodyMembersMax, jsonDepthMax } from './limits.ts'

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'

export type JsonMember = {
  readonly name: string
  readonly kind: JsonKind
  /** The value as sent. */
  readonly value: string
}

/** Where names must be unique: in the document's own object, or in every object inside it too. */
export type UniqueNames = 'at-the-top' | 'everywhere'

export type JsonReading =
  | { readonly ok: true; readonly members: readonly JsonMember[] }
  | { readonly ok: false; readonly offset: number; readonly problem: string }

type Cursor = {
  readonly text: string
  readonly uniqueNames: UniqueNames
  offset: number
  problem: string
  /** The name that `skipName` has read last; only kept where names are compared. */
  name: string
  /** The member of the document whose elements are read too, what was read of it, and how much may be. */
  listed: { readonly name: string; readonly max: number; elements?: JsonMember[][] } | undefined
  /** Escapes seen so far: a string without one stands for itself. */
  escapes: number
}

const createCursor = (text: string, uniqueNames: UniqueNames): Cursor => ({
  text,
  uniqueNames,
  offset: 0,
  problem: '',
  name: '',
  listed: undefined,
  escapes: 0,
})

/** Reads a document that must be one JSON object. Never throws. */
export const readMembers = (text: string, uniqueNames: UniqueNames): JsonReading => {
  const cursor = createCursor(text, uniqueNames)
  const members: JsonMember[] = []
  const start = skipSpace(text, 0)
  const end =
    text.charCodeAt(start) === openBrace
      ? skipObject(cursor, start, 1, members)
      : stop(cursor, start, 'a JSON object is expected')
  if (end >= 0) {
    const rest = skipSpace(text, end)
    if (rest === text.length) return { ok: true, members }
    stop(cursor, rest, 'nothing may follow the JSON object')
  }
  return { ok: false, offset: cursor.offset, problem: cursor.problem }
}

/**
 * Reads `{"<name>": [{…}, …]}` in one pass, into the members of each element: what `readMembers` would answer for it alone.
 * Undefined when anything is not as it should be, also for more than `max` elements: `readMembers` and `readElements`,
 * which walk over the text once more for each level, can say what.
 */
export const readListed = (
  text: string,
  name: string,
  max: number,
): readonly (readonly JsonMember[])[] | undefined => {
  const cursor = createCursor(text, 'at-the-top')
  cursor.listed = { name, max }
  const start = skipSpace(text, 0)
  if (text.charCodeAt(start) !== openBrace) return undefined
  const end = skipObject(cursor, start, 1, [])
  return end >= 0 && skipSpace(text, end) === text.length ? cursor.listed.elements : undefined
}

/** The value of a member whose kind is `string`: without an escape it stands there as it is. */
export const stringOf = ({ value }: JsonMember): string =>
  value.includes('\\') ? String(JSON.parse(value)) : value.slice(1, -1)

/** Splits an array that `readMembers` has already accepted into the texts of its elements. */
export const readElements = (arrayText: string): readonly string[] => {
  const cursor = createCursor(arrayText, 'at-the-top')
  const elements: string[] = []
  let at = skipSpace(arrayText, 1)
  while (at >= 0 && at < arrayText.length && arrayText.charCodeAt(at) !== closeBracket) {
    const end = skipValue(cursor, at, 1)
    if (end < 0) break
    elements.push(arrayText.slice(at, end))
    at = skipSpace(arrayText, end)
    if (arrayText.charCodeAt(at) === comma) at = skipSpace(arrayText, at + 1)
  }
  return elements
}

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d
const plus = 0x2b
const minus = 0x2d
const dot = 0x2e
const zero = 0x30
const nine = 0x39
const letterE = 0x65
const letterCapitalE = 0x45
const letterT = 0x74
const letterF = 0x66
const letterN = 0x6e

const stop = (cursor: Cursor, offset: number, problem: string): -1 => {
  cursor.offset = offset
  cursor.problem = problem
  return -1
}

const skipSpace = (text: string, from: number): number => {
  let at = from
  for (;;) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at
    at += 1
  }
}

const kindAt = (text: string, at: number): JsonKind => {
  const code = text.charCodeAt(at)
  if (code === quote) return 'string'
  if (code === openBrace) return 'object'
  if (code === openBracket) return 'array'
  if (code === letterT || code === letterF) return 'boolean'
  return code === letterN ? 'null' : 'number'
}

const skipValue = (cursor: Cursor, at: number, depth: number): number => {
  switch (cursor.text.charCodeAt(at)) {
    case quote:
      return skipString(cursor, at)
    case openBrace:
      return skipObject(cursor, at, depth + 1, undefined)
    case openBracket:
      return skipArray(cursor, at, depth + 1)
    case letterT:
      return skipWord(cursor, at, 'true')
    case letterF:
      return skipWord(cursor, at, 'false')
    case letterN:
      return skipWord(cursor, at, 'null')
    default:
      return skipNumber(cursor, at)
  }
}

const skipObject = (
  cursor: Cursor,
  start: number,
  depth: number,
  members: JsonMember[] | undefined,
): number => {
  if (depth > jsonDepthMax) return stop(cursor, start, `nesting is deeper than ${jsonDepthMax}`)
  const { text } = cursor
  const names = members || cursor.uniqueNames === 'everywhere' ? createNames() : undefined
  let at = skipSpace(text, start + 1)
  if (text.charCodeAt(at) === closeBrace) return at + 1
  for (;;) {
    const valueStart = skipName(cursor, at, names)
    if (valueStart < 0) return -1
    const { name } = cursor
    const end = skipMemberValue(cursor, valueStart, depth)
    if (end < 0) return -1
    if (members) {
      if (members.length >= bodyMembersMax) return stop(cursor, at, tooManyMembers)
      const value = text.slice(valueStart, end)
      members.push({ name, kind: kindAt(text, valueStart), value })
    }
    const next = skipSpace(text, end)
    const code = text.charCodeAt(next)
    if (code === closeBrace) return next + 1
    if (code !== comma) return stop(cursor, next, "',' or '}' is expected")
    at = skipSpace(text, next + 1)
  }
}

const skipMemberValue = (cursor: Cursor, at: number, depth: number): number =>
  depth === 1 && cursor.listed?.name === cursor.name
    ? skipListed(cursor, at, depth)
    : skipValue(cursor, at, depth)

const tooManyMembers = `an object has at most ${bodyMembersMax} members here`

/** Skips `"name" :` and the space behind it; returns where the value begins. */
const skipName = (cursor: Cursor, at: number, names: Names | undefined): number => {
  const { text } = cursor
  if (text.charCodeAt(at) !== quote) return stop(cursor, at, 'a name in double quotes is expected')
  const escapesBefore = cursor.escapes
  const end = skipString(cursor, at)
  if (end < 0) return -1
  const escaped = cursor.escapes > escapesBefore
  if (names || escaped || end - at === protoLength) {
    cursor.name = decodeName(text.slice(at + 1, end - 1), escaped)
    if (cursor.name === '__proto__') return stop(cursor, at, "the name '__proto__' is not allowed")
    if (names && !addName(names, cursor.name)) return stop(cursor, at, twice(cursor.name))
  }
  const separator = skipSpace(text, end)
  if (text.charCodeAt(separator) !== colon) return stop(cursor, separator, "':' is expected")
  return skipSpace(text, separator + 1)
}

const protoLength = '"__proto__"'.length

const decodeName = (inner: string, escaped: boolean): string =>
  escaped ? String(JSON.parse(`"${inner}"`)) : inner

/** The beginning is enough to find a name, and a name may be as long as the body. */
const toldNameLength = 80

const twice = (name: string): string =>
  `the name ${JSON.stringify(firstCodePoints(name, toldNameLength))} occurs twice`

/** The names of one object: a plain list while there are few, because most objects are small. */
type Names = { readonly list: string[]; set: Set<string> | undefined }

const listedNamesMax = 16

const createNames = (): Names => ({ list: [], set: undefined })

/** Answers whether the name is new. */
const addName = (names: Names, name: string): boolean => {
  if (names.list.length < listedNamesMax) {
    if (names.list.includes(name)) return false
    names.list.push(name)
    return true
  }
  names.set ??= new Set(names.list)
  const { size } = names.set
  return names.set.add(name).size > size
}

const skipArray = (cursor: Cursor, start: number, depth: number): number => {
  if (depth > jsonDepthMax) return stop(cursor, start, `nesting is deeper than ${jsonDepthMax}`)
  const { text } = cursor
  let at = skipSpace(text, start + 1)
  if (text.charCodeAt(at) === closeBracket) return at + 1
  for (;;) {
    const end = skipValue(cursor, at, depth)
    if (end < 0) return -1
    const next = skipSpace(text, end)
    const code = text.charCodeAt(next)
    if (code === closeBracket) return next + 1
    if (code !== comma) return stop(cursor, next, "',' or ']' is expected")
    at = skipSpace(text, next + 1)
  }
}

/** Like `skipArray`, for one of objects whose members are wanted. */
const skipListed = (cursor: Cursor, start: number, depth: number): number => {
  const { text, listed } = cursor
  if (!listed || text.charCodeAt(start) !== openBracket) return skipValue(cursor, start, depth)
  const elements: JsonMember[][] = []
  listed.elements = elements
  let at = skipSpace(text, start + 1)
  if (text.charCodeAt(at) === closeBracket) return at + 1
  for (;;) {
    const isFull = elements.length >= listed.max
    if (isFull || text.charCodeAt(at) !== openBrace) return stop(cursor, at, 'not a short list')
    const members: JsonMember[] = []
    const end = skipObject(cursor, at, depth + 2, members)
    if (end < 0) return -1
    elements.push(members)
    const next = skipSpace(text, end)
    const code = text.charCodeAt(next)
    if (code === closeBracket) return next + 1
    if (code !== comma) return stop(cursor, next, "',' or ']' is expected")
    at = skipSpace(text, next + 1)
  }
}

const skipWord = (cursor: Cursor, at: number, word: string): number =>
  cursor.text.startsWith(word, at) ? at + word.length : stop(cursor, at, 'a value is expected')

/** So many digits before the point are below 1e308; more, or an exponent, may be beyond a double. */
const safeWholeDigits = 308

const skipNumber = (cursor: Cursor, start: number): number => {
  const { text } = cursor
  const whole = text.charCodeAt(start) === minus ? start + 1 : start
  const point = text.charCodeAt(whole) === zero ? whole + 1 : skipDigits(text, whole)
  if (point === whole) return stop(cursor, start, 'a value is expected')
  const exponent = text.charCodeAt(point) === dot ? skipDigits(text, point + 1) : point
  if (exponent === point + 1) return stop(cursor, exponent, 'a digit is expected')
  const end = skipExponent(text, exponent)
  if (end < 0) return stop(cursor, exponent + 1, 'a digit is expected in the exponent')
  const mayBeBeyond = end !== exponent || point - whole > safeWholeDigits
  return mayBeBeyond && !Number.isFinite(Number(text.slice(start, end)))
    ? stop(cursor, start, 'the number is beyond the range of a double')
    : end
}

const skipExponent = (text: string, at: number): number => {
  const letter = text.charCodeAt(at)
  if (letter !== letterE && letter !== letterCapitalE) return at
  const sign = text.charCodeAt(at + 1)
  const digits = sign === plus || sign === minus ? at + 2 : at + 1
  const end = skipDigits(text, digits)
  return end === digits ? -1 : end
}

const skipDigits = (text: string, from: number): number => {
  let at = from
  for (;;) {
    const code = text.charCodeAt(at)
    if (!(code >= zero && code <= nine)) return at
    at += 1
  }
}

const skipString = (cursor: Cursor, start: number): number => {
  const { text } = cursor
  let at = start + 1
  for (;;) {
    at = skipPlain(text, at)
    const code = text.charCodeAt(at)
    if (code === quote) return at + 1
    if (code === backslash) at = skipEscape(cursor, at)
    else if (code >= 0xd800) at = skipSurrogates(cursor, at)
    else return stop(cursor, at, stringProblem(at < text.length))
    if (at < 0) return -1
  }
}

/** Skips what stands for itself, whatever follows: neither quote, escape, control nor surrogate. */
const skipPlain = (text: string, from: number): number => {
  let at = from
  for (;;) {
    const code = text.charCodeAt(at)
    const plain = code >= 0x20 && code !== quote && code !== backslash
    if (!plain || (code >= 0xd800 && code <= 0xdfff)) return at
    at += 1
  }
}

const skipSurrogates = (cursor: Cursor, at: number): number => {
  const paired =
    cursor.text.charCodeAt(at) < 0xdc00 && isLowSurrogate(cursor.text.charCodeAt(at + 1))
  return paired ? at + 2 : stop(cursor, at, 'a lone surrogate is not allowed')
}

const stringProblem = (inside: boolean): string =>
  inside ? 'control characters in a string must be escaped' : 'the text ends inside a string'

const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff

const skipEscape = (cursor: Cursor, at: number): number => {
  const { text } = cursor
  cursor.escapes += 1
  const letter = text.charAt(at + 1)
  if (letter !== 'u') {
    const known = letter !== '' && '"\\/bfnrt'.includes(letter)
    return known ? at + 2 : stop(cursor, at, 'an unknown escape stands in a string')
  }
  const code = hexAt(text, at + 2)
  if (Number.isNaN(code)) return stop(cursor, at, 'four hexadecimal digits are expected after \\u')
  if (code < 0xd800 || code > 0xdfff) return at + 6
  const paired =
    code < 0xdc00 && text.startsWith('\\u', at + 6) && isLowSurrogate(hexAt(text, at + 8))
  return paired ? at + 12 : stop(cursor, at, 'a lone surrogate is not allowed')
}

/** Four hexadecimal digits as a number, or NaN. */
const hexAt = (text: string, at: number): number =>
  hexDigitAt(text, at) * 4096 +
  hexDigitAt(text, at + 1) * 256 +
  hexDigitAt(text, at + 2) * 16 +
  hexDigitAt(text, at + 3)

const hexDigitAt = (text: string, at: number): number => {
  const code = text.charCodeAt(at)
  if (code >= zero && code <= nine) return code - zero
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : NaN
}
