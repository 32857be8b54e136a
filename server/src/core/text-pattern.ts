/** A text with gaps: its parts in order, with anything between two of them. Two empty parts match every text. */
export type TextPattern = readonly string[]

/** Whatever the case, as the wildcards of the query language are (docs/protocols/cumulocity.md, 6.1). */
export const matchesPattern = (pattern: TextPattern, text: string): boolean => {
  const parts = pattern.map((part) => part.toLowerCase())
  const searched = text.toLowerCase()
  const [first = '', ...others] = parts
  const last = others.pop()
  if (last === undefined) return searched === first
  if (!searched.startsWith(first)) return false
  let at = first.length
  for (const part of others) {
    const found = searched.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return searched.length - last.length >= at && searched.endsWith(last)
}
