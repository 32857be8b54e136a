/**
 * One spelling for each JSON value, so that equal values can be compared as text: names sorted,
 * no space, strings with the same escapes, numbers as exact decimals (`1.50`, `15e-1` and `1.5` are
 * one value; 9007199254740993 and 9007199254740992 are two).
 * Input must have passed `readMembers`; nothing is checked again here.
 */
export const canonicalJson = (text: string): string => {
  const reader = { text, at: 0 }
  return readValue(reader)
}

/** The exact decimal value of a JSON number literal as `<sign><digits>e<exponent>`; zero is `0`. */
export const canonicalNumber = (literal: string): string => {
  const [, sign, whole, fraction, exponent] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? []
  const digits = `${whole ?? ''}${fraction ?? ''}`.replace(/^0+/, '')
  const significant = withoutTrailingZeros(digits)
  if (significant === '') return '0'
  const dropped = digits.length - significant.length
  const power = BigInt(exponent ?? 0) - BigInt(fraction?.length ?? 0) + BigInt(dropped)
  return `${sign ?? ''}${significant}e${power}`
}

/** A loop, because `/0+$/` takes quadratic time on long runs of zeros in the middle. */
const withoutTrailingZeros = (digits: string): string => {
  let end = digits.length
  while (end > 0 && digits.charCodeAt(end - 1) === 0x30) end -= 1
  return digits.slice(0, end)
}

type Reader = { readonly text: string; at: number }

const scalarPattern = /[^\s,\]}]+/y

const readValue = (reader: Reader): string => {
  skipSpace(reader)
  const first = reader.text.charAt(reader.at)
  if (first === '{') return readObject(reader)
  if (first === '[') return readArray(reader)
  const token = readScalar(reader)
  if (first === '"') return JSON.stringify(JSON.parse(token))
  return first === 't' || first === 'f' || first === 'n' ? token : canonicalNumber(token)
}

const readScalar = (reader: Reader): string => {
  if (reader.text.charAt(reader.at) === '"') return readString(reader)
  scalarPattern.lastIndex = reader.at
  const token = scalarPattern.exec(reader.text)?.[0] ?? ''
  reader.at += token.length
  return token
}

const readString = (reader: Reader): string => {
  const start = reader.at
  let end = reader.text.indexOf('"', start + 1)
  while (isEscaped(reader.text, end)) end = reader.text.indexOf('"', end + 1)
  reader.at = end + 1
  return reader.text.slice(start, end + 1)
}

const isEscaped = (text: string, quoteAt: number): boolean => {
  let backslashes = 0
  while (text.charCodeAt(quoteAt - 1 - backslashes) === 0x5c) backslashes += 1
  return backslashes % 2 === 1
}

const readObject = (reader: Reader): string => {
  const members: (readonly [name: string, text: string])[] = []
  reader.at += 1
  while (!takes(reader, '}')) {
    const name = JSON.stringify(JSON.parse(readScalar(reader)))
    takes(reader, ':')
    members.push([name, `${name}:${readValue(reader)}`])
    takes(reader, ',')
  }
  members.sort(([left], [right]) => (left < right ? -1 : Number(left > right)))
  return `{${members.map(([, text]) => text).join(',')}}`
}

const readArray = (reader: Reader): string => {
  const elements: string[] = []
  reader.at += 1
  while (!takes(reader, ']')) {
    elements.push(readValue(reader))
    takes(reader, ',')
  }
  return `[${elements.join(',')}]`
}

/** Skips space, then `mark` if it stands there; leaves the reader on the next token. */
const takes = (reader: Reader, mark: string): boolean => {
  skipSpace(reader)
  if (reader.text.charAt(reader.at) !== mark) return false
  reader.at += 1
  skipSpace(reader)
  return true
}

const skipSpace = (reader: Reader): void => {
  while (' \n\r\t'.includes(reader.text.charAt(reader.at)) && reader.at < reader.text.length) {
    reader.at += 1
  }
}
