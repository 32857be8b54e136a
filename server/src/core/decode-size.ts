const unitsBytes: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['KB', 1_024],
  ['MB', 1_024 ** 2],
  ['GB', 1_024 ** 3],
  ['TB', 1_024 ** 4],
])

/**
 * Reads what people write for a size: `512KB`, `256MB`, `1.5GB`; each unit is 1,024 of the one before. Answers whole
 * bytes, or undefined when the text is not one; a number without a unit is not one, except 0.
 */
export const decodeSize = (text: string): number | undefined => {
  if (text === '0') return 0
  const found = /^(\d{1,6}(?:\.\d{1,3})?)(B|KB|MB|GB|TB)$/.exec(text)
  const factor = unitsBytes.get(found?.[2] ?? '')
  return factor === undefined ? undefined : Math.round(Number(found?.[1]) * factor)
}
