const unitsMs: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

/**
 * Reads what people write for a length of time: `250ms`, `10s`, `5m`, `12h`, `90d`. Answers whole milliseconds, or
 * undefined when the text is not one; a number without a unit is not one, because nobody can tell what it means.
 */
export const decodeDuration = (text: string): number | undefined => {
  const found = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text)
  const factor = unitsMs.get(found?.[2] ?? '')
  return factor === undefined ? undefined : Math.round(Number(found?.[1]) * factor)
}
