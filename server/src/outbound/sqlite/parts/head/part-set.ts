import type { Database } from 'better-sqlite3'
import { createReadCatalogue } from '../tables/catalogue.ts'
import type { Catalogue, Part } from '../tables/catalogue.ts'
import { openColumns, publish } from '../between-threads/columns.ts'
import type { ColumnMemory } from '../between-threads/columns.ts'
import type { Counter } from './counter.ts'
import type { DeadRows } from './dead-rows.ts'
import { createHeadPart } from './head-part.ts'
import type { HeadPart } from './head-part.ts'
import type { PartSummary } from '../between-threads/janitor-messages.ts'
import { createPartTables, headTables } from '../tables/part-schema.ts'

/**
 * Which parts there are, for the writer. States of a part, each reached by one transaction of the head, which the
 * memory here follows when it has succeeded:
 *
 * - `hot`: rows in tables of the head, columns in a slot; events are appended, changed and deleted there. Exactly
 *   one part is hot at any time.
 * - `closed`: as before, but no row changes any more; what goes is listed as dead (`rollOver` closes a part).
 * - `sealed`: rows in a file of its own, which never changes (`seal`, or `add` for one that was made of others). Worn is
 *   one of which so much is dead that it will be written anew under another number, small one that becomes a new part
 *   together with its neighbours (maintenance.ts).
 * - Gone: not in the catalogue (`remove`); its file is removed when no reader needs it.
 *
 * Bounds: a slot for each part that is hot or closed, so at most `columnSlots` of them; entries of the hot part up to
 * the capacity of its columns. Numbers are given once and for ever (`Counter.takePart`).
 */
export type PartSet = {
  readonly hot: () => HeadPart
  /** Closed parts, the newest first. */
  readonly closed: () => readonly HeadPart[]
  /** Inside a transaction what it has changed so far. */
  readonly catalogue: () => Catalogue
  /** Another number whenever sealed parts may have come or gone. */
  readonly changes: () => number
  /** Closes the hot part and begins another one in the slot. In a transaction. */
  readonly rollOver: (slot: number) => void
  /** The closed part has a file now. In a transaction. */
  readonly seal: (part: number, summary: PartSummary) => void
  /** A part that has a file takes its place in the catalogue. In a transaction. */
  readonly add: (part: number, summary: PartSummary) => void
  /** In a transaction. */
  readonly remove: (part: number) => void
  readonly publish: () => void
  readonly committed: () => void
  readonly takeBack: () => void
}

export type PartSetParts = {
  readonly head: Database
  readonly counter: Counter
  readonly dead: DeadRows
  readonly memory: readonly ColumnMemory[]
  /** Whether to know what each tenant has in parts without a file. */
  readonly weighsTenants: boolean
}

export const createPartSet = (parts: PartSetParts): PartSet => {
  const { head, counter } = parts
  const sql = prepare(head)
  let readCatalogue = createReadCatalogue(head)
  const catalogue = (): Catalogue => readCatalogue(counter.catalogue())
  let headParts = openHeadParts(parts, catalogue().parts)
  /** What becomes of `headParts` when the transaction under way succeeds. */
  let next: (() => readonly HeadPart[]) | undefined
  let changes = 0
  const writeSummary = (part: number, summary: PartSummary): void => {
    changes += 1
    sql.summary.run({ ...summary, number: part })
    counter.changeCatalogue()
  }
  const hot = (): HeadPart => {
    const [first] = headParts
    if (!first) throw new Error('there is always a hot part')
    return first
  }
  return {
    hot,
    closed: () => headParts.slice(1),
    catalogue,
    changes: () => changes,
    rollOver: (slot) => {
      const number = counter.takePart()
      // Before the commit: whoever sees the new part must not find in its slot what an older part left there.
      emptySlot(parts.memory, slot)
      beginPart(head, number, slot)
      sql.state.run('closed', hot().number)
      counter.changeCatalogue()
      next = () => [openHeadPart(parts, { number, slot }), ...headParts]
    },
    seal: (part, summary) => {
      sql.state.run('sealed', part)
      writeSummary(part, summary)
      next = () => headParts.filter(({ number }) => number !== part)
    },
    add: (part, summary) => {
      sql.add.run(part, 'sealed', 0)
      writeSummary(part, summary)
    },
    remove: (part) => {
      changes += 1
      sql.remove.run(part)
      counter.changeCatalogue()
    },
    publish: () => {
      for (const part of headParts) part.publish()
    },
    committed: () => {
      for (const part of headParts) part.committed()
      if (next) headParts = next()
      next = undefined
    },
    takeBack: () => {
      next = undefined
      readCatalogue = createReadCatalogue(head)
      for (const part of headParts) part.takeBack()
    },
  }
}

const emptySlot = (memory: readonly ColumnMemory[], slot: number): void => {
  const columns = memory[slot]
  if (columns) publish(openColumns(columns), 0)
}

/** The very first part of a new head. In a transaction. */
export const beginFirstPart = (head: Database): void => {
  const parts = head.prepare<[], number>('select count(*) from part').pluck().get()
  if (parts !== 0) return
  head.exec('update counter set parts = 1')
  beginPart(head, 1, 0)
}

const addSql = 'insert into part (number, state, slot) values (?, ?, ?)'

const beginPart = (head: Database, number: number, slot: number): void => {
  head.prepare(addSql).run(number, 'hot', slot)
  head.exec(createPartTables(headTables(number)))
}

const prepare = (head: Database) => ({
  add: head.prepare<[number, string, number]>(addSql),
  state: head.prepare<[string, number]>('update part set state = ? where number = ?'),
  remove: head.prepare<[number]>('delete from part where number = ?'),
  summary: head.prepare<[PartSummary & { readonly number: number }]>(
    `update part set rows = @rows, unique_rows = @uniqueRows, bytes = @bytes, min_id = @minId,
      max_id = @maxId, max_changed = @maxChanged, min_creation_ms = @minCreationMs,
      max_creation_ms = @maxCreationMs, min_time_ms = @minTimeMs, max_time_ms = @maxTimeMs,
      outliers = @outliers where number = @number`,
  ),
})

/** The newest first, so that the hot one leads. */
const openHeadParts = (parts: PartSetParts, catalogue: readonly Part[]): readonly HeadPart[] =>
  catalogue
    .filter(({ state }) => state !== 'sealed')
    .map((part) => openHeadPart(parts, part))
    .toReversed()

const openHeadPart = (
  { head, dead, memory, weighsTenants }: PartSetParts,
  place: { readonly number: number; readonly slot: number },
): HeadPart => {
  const slot = memory[place.slot]
  if (!slot) throw new Error(`there is no slot ${place.slot} for part ${place.number}`)
  const part = createHeadPart(head, { ...place, weighsTenants }, openColumns(slot))
  for (const id of dead.idsOf(place.number)) part.hide(id, hiddenVersion)
  part.committed()
  return part
}

/** What was dead before is dead to every snapshot. */
const hiddenVersion = 1
