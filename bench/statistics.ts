/** The value below which `share` (0 to 1) of the values lie: nearest rank, no value is made up. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = Float64Array.from(values).sort()
  const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))
  const value = sorted[rank]
  if (value === undefined) throw new Error('there is no percentile of nothing')
  return value
}

export const median = (values: readonly number[]): number => percentile(values, 0.5)
