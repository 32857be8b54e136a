import type { Database } from 'better-sqlite3'
import { nextId } from '../../../../core/event-id.ts'

/** The head's only row of numbers, as the transaction under way sees them. */
export type Counter = {
  /** The next id, receipt, change or job. */
  readonly take: (nowMs: number) => number
  /** The number of the commit under way; in force when it succeeds. */
  readonly version: () => number
  readonly catalogue: () => number
  /** What parts there are, or what is dead in them, changes with this commit. */
  readonly changeCatalogue: () => void
  /** Rows of older parts die with this commit: the catalogue, which counts them, changes once for all of them. */
  readonly noteDeaths: () => void
  /** A number that no part ever had; kept with the next commit, and not given again whatever becomes of that. */
  readonly takePart: () => number
  /** The last thing in every transaction. */
  readonly save: () => void
  readonly committed: () => void
  /** After a rollback. */
  readonly forget: () => void
}

type Row = {
  readonly highWater: number
  readonly version: number
  readonly catalogue: number
  readonly parts: number
}

export const createCounter = (head: Database): Counter => {
  const read = head.prepare<[], Row>(
    'select high_water as highWater, version, catalogue, parts from counter',
  )
  const write = head.prepare<[number, number, number, number]>(
    'update counter set high_water = ?, version = ?, catalogue = ?, parts = ?',
  )
  let { highWater, version, catalogue, parts } = existing(read.get())
  let hasDeaths = false
  return {
    take: (nowMs) => {
      highWater = nextId(highWater, nowMs)
      return highWater
    },
    version: () => version + 1,
    catalogue: () => catalogue,
    changeCatalogue: () => {
      catalogue += 1
    },
    noteDeaths: () => {
      hasDeaths = true
    },
    takePart: () => {
      parts += 1
      return parts
    },
    save: () => {
      if (hasDeaths) catalogue += 1
      hasDeaths = false
      write.run(highWater, version + 1, catalogue, parts)
    },
    committed: () => {
      version += 1
    },
    forget: () => {
      hasDeaths = false
      ;({ highWater, version, catalogue } = existing(read.get()))
    },
  }
}

const existing = (row: Row | undefined): Row => {
  if (!row) throw new Error('the head has a counter')
  return row
}
