import type { EventPageRequest } from '../../../../core/event-query.ts'
import { failed, success } from '../../../../core/failure.ts'
import type { Result } from '../../../../core/failure.ts'
import { pageCharactersMax } from '../../../../core/limits.ts'
import type { EventRow } from '../../events/decode-event.ts'
import { mergeLanes } from './merge-lanes.ts'
import type { Found } from './merge-lanes.ts'
import type { PartView, Place, Walk } from './part-view.ts'
import { skipAhead } from './skip-ahead.ts'

/** Rows in the order of the list, and whether it goes on behind them. */
export type RowPage = { readonly rows: readonly EventRow[]; readonly more: boolean }

/** So many elements are skipped by walking over them; beyond, by counting. */
export const walkedElementsMax = 1_000

/** One element more than asked for says whether the list goes on; it is no part of the page. */
export const readPage = (
  views: readonly PartView[],
  { filter, order, position, size }: EventPageRequest,
  walkedMax: number,
): Result<RowPage> => {
  const list = { time: filter.time, isAscending: order === 'oldest-first' }
  if (position.from === 'before') return readBefore(views, { ...list, place: position }, size)
  const place = position.from === 'after' ? position : undefined
  const start = { ...list, walkedMax, skip: position.from === 'start' ? position.skip : 0 }
  const ahead = skipAhead(views, start)
  if (ahead === undefined) return success({ rows: [], more: false })
  const walk = { ...list, time: ahead.time, place }
  const found = mergeLanes(views, walk, { skip: ahead.skip, max: size + 1 })
  return pageOf(found.slice(0, size), found.length > size)
}

/** Walked the other way round; the list goes on when anything stands at the place or behind it. */
const readBefore = (
  views: readonly PartView[],
  list: Walk & { readonly place: Place },
  size: number,
): Result<RowPage> => {
  const { isAscending, place } = list
  const back = { ...list, isAscending: !isAscending }
  const found = mergeLanes(views, back, { skip: 0, max: size })
  const justBefore = { timeMs: place.timeMs, id: place.id + (isAscending ? -1 : 1) }
  const on = mergeLanes(views, { ...list, place: justBefore }, { skip: 0, max: 1 })
  return pageOf(found.toReversed(), on.length > 0)
}

const pageOf = (found: readonly Found[], more: boolean): Result<RowPage> => {
  const rows: EventRow[] = []
  let characters = 0
  for (const { view, id } of found) {
    const row = view.row(id)
    if (row === undefined) throw new Error(`event ${id} is in an index, but not in its table`)
    rows.push(row)
    characters += charactersOf(row)
    if (characters > pageCharactersMax) return tooLarge
  }
  return success({ rows, more })
}

const tooLarge = failed({ kind: 'too-large', bytesMax: pageCharactersMax })

const charactersOf = (row: EventRow): number => row[3].length + row[9].length
