import type { Database } from 'better-sqlite3'
import { deadRowsSliceMax } from '../../../../core/limits.ts'
import { dropPartTables, headTables } from '../tables/part-schema.ts'
import type { StoreState } from '../head/store-state.ts'

/**
 * What the head need not keep any more: rows of parts that have a file, and the dead of parts that are gone.
 *
 * Tables go whole: that takes a sixth of the time that their rows take slice by slice, and their pages become free in the
 * order in which the next part fills them. Slices that alternate with writes shuffle that order, from part to part
 * more, until each checkpoint writes single pages all over the file. Only tables so large that commits would wait for long
 * go slice by slice, and those that a start finds: their pages have to come from the disk.
 */
export type Leftovers = {
  /** The part has its file now, and tables that weigh about so much. */
  readonly add: (part: number, headBytes: number) => void
  /** The tables of a part, or one slice; false when nothing is left over. */
  readonly step: () => boolean
}

/**
 * What tables that go in one step weigh at most, a character as one byte: it takes some 40 ms, as a checkpoint does. A
 * part of 125,000 events weighs as much when they have 480 characters each. Digests take a quarter more, other scripts up
 * to three times as long, names of types that are all different four times.
 */
export const wholeBytesMax = 64 * 1024 * 1024

export const createLeftovers = (state: StoreState): Leftovers => {
  const { head, dead, commitUnsynced, parts } = state
  /** What `parts.changes` was when nothing was left over: only a part that goes leaves dead rows behind. */
  let clearAt: number | undefined
  const found = findLeftTables(head, new Set(unsealed(parts.catalogue().parts)))
  const sealed: LeftTables[] = found.map((part) => ({ part, isWhole: false }))
  return {
    add: (part, headBytes) => {
      sealed.push({ part, isWhole: headBytes <= wholeBytesMax })
    },
    step: () => {
      const [left] = sealed
      if (left) {
        const { part, isWhole } = left
        if (commitUnsynced(() => (isWhole ? dropTables(head, part) : removeRows(head, part)))) {
          sealed.shift()
        }
        return true
      }
      const changes = parts.changes()
      if (clearAt === changes) return false
      const unnamed = dead.findLeft()
      if (unnamed === undefined) {
        clearAt = changes
        return false
      }
      commitUnsynced(() => dead.removeSlice(unnamed, deadRowsSliceMax))
      return true
    },
  }
}

type LeftTables = { readonly part: number; readonly isWhole: boolean }

const unsealed = (
  parts: readonly { readonly number: number; readonly state: string }[],
): readonly number[] => parts.filter(({ state }) => state !== 'sealed').map(({ number }) => number)

/** Tables of parts that were sealed just before a stop. */
const findLeftTables = (head: Database, kept: ReadonlySet<number>): number[] =>
  head
    .prepare<[], string>(
      "select name from sqlite_schema where type = 'table' and name glob 'event_[0-9]*'",
    )
    .pluck()
    .all()
    .map((name) => Number(name.slice('event_'.length)))
    .filter((part) => !kept.has(part))

const dropTables = (head: Database, part: number): true => {
  head.exec(dropPartTables(headTables(part)))
  return true
}

/** Removes the next rows; with the last of them the tables, and answers true. */
const removeRows = (head: Database, part: number): boolean => {
  const tables = headTables(part)
  const removed = head
    .prepare<[number]>(
      `delete from ${tables.event} where id <= coalesce(
        (select id from ${tables.event} order by id limit 1 offset ?), 9007199254740991)`,
    )
    .run(deadRowsSliceMax).changes
  return removed > deadRowsSliceMax ? false : dropTables(head, part)
}
