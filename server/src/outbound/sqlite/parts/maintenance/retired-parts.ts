import { unlinkedTogetherMax } from '../../../../core/limits.ts'
import { isPast } from '../between-threads/snapshots.ts'
import type { SnapshotMemory } from '../between-threads/snapshots.ts'
import type { StoreState } from '../head/store-state.ts'

/**
 * Parts that are in the catalogue no more, and their files, which go when no reader and no backup looks at them any
 * longer, and when the commit that took them out cannot be undone by a crash.
 */
export type RetiredParts = {
  /** Parts that the catalogue named up to this version. */
  readonly add: (parts: readonly number[], version: number) => void
  /** Takes parts of which nothing is left out of the catalogue. */
  readonly retireEmpty: () => void
  /** Those whose files may go now, as many as go together. */
  readonly removable: () => readonly number[]
  readonly removed: (parts: readonly number[]) => void
  readonly areThere: () => boolean
}

export type RetiredPartsConfig = {
  readonly snapshots: SnapshotMemory
  /** Marked while files of parts are copied: none is removed then. */
  readonly copying: SnapshotMemory
}

type Retired = { readonly part: number; readonly version: number }

export const createRetiredParts = (
  { snapshots, copying }: RetiredPartsConfig,
  state: StoreState,
): RetiredParts => {
  let retired: readonly Retired[] = []
  const add = (parts: readonly number[], version: number): void => {
    for (const part of parts) state.connections.forget(part)
    retired = [...retired, ...parts.map((part) => ({ part, version }))]
  }
  return {
    add,
    retireEmpty: () => {
      const empty = findEmpty(state)
      if (empty.length === 0) return
      const version = state.counter.version()
      state.commit(() => {
        for (const part of empty) state.parts.remove(part)
      })
      add(empty, version)
    },
    removable: () =>
      retired
        .filter(
          ({ version }) =>
            version < state.doubtfulFrom() &&
            isPast(snapshots, version) &&
            isPast(copying, version),
        )
        .slice(0, unlinkedTogetherMax)
        .map(({ part }) => part),
    removed: (parts) => {
      const gone = new Set(parts)
      retired = retired.filter(({ part }) => !gone.has(part))
    },
    areThere: () => retired.length > 0,
  }
}

const findEmpty = ({ parts }: StoreState): readonly number[] =>
  parts
    .catalogue()
    .parts.filter(({ state, rows, deadRows }) => state === 'sealed' && deadRows >= rows)
    .map(({ number }) => number)
