import type { EventFilter } from '../../../../core/event-query.ts'
import type { BloomFilter } from './bloom-filter.ts'

/**
 * What the writer asks of the janitor, one task at a time, over a port of their own. The janitor writes
 * part files only and reads the head; the writer alone puts results into force.
 */
export type JanitorTask =
  /** Build the file of a closed part from its tables in the head. */
  | ({ readonly kind: 'seal'; readonly part: number } & FileBound)
  /** Build the file of part `into` from the rows of a sealed part that are not dead, nor covered by a deletion. */
  | ({
      readonly kind: 'rewrite'
      readonly part: number
      readonly into: number
      readonly covered?: CoveredRows
    } & FileBound)
  /** Build the file of part `into` from the rows of several sealed parts that are not dead. */
  | ({
      readonly kind: 'merge'
      readonly parts: readonly number[]
      readonly into: number
    } & FileBound)
  /** Find the rows of a sealed part that a deletion covers; of more than `namedMax` only how many they are. */
  | {
      readonly kind: 'match'
      readonly part: number
      readonly covered: CoveredRows
      readonly namedMax: number
    }
  /** Make the filter of a sealed part's events with a digest (unique-filters.ts). */
  | { readonly kind: 'sift'; readonly part: number }
  /** Remove the files of parts that no catalogue and no reader knows any more. */
  | { readonly kind: 'unlink'; readonly parts: readonly number[] }

/** The largest size of the new file in bytes, where space is short; beyond, it is refused as on a full disk. */
type FileBound = { readonly bytesMax?: number }

/** What a deletion covers: its tenant's rows that match and were last changed not after `job`, its number. */
export type CoveredRows = {
  readonly job: number
  readonly tenant: number
  readonly filter: EventFilter
}

/** What a deletion asks of one part. */
export type MatchTask = Extract<JanitorTask, { kind: 'match' }>

/** Each task has exactly one answer; `built` answers all kinds of building. */
export type JanitorAnswer =
  | {
      readonly kind: 'built'
      readonly part: number
      readonly summary: PartSummary
      /** The version of the head that the rows were read at. */
      readonly version: number
      /** Rows that were not dead then and are left out all the same, because a deletion covers them. */
      readonly coveredRows: number
    }
  | { readonly kind: 'matched'; readonly matches: Matches }
  | { readonly kind: 'sifted'; readonly part: number; readonly filter: BloomFilter }
  | { readonly kind: 'unlinked' }
  /** The storage refused; nothing has happened. `isFull`: for want of space, so it may work later. */
  | { readonly kind: 'refused'; readonly isFull: boolean; readonly cause: string }

/** The catalogue row of a new file. */
export type PartSummary = {
  readonly rows: number
  readonly uniqueRows: number
  /** The size of the file. */
  readonly bytes: number
  readonly minId: number
  readonly maxId: number
  readonly maxChanged: number
  readonly minCreationMs: number
  readonly maxCreationMs: number
  readonly minTimeMs: number
  readonly maxTimeMs: number
  /** As it goes into the catalogue. */
  readonly outliers: string | null
}

/** `all`: everything that the tenant still has in the part. Otherwise the rows, unless too many; dead ones are left out. */
export type Matches =
  | { readonly kind: 'all'; readonly rows: number }
  | { readonly kind: 'many'; readonly rows: number }
  | {
      readonly kind: 'rows'
      readonly ids: Float64Array
      readonly times: Float64Array
      readonly sources: Float64Array
      readonly types: Int32Array
      readonly shapes: Int32Array
    }
