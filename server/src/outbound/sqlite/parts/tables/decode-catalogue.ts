/** `part.outliers` as the builder wrote it: a list of sources, or null for any. */
export const decodeOutliers = (text: string | null): ReadonlySet<number> | undefined =>
  text === null ? undefined : new Set(JSON.parse(text) as readonly number[])
