import type { Paging } from './decode-paging.ts'

/** One page of a list that is in memory as a whole, as `encodeCollection` takes it. */
export const pageOf = <T>(all: readonly T[], { currentPage, pageSize }: Paging): Page<T> => {
  const skip = (currentPage - 1) * pageSize
  return {
    elements: all.slice(skip, skip + pageSize),
    more: all.length > skip + pageSize,
    total: all.length,
  }
}

export type Page<T> = {
  readonly elements: readonly T[]
  readonly more: boolean
  readonly total: number
}
