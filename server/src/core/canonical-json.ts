/**
 * One spelling for each JSON value, so that equal values can be compared as text: names sorted,
 * no space, strings with the same escapes, numbers as exact decimals (`1.50`, `15e-1` and `1.5` are
 * one value; 9007199254740993 and 9007199254740992 are two).
 * Input must have passed `readMembers`; nothing is checked again here.
 */
export const canonicalJson = (text: string): string => {
  if (isPlainString(text)) return text
  const reader: Reader = { text, at: 0 }
  skipSpace(reader)
  return readValue(reader)
}

/** A string without an escape stands for itself, and nothing has to be read to see it. */
const isPlainString = (text: string): boolean =>
  text.charCodeAt(0) === quote && text.charCodeAt(text.length - 1) === quote && !text.includes('\\')

/** The exact decimal value of a JSON number literal as `<sign><digits>e<exponent>`; zero is `0`. */
export const canonicalNumber = (literal: string): string => {
  const start = literal.charCodeAt(0) === minus ? 1 : 0
  const { first, last, point, end } = findDigits(literal, start)
  if (first < 0) return '0'
  const digits =
    first < point && point < last
      ? literal.slice(first, point) + literal.slice(point + 1, last + 1)
      : literal.slice(first, last + 1)
  const shift = last < point ? point - 1 - last : point - last
  const exponent =
    end === literal.length ? `${shift}` : addToExponent(literal.slice(end + 1), shift)
  return `${start === 1 ? '-' : ''}${digits}e${exponent}`
}

type Reader = { readonly text: string; at: number }

const quote = 0x22
const plus = 0x2b
const comma = 0x2c
const minus = 0x2d
const dot = 0x2e
const zero = 0x30
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const letterA = 0x61
const letterE = 0x65
const openBrace = 0x7b
const closeBrace = 0x7d

type Digits = {
  /** The first and the last digit that is not 0; -1 when all are. */
  readonly first: number
  readonly last: number
  /** Where the point stands, or would stand. */
  readonly point: number
  /** Where the exponent begins, or the end. */
  readonly end: number
}

/** One loop, because a pattern such as `/0+$/` takes quadratic time on runs of zeros in the middle. */
const findDigits = (literal: string, start: number): Digits => {
  let first = -1
  let last = -1
  let point = -1
  let end = start
  for (; end < literal.length; end += 1) {
    const code = literal.charCodeAt(end)
    if ((code | 0x20) === letterE) break
    if (code === dot) point = end
    else if (code !== zero) {
      if (first < 0) first = end
      last = end
    }
  }
  return { first, last, point: point < 0 ? end : point, end }
}

const skipZeros = (digits: string): number => {
  let at = 0
  while (digits.charCodeAt(at) === zero) at += 1
  return at
}

const exactDigitsMax = 15

/** Exact for exponents of any length, in linear time: a BigInt takes seconds for a million digits. */
const addToExponent = (exponent: string, shift: number): string => {
  if (exponent.length <= exactDigitsMax) return String(Number(exponent) + shift)
  const negative = exponent.charCodeAt(0) === minus
  const signed = negative || exponent.charCodeAt(0) === plus
  const digits = signed ? exponent.slice(1) : exponent
  const size = digits.slice(skipZeros(digits))
  const sign = negative ? '-' : ''
  if (size.length <= exactDigitsMax) return String(Number(`${sign}${size}`) + shift)
  return `${sign}${addToSize(size, negative ? -shift : shift)}`
}

/** Adds a number to a larger one in decimal digits; only a carry reaches the digits in front. */
const addToSize = (size: string, shift: number): string => {
  const split = size.length - exactDigitsMax
  const limit = 10 ** exactDigitsMax
  const low = Number(size.slice(split)) + shift
  const carry = Math.floor(low / limit)
  const tail = String(low - carry * limit).padStart(exactDigitsMax, '0')
  const head = carry === 0 ? size.slice(0, split) : stepDigits(size.slice(0, split), carry)
  const sum = head + tail
  return sum.slice(skipZeros(sum))
}

