/**
 * JSON whose numbers keep their digits. `JSON.parse` makes doubles of them, and `2.0` comes back as `2`; here each number
 * is a string that begins with the mark, and is written without quotes again.
 */
export const numberMark = '\u0000'

/** A string, or anything that stands for itself. */
const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g

/** Reads JSON; throws when a string of it holds the mark. */
export const parseExact = (text: string): unknown => {
  if (text.includes('\\u0000')) throw new Error('a string of this text could pass for a number')
  const marked = text.replace(token, (found) =>
    found.startsWith('"') ? found : `"\\u0000${found}"`,
  )
  return JSON.parse(marked)
}

export const encodeExact = (value: unknown): string =>
  JSON.stringify(value).replace(/"\\u0000([^"]*)"/g, '$1')

/** The digits of a number that `parseExact` has read. */
export const digitsOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.startsWith(numberMark) ? value.slice(1) : undefined
