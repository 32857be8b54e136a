/** Whether a text has more than so many code points; never looks at more of it than that takes. */
export const isLongerThan = (text: string, codePointsMax: number): boolean =>
  text.length > codePointsMax &&
  (text.length > 2 * codePointsMax || Array.from(text).length > codePointsMax)

/** The first code points of a text; never half of one, which no UTF-8 answer could carry. */
export const firstCodePoints = (text: string, codePointsMax: number): string =>
  Array.from(text.slice(0, 2 * codePointsMax))
    .slice(0, codePointsMax)
    .join('')
