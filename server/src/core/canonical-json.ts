/**
 * One spelling for each JSON value, so that equal values can be compared as text: names sorted,
 * no space, strings with the same escapes, numbers as exact decimals (`1.50`, `15e-1` and `1.5` are
 * one value; 9007199254740993 and 9007199254740992 are two).
 * Input must have passed `readMembers`; nothing is checked again here.
 */
export const canonicalJson = (text: string): string => {
  const reader: Reader = { text, at: 0, out: '' }
  skipSpace(reader)
  writeValue(reader)
  return reader.out
}

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

/**
 * A reader writes what it has read to the end of `out`. One growing text for all levels: joining each
 * level's text into the next would copy a deep document once per level.
 */
type Reader = { readonly text: string; at: number; out: string }

const quote = 0x22
const plus = 0x2b
const comma = 0x2c
const minus = 0x2d
const dot = 0x2e
const zero = 0x30
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
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

const writeValue = (reader: Reader): void => {
  switch (reader.text.charCodeAt(reader.at)) {
    case openBrace:
      return writeObject(reader)
    case openBracket:
      return writeArray(reader)
    case quote:
      reader.out += readString(reader)
      return
    default:
      reader.out += readScalar(reader)
  }
}

/** A number or one of the words, which have one spelling. */
const readScalar = (reader: Reader): string => {
  const start = reader.at
  while (isScalar(reader.text.charCodeAt(reader.at))) reader.at += 1
  const token = reader.text.slice(start, reader.at)
  const first = token.charCodeAt(0)
  return first >= 0x61 ? token : canonicalNumber(token)
}

const isScalar = (code: number): boolean =>
  code > 0x20 && code !== comma && code !== closeBracket && code !== closeBrace

/** A string without escapes already has its one spelling. */
const readString = (reader: Reader): string => {
  const { text } = reader
  const start = reader.at
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

type Member = { readonly name: string; readonly text: string }

const writeObject = (reader: Reader): void => {
  const before = reader.out
  const members: Member[] = []
  reader.at += 1
  while (!takes(reader, closeBrace)) {
    const name = readString(reader)
    skipMark(reader)
    reader.out = ''
    writeValue(reader)
    members.push({ name, text: reader.out })
    takes(reader, comma)
  }
  sortByName(members)
  reader.out = `${before}{`
  let separator = ''
  for (const { name, text } of members) {
    reader.out += `${separator}${name}:`
    reader.out += text
    separator = ','
  }
  reader.out += '}'
}

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
  for (let left = members[at - 1]; member && left && left.name > member.name;) {
    members[place] = left
    place -= 1
    left = members[place - 1]
  }
  if (member) members[place] = member
}

const byName = (left: Member, right: Member): number =>
  left.name < right.name ? -1 : Number(left.name > right.name)

const writeArray = (reader: Reader): void => {
  reader.out += '['
  let separator = ''
  reader.at += 1
  while (!takes(reader, closeBracket)) {
    reader.out += separator
    writeValue(reader)
    takes(reader, comma)
    separator = ','
  }
  reader.out += ']'
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
