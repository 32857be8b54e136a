/** The values of a statement that is put together: what a caller sent stands in it only as a name. */
export type BoundValues = {
  /** Answers the name under which the statement finds the value. */
  readonly bind: (value: string | number) => string
  readonly values: Readonly<Record<string, string | number>>
}

export const createBoundValues = (): BoundValues => {
  const values: Record<string, string | number> = {}
  let bound = 0
  return {
    bind: (value) => {
      bound += 1
      values[`v${bound}`] = value
      return `@v${bound}`
    },
    values,
  }
}