/** One up or one down (`step` is 1 or -1). */
const stepDigits = (digits: string, step: number): string => {
  const rolling = step > 0 ? '9' : '0'
  let at = digits.length - 1
  while (at >= 0 && digits.charAt(at) === rolling) at -= 1
  const rolled = (step > 0 ? '0' : '9').repeat(digits.length - 1 - at)
  if (at < 0) return `1${rolled}`
  return `${digits.slice(0, at)}${Number(digits.charAt(at)) + step}${rolled}`
}

const readValue = (reader: Reader): string => {
  switch (reader.text.charCodeAt(reader.at)) {
    case openBrace:
      return readObject(reader)
    case openBracket:
      return readArray(reader)
    case quote:
      return readString(reader)
    default:
      return readScalar(reader)
  }
}

/** A number or one of the words, which have one spelling. */
const readScalar = (reader: Reader): string => {
  const { text, at: start } = reader
  let at = start
  while (isScalar(text.charCodeAt(at))) at += 1
  reader.at = at
  const token = text.slice(start, at)
  return token.charCodeAt(0) >= letterA ? token : canonicalNumber(token)
}

const isScalar = (code: number): boolean =>
  code > 0x20 && code !== comma && code !== closeBracket && code !== closeBrace

/** A string without escapes already has its one spelling. */
const readString = (reader: Reader): string => {
  const { text, at: start } = reader
  let at = start + 1
  let escaped = false
  for (let code = text.charCodeAt(at); code !== quote; code = text.charCodeAt(at)) {
    if (Number.isNaN(code)) break
    if (code === backslash) escaped = true
    at += code === backslash ? 2 : 1
  }
  reader.at = at + 1
  const token = text.slice(start, reader.at)
  return escaped ? JSON.stringify(JSON.parse(token)) : token
}

type Member = {
  /** As it stands in the canonical text, in quotes. */
  readonly name: string
  /** Orders like the name, as far as its first two characters tell. */
  readonly rank: number
  readonly text: string
}

const readObject = (reader: Reader): string => {
  const members: Member[] = []
  reader.at += 1
  while (!takes(reader, closeBrace)) {
    const name = readString(reader)
    skipMark(reader)
    members.push({ name, rank: rankOf(name), text: readValue(reader) })
    takes(reader, comma)
  }
  sortByName(members)
  let out = '{'
  for (const { name, text } of members) {
    out += out.length === 1 ? name : `,${name}`
    out += ':'
    out += text
  }
  return `${out}}`
}

/** What stands behind the first quote; for the empty name that is its other quote alone. */
const rankOf = (name: string): number =>
  name.charCodeAt(1) * 2 ** 16 + (name.length > 2 ? name.charCodeAt(2) : 0)

/** Moving each member to its place takes quadratic time: only as long as they are few is it the fastest way. */
const movedMembersMax = 16

const sortByName = (members: Member[]): void => {
  if (members.length > movedMembersMax) members.sort(byName)
  else for (let at = 1; at < members.length; at += 1) moveToPlace(members, at)
}

/** The members before `at` are in order already. */
const moveToPlace = (members: Member[], at: number): void => {
  const member = members[at]
  let place = at
  for (let left = members[at - 1]; member && left && byName(left, member) > 0;) {
    members[place] = left
    place -= 1
    left = members[place - 1]
  }
  if (member) members[place] = member
}

/** Most names differ in their ranks; comparing texts would take longer than all the rest of a small object. */
const byName = (left: Member, right: Member): number => {
  if (left.rank !== right.rank) return left.rank - right.rank
  return left.name < right.name ? -1 : Number(left.name > right.name)
}

const readArray = (reader: Reader): string => {
  let out = '['
  reader.at += 1
  while (!takes(reader, closeBracket)) {
    if (out.length > 1) out += ','
    out += readValue(reader)
    takes(reader, comma)
  }
  return `${out}]`
}

/** Skips the colon and the space around it. */
const skipMark = (reader: Reader): void => {
  skipSpace(reader)
  reader.at += 1
  skipSpace(reader)
}

/** Skips space, then `mark` if it stands there; leaves the reader on the next token. */
const takes = (reader: Reader, mark: number): boolean => {
  skipSpace(reader)
  if (reader.text.charCodeAt(reader.at) !== mark) return false
  reader.at += 1
  return true
}

const skipSpace = (reader: Reader): void => {
  for (;;) {
    const code = reader.text.charCodeAt(reader.at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
    reader.at += 1
  }
}
