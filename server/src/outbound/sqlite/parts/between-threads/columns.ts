/**
 * The numbers of one part's rows that queries filter on, in shared memory: the writer adds to them, readers
 * scan them instead of an index. Entry `n` of each array belongs to the row appended as number `n`.
 *
 * An entry is visible to a snapshot of version `v` when `added[n] <= v` and `gone[n]` is 0 or above `v`. The
 * writer fills entries before the commit whose number they carry and then publishes `length`; a reader begins its
 * snapshot first and takes `length` second, so it has all entries that it may see, and may have some more, which it
 * leaves out by their version. When a commit fails, the writer takes its entries back.
 */
export type Columns = {
  readonly capacity: number
  readonly ids: Float64Array
  readonly sources: Float64Array
  readonly times: Float64Array
  readonly creations: Float64Array
  /** Creation time until the first update. */
  readonly updates: Float64Array
  /** The number of the last change: the id until the first update. */
  readonly changes: Float64Array
  /** Commits: the one that added the entry, and the one from which it is gone; 0 while it is not. */
  readonly added: Float64Array
  readonly gone: Float64Array
  readonly tenants: Int32Array
  readonly types: Int32Array
  readonly shapes: Int32Array
  /** `[length]`: entries published so far. */
  readonly published: Int32Array
}

/** One for each slot, made once when the store opens and given to every thread. */
export type ColumnMemory = { readonly capacity: number; readonly buffer: SharedArrayBuffer }

const numbers64 = 8
const numbers32 = 3
const bytesPerEntry = numbers64 * 8 + numbers32 * 4
/** Room for `published`, and for the alignment of what follows. */
const headBytes = 8

/** Untouched memory costs nothing, so that capacity may be generous. */
export const createColumnMemory = (capacity: number): ColumnMemory => ({
  capacity: capacity + (capacity % 2),
  buffer: new SharedArrayBuffer(headBytes + (capacity + (capacity % 2)) * bytesPerEntry),
})

/** The arrays of a slot, as every thread sees them. */
export const openColumns = ({ capacity, buffer }: ColumnMemory): Columns => {
  let at = headBytes
  const doubles = (): Float64Array => {
    const array = new Float64Array(buffer, at, capacity)
    at += capacity * 8
    return array
  }
  const integers = (): Int32Array => {
    const array = new Int32Array(buffer, at, capacity)
    at += capacity * 4
    return array
  }
  return {
    capacity,
    published: new Int32Array(buffer, 0, 1),
    ids: doubles(),
    sources: doubles(),
    times: doubles(),
    creations: doubles(),
    updates: doubles(),
    changes: doubles(),
    added: doubles(),
    gone: doubles(),
    tenants: integers(),
    types: integers(),
    shapes: integers(),
  }
}

/** How many entries are published. */
export const lengthOf = ({ published }: Columns): number => Atomics.load(published, 0)

/** Lets readers see so many entries; which of them are in force, their versions say. */
export const publish = ({ published }: Columns, length: number): void => {
  Atomics.store(published, 0, length)
}

/** What `keepVisible` in columns-selection.ts says, of one entry. */
export const isVisibleAt = (columns: Columns, at: number, version: number): boolean => {
  const gone = columns.gone[at] ?? 0
  return (columns.added[at] ?? Infinity) <= version && (gone === 0 || gone > version)
}

/** Parts without a file have a slot each; beyond, the hot part grows up to its capacity (`part.slot`). */
export const columnSlots = 3
