/** Whether a text has more than so many code points; never looks at more of it than that takes. */
export const isLongerThan = (text: string, codePointsMax: number): boolean =>
  text.length > codePointsMax &&
  (text.length > 2 * codePointsMax || Array.from(text).length > codePointsMax)

/** The first code points of a text; never half of one, which no UTF-8 answer could carry. */
export const firstCodePoints = (text: string, codePointsMax: number): string =>
  Array.from(text.slice(0, 2 * codePointsMax))
    .slice(0, codePointsMax)
    .join('')

/** Negative when `left` comes first: by code points, which is the order of the bytes in UTF-8. */
export const compareCodePoints = (left: string, right: string): number => {
  const shorter = Math.min(left.length, right.length)
  for (let at = 0; at < shorter; at += 1) {
    const order = left.charCodeAt(at) - right.charCodeAt(at)
    if (order !== 0) return bothSurrogatesOrNone(left, right, at) ? order : surrogateOrder(left, at)
  }
  return left.length - right.length
}

const isSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdfff

const bothSurrogatesOrNone = (left: string, right: string, at: number): boolean =>
  isSurrogate(left.charCodeAt(at)) === isSurrogate(right.charCodeAt(at)) ||
  Math.max(left.charCodeAt(at), right.charCodeAt(at)) < 0xe000

/** Half of a code point beyond U+FFFF stands where the other text has one of U+E000 to U+FFFF. */
const surrogateOrder = (left: string, at: number): number =>
  isSurrogate(left.charCodeAt(at)) ? 1 : -1
