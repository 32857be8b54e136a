/**
 * Reads what a sealed part's file says of a tenant, unless that is remembered. Files never change, so what was read once
 * stays good, as long as numbers of parts are never used twice.
 */
export type RememberByPart<T> = (part: number, tenant: number, read: () => T) => T

export type RememberedBound<T> = {
  /** Sizes of all that is remembered, added up; beyond, the oldest are forgotten. */
  readonly rememberedMax: number
  /** Always the same for the same value; 1 unless something else is said. */
  readonly sizeOf?: (value: T) => number
}

/** Parts that have left the catalogue are asked about no more, so that what belongs to them grows old and goes. */
export const createRememberByPart = <T>({
  rememberedMax,
  sizeOf = () => 1,
}: RememberedBound<T>): RememberByPart<T> => {
  const known = new Map<string, { readonly value: T }>()
  let oldestFirst: MapIterator<[string, { readonly value: T }]> | undefined
  let size = 0
  const forgetOldest = (): void => {
    // One for good: a new one would step over the gaps of all that went since the map last grew or shrank.
    oldestFirst ??= known.entries()
    for (const [key, { value }] of oldestFirst) {
      known.delete(key)
      size -= sizeOf(value)
      if (size <= rememberedMax) return
    }
  }
  return (part, tenant, read) => {
    const key = `${part} ${tenant}`
    const found = known.get(key)
    if (found) return found.value
    const value = read()
    known.set(key, { value })
    size += sizeOf(value)
    if (size > rememberedMax) forgetOldest()
    return value
  }
}
