import { uniqueFilterBytesMax } from '../../../../core/limits.ts'
import { bloomFilterBytes, mayHaveHash } from '../between-threads/bloom-filter.ts'
import type { BloomFilter } from '../between-threads/bloom-filter.ts'
import type { Catalogue, Part } from '../tables/catalogue.ts'

/**
 * What the writer knows by heart of the events with a digest in sealed parts, so that a new event is looked for only in
 * files that have one alike, however many parts its time could lie in. A part that is sealed brings its filter along (head-part.ts).
 * The janitor reads the others from their files, the newest first, when it has nothing else to do: after a start, a
 * rewrite or a merge a part is looked into until then.
 * Bound: `uniqueFilterBytesMax` for the filters of all parts; parts older than these are always looked into.
 */
export type UniqueFilters = {
  /** False when the part certainly has no such event. */
  readonly mayHave: (part: number, hash: number) => boolean
  /** The newest part whose filter is wanted and not there. */
  readonly missing: (catalogue: Catalogue) => number | undefined
  /** Of a part of this catalogue. */
  readonly add: (part: number, filter: BloomFilter, catalogue: Catalogue) => void
}

export const createUniqueFilters = (bytesMax = uniqueFilterBytesMax): UniqueFilters => {
  const filters = new Map<number, BloomFilter>()
  let settled: Catalogue | undefined
  /** The parts that are to have one; all others have none from now on. */
  const trim = (catalogue: Catalogue): ReadonlySet<number> => {
    const wanted = newestThatFit(catalogue, bytesMax)
    for (const part of filters.keys()) if (!wanted.has(part)) filters.delete(part)
    return wanted
  }
  return {
    mayHave: (part, hash) => {
      const filter = filters.get(part)
      return filter === undefined || mayHaveHash(filter, hash)
    },
    missing: (catalogue) => {
      if (catalogue === settled) return undefined
      for (const part of trim(catalogue)) if (!filters.has(part)) return part
      settled = catalogue
      return undefined
    },
    add: (part, filter, catalogue) => {
      filters.set(part, filter)
      trim(catalogue)
    },
  }
}

/** By their newest events: one that was written anew has a higher number than younger ones. */
const newestThatFit = ({ parts }: Catalogue, bytesMax: number): ReadonlySet<number> => {
  const fitting = new Set<number>()
  const newestFirst = parts
    .filter(isSifted)
    .toSorted((left, right) => right.maxId - left.maxId || right.number - left.number)
  let bytes = 0
  for (const part of newestFirst) {
    bytes += bloomFilterBytes(part.uniqueRows)
    if (bytes > bytesMax) break
    fitting.add(part.number)
  }
  return fitting
}

const isSifted = ({ state, uniqueRows }: Part): boolean => state === 'sealed' && uniqueRows > 0
