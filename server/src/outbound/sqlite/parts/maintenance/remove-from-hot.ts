import { deletionSliceEventsMax, deletionSliceLooksMax } from '../../../../core/limits.ts'
import { isInRange } from '../../../../core/event-query.ts'
import type { EventFilter } from '../../../../core/event-query.ts'
import type { Columns } from '../between-threads/columns.ts'
import type { HeadPart } from '../head/head-part.ts'
import type { Job } from '../head/jobs.ts'
import { matchesRow } from '../tables/part-row.ts'

/** How far a deletion has come in the hot part. Entries behind it are younger than the deletion, or will be. */
export type HotWalk = { readonly job: number; readonly part: number; readonly at: number }

type Slice = {
  readonly at: number
  readonly isEnd: boolean
  readonly removed: number
}

/** Removes the next rows that the job covers, up to a bounded cost. In a transaction. */
export const removeFromHot = (
  hot: HeadPart,
  { job, walk, version }: { readonly job: Job; readonly walk: HotWalk; readonly version: number },
): Slice => {
  const isCandidate = candidates(hot, job)
  const needsRow = job.filter.fragmentType !== undefined || job.filter.text !== undefined
  const length = hot.length()
  const lookedMax = walk.at + deletionSliceLooksMax
  let [at, removed, fetched] = [walk.at, 0, 0]
  while (at < length && at < lookedMax && removed < deletionSliceEventsMax) {
    const position = at
    at += 1
    if (!isCandidate(position)) continue
    const id = hot.columns.ids[position] ?? 0
    if (needsRow) {
      fetched += 1
      const row = hot.find(job.tenant, id)
      if (fetched > deletionSliceEventsMax) return { at: position, isEnd: false, removed }
      if (!row || !matchesRow(job.filter, row)) continue
    }
    hot.remove(id, version)
    removed += 1
  }
  return { at, isEnd: at >= length, removed }
}

/** What the columns say about an entry: all of the filter but its fragments and its text. */
const candidates = (hot: HeadPart, { id, tenant, filter }: Job): ((at: number) => boolean) => {
  const { columns } = hot
  const type = filter.type === undefined ? undefined : hot.findType(filter.type)
  const sources = filter.sources && new Set<number>(filter.sources)
  if (filter.type !== undefined && type === undefined) return () => false
  const isInRanges = ranges(columns, filter)
  return (at) =>
    columns.gone[at] === 0 &&
    columns.tenants[at] === tenant &&
    (columns.changes[at] ?? 0) <= id &&
    (type === undefined || columns.types[at] === type) &&
    (sources === undefined || sources.has(columns.sources[at] ?? 0)) &&
    isInRanges(at)
}

const ranges =
  (
    { times, creations, updates }: Columns,
    { time, creation, lastUpdated }: EventFilter,
  ): ((at: number) => boolean) =>
  (at) =>
    isInRange(time, times[at] ?? 0) &&
    isInRange(creation, creations[at] ?? 0) &&
    isInRange(lastUpdated, updates[at] ?? 0)
