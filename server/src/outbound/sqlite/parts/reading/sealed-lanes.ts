import type { EventFilter, InstantRange } from '../../../../core/event-query.ts'
import { ownNamesShape } from '../tables/part-schema.ts'
import { allOf, rangeConditions, sourceConditions } from '../tables/part-conditions.ts'
import type { Condition } from '../tables/part-conditions.ts'
import { intersect, isEmpty } from './part-view.ts'
import type { Lane, Place, Times, Walk } from './part-view.ts'
import { indexFor, wantedRows } from './sealed-rows.ts'
import type { SealedRows } from './sealed-rows.ts'
import { readMatchingShapes } from './shape-groups.ts'

/** Up to so many sources are walked each by its own index; more are picked out of a walk over all events. */
const walkedSourcesMax = 100

/** A fragment is looked for shape by shape, if they are so few. */
const walkedShapesMax = 64

/** The walks that together find what is wanted of a sealed part. */
export const sealedLanes = (rows: SealedRows, walk: Walk): readonly Lane[] => {
  const { sources, type, fragmentType } = rows.filter
  if (sources && sources.length > 1 && sources.length <= walkedSourcesMax) {
    return sourceLanes(rows, walk, sources)
  }
  const isByTime = sources === undefined && type === undefined
  const byShape = isByTime && fragmentType !== undefined ? shapeLanes(rows, walk) : undefined
  return (
    byShape ?? [
      createLane({ rows, walk, index: indexFor(rows.filter), more: [] }, rows.rollup.times),
    ]
  )
}

const sourcesSql = `select e.source as source, e.min_time_ms as minMs, e.max_time_ms as maxMs
  from source_rollup e where e.tenant = ? and `

const sourceLanes = (
  rows: SealedRows,
  walk: Walk,
  sources: NonNullable<EventFilter['sources']>,
): readonly Lane[] => {
  const { tenant, statements, filter } = rows
  const among = allOf(sourceConditions(sources))
  const { sources: _, ...others } = filter
  return statements
    .objects<Times & { readonly source: number }>(sourcesSql + among.sql)
    .all(tenant, ...among.values)
    .map(({ source, ...times }) => {
      const more = [{ sql: 'e.source = ?', values: [source] }]
      return createLane(
        { rows: { ...rows, filter: others }, walk, index: 'event_by_source', more },
        times,
      )
    })
}

/** Undefined when there are too many shapes: then rows that have the fragment are met soon by a walk over all. */
const shapeLanes = (rows: SealedRows, walk: Walk): readonly Lane[] | undefined => {
  const { statements, tenant, rollup, filter } = rows
  const groups =
    rollup.shapes ?? readMatchingShapes(statements, tenant, rollup.conditions, walkedShapesMax)
  if (groups === undefined || groups.length > walkedShapesMax) return undefined
  const { fragmentType: _, ...others } = filter
  return groups.map(({ shape, ...times }) => {
    // The shape says that the fragment is there, unless the row has names of its own or its value matters.
    const isSaid = shape !== ownNamesShape && filter.fragmentValue === undefined
    const more = [{ sql: 'e.shape = ?', values: [shape] }]
    const walked = isSaid ? { ...rows, filter: others } : rows
    return createLane({ rows: walked, walk, index: 'event_by_shape', more }, times)
  })
}

type LaneParts = {
  readonly rows: SealedRows
  readonly walk: Walk
  readonly index: string
  /** Conditions that keep to this lane. */
  readonly more: readonly Condition[]
}

const createLane = (parts: LaneParts, times: Times): Lane => {
  const { dead } = parts.rows
  let { place } = parts.walk
  let isDone = false
  return {
    times,
    next: (max) => {
      while (!isDone) {
        const places = readPlaces(parts, place, max)
        isDone = places.length < max
        place = places.at(-1) ?? place
        const alive = dead.rows === 0 ? places : places.filter((found) => !dead.has(found))
        if (alive.length > 0) return alive
      }
      return []
    },
  }
}

/**
 * Behind a place there are two walks, over the rest of its very instant and over what comes after, because an index
 * can start in the middle of one instant only when the instant is given.
 */
const readPlaces = (parts: LaneParts, place: Place | undefined, max: number): readonly Place[] => {
  const { time, isAscending } = parts.walk
  if (place === undefined) return select(parts, time, [], max)
  const { timeMs, id } = place
  const instant = intersect(time, { fromMs: timeMs, toMs: timeMs + 1 })
  const behind = [
    { sql: 'e.time_ms = ?', values: [timeMs] },
    { sql: `e.id ${isAscending ? '>' : '<'} ?`, values: [id] },
  ]
  const sameTime = isEmpty(instant) ? [] : select(parts, undefined, behind, max)
  if (sameTime.length === max) return sameTime
  const rest = intersect(time, isAscending ? { fromMs: timeMs + 1 } : { toMs: timeMs })
  if (isEmpty(rest)) return sameTime
  return [...sameTime, ...select(parts, rest, [], max - sameTime.length)]
}

const select = (
  { rows, walk, index, more }: LaneParts,
  time: InstantRange | undefined,
  places: readonly Condition[],
  max: number,
): readonly Place[] => {
  const all = allOf([
    wantedRows(rows, undefined),
    ...more,
    ...rangeConditions('e.time_ms', time),
    ...places,
  ])
  const direction = walk.isAscending ? 'asc' : 'desc'
  const sql = `select e.time_ms as timeMs, e.id as id from event e indexed by ${index}
    where ${all.sql} order by e.time_ms ${direction}, e.id ${direction} limit ?`
  return rows.statements.objects<Place>(sql).all(...all.values, max)
}
