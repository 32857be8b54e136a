import type { EventFilter, InstantRange } from '../../../../core/event-query.ts'
import type { Columns } from '../between-threads/columns.ts'
import { ownNamesShape } from '../tables/part-schema.ts'
import type { Place } from './part-view.ts'

/** Positions of entries, gathered and thinned out in place: the first `count` of `list`. */
export type Selection = { readonly list: Int32Array; count: number }

/** A filter in the numbers of one part. */
export type NumberFilter = Pick<EventFilter, 'time' | 'creation' | 'lastUpdated'> & {
  readonly sources?: ReadonlySet<number>
  readonly type?: number
  /** Shapes that have the fragment; rows with names of their own come along, to be looked at. */
  readonly shapes?: ReadonlySet<number>
}

/**
 * All entries of the tenant that a snapshot of this version sees. Each pass is one plain loop over one array:
 * the pass that leaves least comes first.
 */
export const selectVisible = (
  columns: Columns,
  length: number,
  list: Int32Array,
  { tenant, version, filter }: { tenant: number; version: number; filter: NumberFilter },
): Selection => {
  const [source] = filter.sources?.size === 1 ? filter.sources : []
  const selection =
    source === undefined
      ? allEqual(columns.tenants, tenant, length, list)
      : allEqual(columns.sources, source, length, list)
  if (source !== undefined) keepEqual(selection, columns.tenants, tenant)
  if (filter.type !== undefined) keepEqual(selection, columns.types, filter.type)
  keepVisible(selection, columns, version)
  return selection
}

/** Leaves what matches, or may match when it has names of its own. */
export const keepMatching = (
  selection: Selection,
  columns: Columns,
  filter: NumberFilter,
): Selection => {
  if (filter.type !== undefined) keepEqual(selection, columns.types, filter.type)
  if (filter.sources) keepMembers(selection, columns.sources, filter.sources)
  keepRange(selection, columns.times, filter.time)
  keepRange(selection, columns.creations, filter.creation)
  keepRange(selection, columns.updates, filter.lastUpdated)
  if (filter.shapes) {
    keepMembers(selection, columns.shapes, new Set(filter.shapes).add(ownNamesShape))
  }
  return selection
}

export const keepChangedUpTo = (selection: Selection, columns: Columns, change: number): void => {
  keepRange(selection, columns.changes, { toMs: change + 1 })
}

/** Leaves what stands behind a place. */
export const keepBehind = (
  selection: Selection,
  { times, ids }: Columns,
  { timeMs, id }: Place,
  isAscending: boolean,
): void => {
  const { list } = selection
  const sign = isAscending ? 1 : -1
  let kept = 0
  for (let at = 0; at < selection.count; at += 1) {
    const entry = list[at] ?? 0
    const later = sign * ((times[entry] ?? 0) - timeMs)
    if (later < 0 || (later === 0 && sign * ((ids[entry] ?? 0) - id) <= 0)) continue
    list[kept] = entry
    kept += 1
  }
  selection.count = kept
}

/** Leaves what is not marked. */
export const keepUnmarked = (selection: Selection, marks: Uint8Array): void => {
  const { list } = selection
  let kept = 0
  for (let at = 0; at < selection.count; at += 1) {
    const entry = list[at] ?? 0
    if (marks[entry] === 1) continue
    list[kept] = entry
    kept += 1
  }
  selection.count = kept
}

type Numbers = Float64Array | Int32Array

const allEqual = (array: Numbers, value: number, length: number, list: Int32Array): Selection => {
  let count = 0
  for (let entry = 0; entry < length; entry += 1) {
    if (array[entry] !== value) continue
    list[count] = entry
    count += 1
  }
  return { list, count }
}

const keepEqual = (selection: Selection, array: Numbers, value: number): void => {
  const { list } = selection
  let kept = 0
  for (let at = 0; at < selection.count; at += 1) {
    const entry = list[at] ?? 0
    if (array[entry] !== value) continue
    list[kept] = entry
    kept += 1
  }
  selection.count = kept
}

/** Entries whose commit is not finished yet carry its number, which no snapshot has. */
const keepVisible = (selection: Selection, { added, gone }: Columns, version: number): void => {
  const { list } = selection
  let kept = 0
  for (let at = 0; at < selection.count; at += 1) {
    const entry = list[at] ?? 0
    const end = gone[entry] ?? 0
    if ((added[entry] ?? Infinity) > version || (end !== 0 && end <= version)) continue
    list[kept] = entry
    kept += 1
  }
  selection.count = kept
}

const keepMembers = (selection: Selection, array: Numbers, members: ReadonlySet<number>): void => {
  const { list } = selection
  let kept = 0
  for (let at = 0; at < selection.count; at += 1) {
    const entry = list[at] ?? 0
    if (!members.has(array[entry] ?? 0)) continue
    list[kept] = entry
    kept += 1
  }
  selection.count = kept
}

const keepRange = (
  selection: Selection,
  array: Float64Array,
  range: InstantRange | undefined,
): void => {
  const { fromMs = -Infinity, toMs = Infinity } = range ?? {}
  if (fromMs === -Infinity && toMs === Infinity) return
  const { list } = selection
  let kept = 0
  for (let at = 0; at < selection.count; at += 1) {
    const entry = list[at] ?? 0
    const value = array[entry] ?? 0
    if (value < fromMs || value >= toMs) continue
    list[kept] = entry
    kept += 1
  }
  selection.count = kept
}
