/** Something kept under the values of some labels. */
export type ByLabels<T> = {
  /** What is kept under these values; made when it is asked for first. */
  readonly at: (values: readonly string[]) => T
  readonly list: () => readonly { readonly values: readonly string[]; readonly kept: T }[]
}

type Branch<T> = { readonly branches: Map<string, Branch<T>>; kept: T | undefined }

/** A tree with one level for each label: to make one text of the values for every look costs more than the looks. */
export const createByLabels = <T>(make: () => T): ByLabels<T> => {
  const root = createBranch<T>()
  const all: { readonly values: readonly string[]; readonly kept: T }[] = []
  return {
    at: (values) => {
      let branch = root
      for (const value of values) branch = branch.branches.get(value) ?? grow(branch, value)
      if (branch.kept === undefined) {
        branch.kept = make()
        all.push({ values, kept: branch.kept })
      }
      return branch.kept
    },
    list: () => all,
  }
}

const createBranch = <T>(): Branch<T> => ({ branches: new Map(), kept: undefined })

const grow = <T>(branch: Branch<T>, value: string): Branch<T> => {
  const grown = createBranch<T>()
  branch.branches.set(value, grown)
  return grown
}
