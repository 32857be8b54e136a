/**
 * Reading JSON without losing the sender's text.
 *
 * `readMembers` checks a whole document in one pass, strictly by RFC 8259, and says where each
 * top-level member stands. Values stay text, so the digits of every number survive; what the server
 * itself needs (a type, a time) is decoded from its span. Refused on top of the grammar: `__proto__`
 * as a name, lone surrogates, numbers that no double can hold, nesting over `jsonDepthMax`, and
 * names that occur twice.
 */
import { jsonDepthMax } from './limits.ts'

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'

export type JsonMember = {
  readonly name: string
  readonly kind: JsonKind
  /** The whole member, from the quote of its name to the end of its value, as sent. */
  readonly member: string
  /** The value alone, as sent. */
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
}

/** Reads a document that must be one JSON object. Never throws. */
export const readMembers = (text: string, uniqueNames: UniqueNames): JsonReading => {
  const cursor: Cursor = { text, uniqueNames, offset: 0, problem: '' }
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

/** Splits an array that `readMembers` has already accepted into the texts of its elements. */
export const readElements = (arrayText: string): readonly string[] => {
  const cursor: Cursor = { text: arrayText, uniqueNames: 'at-the-top', offset: 0, problem: '' }
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
  const names = members || cursor.uniqueNames === 'everywhere' ? new Set<string>() : undefined
  let at = skipSpace(text, start + 1)
  if (text.charCodeAt(at) === closeBrace) return at + 1
  for (;;) {
    const valueStart = skipName(cursor, at, names)
    if (valueStart < 0) return -1
    const end = skipValue(cursor, valueStart, depth)
    if (end < 0) return -1
    if (members) members.push(memberAt(text, at, valueStart, end))
    const next = skipSpace(text, end)
    const code = text.charCodeAt(next)
    if (code === closeBrace) return next + 1
    if (code !== comma) return stop(cursor, next, "',' or '}' is expected")
    at = skipSpace(text, next + 1)
  }
}

const memberAt = (text: string, start: number, valueStart: number, end: number): JsonMember => ({
  name: decodeName(text.slice(start, text.lastIndexOf('"', valueStart - 1) + 1)),
  kind: kindAt(text, valueStart),
  member: text.slice(start, end),
  value: text.slice(valueStart, end),
})

const decodeName = (quoted: string): string =>
  quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1)

/** Skips `"name" :` and the space behind it; returns where the value begins. */
const skipName = (cursor: Cursor, at: number, names: Set<string> | undefined): number => {
  const { text } = cursor
  if (text.charCodeAt(at) !== quote) return stop(cursor, at, 'a name in double quotes is expected')
  const end = skipString(cursor, at)
  if (end < 0) return -1
  const name = decodeName(text.slice(at, end))
  if (name === '__proto__') return stop(cursor, at, "the name '__proto__' is not allowed")
  if (names) {
    if (names.has(name)) return stop(cursor, at, `the name ${JSON.stringify(name)} occurs twice`)
    names.add(name)
  }
  const separator = skipSpace(text, end)
  if (text.charCodeAt(separator) !== colon) return stop(cursor, separator, "':' is expected")
  return skipSpace(text, separator + 1)
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

const skipWord = (cursor: Cursor, at: number, word: string): number =>
  cursor.text.startsWith(word, at) ? at + word.length : stop(cursor, at, 'a value is expected')

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

const skipNumber = (cursor: Cursor, at: number): number => {
  numberPattern.lastIndex = at
  const found = numberPattern.exec(cursor.text)
  if (!found) return stop(cursor, at, 'a value is expected')
  if (found[0].length > 15 || /[eE]/.test(found[0])) {
    if (!Number.isFinite(Number(found[0]))) {
      return stop(cursor, at, 'the number is beyond the range of a double')
    }
  }
  return at + found[0].length
}

const skipString = (cursor: Cursor, start: number): number => {
  const { text } = cursor
  let at = start + 1
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === quote) return at + 1
    if (code === backslash) {
      at = skipEscape(cursor, at)
      if (at < 0) return -1
    } else if (code >= 0xd800 && code <= 0xdfff) {
      const paired = code < 0xdc00 && isLowSurrogate(text.charCodeAt(at + 1))
      if (!paired) return stop(cursor, at, 'a lone surrogate is not allowed')
      at += 2
    } else if (code >= 0x20) {
      at += 1
    } else {
      return stop(cursor, at, stringProblem(at < text.length))
    }
  }
}

const stringProblem = (inside: boolean): string =>
  inside ? 'control characters in a string must be escaped' : 'the text ends inside a string'

const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff

const skipEscape = (cursor: Cursor, at: number): number => {
  const { text } = cursor
  const letter = text.charAt(at + 1)
  if (letter !== 'u') {
    const known = letter !== '' && '"\\/bfnrt'.includes(letter)
    return known ? at + 2 : stop(cursor, at, 'an unknown escape stands in a string')
  }
  const code = hexAt(text, at + 2)
  if (code < 0) return stop(cursor, at, 'four hexadecimal digits are expected after \\u')
  if (code < 0xd800 || code > 0xdfff) return at + 6
  const paired =
    code < 0xdc00 && text.startsWith('\\u', at + 6) && isLowSurrogate(hexAt(text, at + 8))
  return paired ? at + 12 : stop(cursor, at, 'a lone surrogate is not allowed')
}

const hexAt = (text: string, at: number): number => {
  const digits = text.slice(at, at + 4)
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : -1
}
