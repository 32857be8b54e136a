import { publish } from '../between-threads/columns.ts'
import type { Columns } from '../between-threads/columns.ts'

/** What an entry of the columns says. */
export type Entry = {
  readonly id: number
  readonly tenant: number
  readonly source: number
  readonly type: number
  readonly shape: number
  readonly timeMs: number
  readonly creationMs: number
  readonly lastUpdatedMs: number
  readonly changed: number
}

/**
 * The writer's side of a part's columns. Entries and marks belong to the commit under way until `committed`;
 * `takeBack` undoes them.
 */
export type ColumnWriter = {
  readonly length: () => number
  /** Answers the position. `version`: the commit that adds the entry. */
  readonly append: (entry: Entry, version: number) => number
  readonly entryAt: (position: number) => Entry
  readonly markGone: (position: number, version: number) => void
  /** Where the living entry of an id is. */
  readonly positionOf: (id: number) => number | undefined
  /** Before the commit: readers that see it find its entries. */
  readonly publish: () => void
  readonly committed: () => void
  /** After a rollback; answers how many entries there are again. */
  readonly takeBack: () => number
}

export const createColumnWriter = (columns: Columns): ColumnWriter => {
  /**
   * The highest id up to each position: ascending, so it can be searched although moved rows have older ids. It grows with
   * the part, because few become as large as columns may: what is freed and taken again costs all of its size.
   */
  let ceilings = new Float64Array(Math.min(firstCeilings, columns.capacity))
  /** Entries with an id below an earlier one: of events that came back because they were changed. */
  const moved = new Map<number, number>()
  const marks: number[] = []
  let length = 0
  let committed = 0
  publish(columns, 0)
  const isAlive = (position: number | undefined): position is number =>
    position !== undefined && position < length && columns.gone[position] === 0
  const takeBack = (): number => {
    for (let at = length - 1; at >= committed; at -= 1) moved.delete(columns.ids[at] ?? 0)
    for (const position of marks.splice(0)) {
      columns.gone[position] = 0
      if (position < committed && isBelowCeiling(columns, ceilings, position)) {
        moved.set(columns.ids[position] ?? 0, position)
      }
    }
    length = committed
    publish(columns, length)
    return length
  }
  return {
    length: () => length,
    append: (entry, version) => {
      const position = length
      // A write beyond the end of a typed array vanishes without a word.
      if (position >= columns.capacity) throw new Error('a part has outgrown its columns')
      write(columns, position, entry, version)
      if (position >= ceilings.length) ceilings = grown(ceilings, columns.capacity)
      const ceiling = position === 0 ? 0 : (ceilings[position - 1] ?? 0)
      ceilings[position] = Math.max(ceiling, entry.id)
      if (entry.id <= ceiling) moved.set(entry.id, position)
      length += 1
      return position
    },
    entryAt: (position) => read(columns, position),
    markGone: (position, version) => {
      columns.gone[position] = version
      marks.push(position)
    },
    positionOf: (id) => {
      const position = moved.get(id) ?? search(columns, ceilings, length, id)
      return isAlive(position) ? position : undefined
    },
    publish: () => publish(columns, length),
    committed: () => {
      committed = length
      marks.length = 0
    },
    takeBack,
  }
}

const firstCeilings = 16_384

const grown = (array: Float64Array, lengthMax: number): Float64Array<ArrayBuffer> => {
  const larger = new Float64Array(Math.min(2 * array.length, lengthMax))
  larger.set(array)
  return larger
}

const isBelowCeiling = (columns: Columns, ceilings: Float64Array, position: number): boolean =>
  position > 0 && (columns.ids[position] ?? 0) <= (ceilings[position - 1] ?? 0)

const write = (columns: Columns, at: number, entry: Entry, version: number): void => {
  columns.added[at] = version
  columns.gone[at] = 0
  columns.ids[at] = entry.id
  columns.sources[at] = entry.source
  columns.times[at] = entry.timeMs
  columns.creations[at] = entry.creationMs
  columns.updates[at] = entry.lastUpdatedMs
  columns.changes[at] = entry.changed
  columns.tenants[at] = entry.tenant
  columns.types[at] = entry.type
  columns.shapes[at] = entry.shape
}

const read = (columns: Columns, at: number): Entry => ({
  id: columns.ids[at] ?? 0,
  tenant: columns.tenants[at] ?? 0,
  source: columns.sources[at] ?? 0,
  type: columns.types[at] ?? 0,
  shape: columns.shapes[at] ?? 0,
  timeMs: columns.times[at] ?? 0,
  creationMs: columns.creations[at] ?? 0,
  lastUpdatedMs: columns.updates[at] ?? 0,
  changed: columns.changes[at] ?? 0,
})

/** The first position whose ceiling reaches the id is that of the id, if it came in order. */
const search = (
  { ids }: Columns,
  ceilings: Float64Array,
  length: number,
  id: number,
): number | undefined => {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ceilings[middle] ?? 0) < id) low = middle + 1
    else high = middle
  }
  return ids[low] === id ? low : undefined
}
