/** What the texts in the arguments of a call weigh, two bytes for each of their units; nothing else in them is large. */
export const textBytes = (value: unknown): number => {
  if (typeof value === 'string') return 2 * value.length
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce<number>((sum, inner) => sum + textBytes(inner), 0)
}
