import type { Database } from 'better-sqlite3'
import type { EventFilter, InstantRange } from '../../../core/event-query.ts'
import { hasFragment, splitOwnNames } from './stored-fragments.ts'

/** A piece of SQL about `event e`, and what is bound to it. */
export type Condition = {
  readonly sql: string
  readonly values: readonly (string | number | null)[]
}

/** A running deletion, as far as it decides what can still be seen. */
export type Cover = { readonly job: number; readonly filter: EventFilter }

/** What `matchesEvent` says, as SQL. Needs `addFragmentFunction`. The tenant is the caller's matter. */
export const filterConditions = (filter: EventFilter): readonly Condition[] => [
  ...sourceConditions(filter.sources),
  ...(filter.type === undefined
    ? []
    : [{ sql: 'e.type = (select id from type where text = ?)', values: [filter.type] }]),
  ...fragmentConditions(filter),
  ...rangeConditions('e.time_ms', filter.time),
  ...rangeConditions('e.creation_ms', filter.creation),
  ...rangeConditions('coalesce(e.last_updated_ms, e.creation_ms)', filter.lastUpdated),
]

/**
 * That no running deletion covers the event: it was stored or changed later, or does not match.
 * `is not true` because an unknown type makes the match null.
 */
export const visibleConditions = (covers: readonly Cover[]): readonly Condition[] =>
  covers.map(({ job, filter }) => {
    const match = allOf([
      { sql: 'coalesce(e.changed, e.id) <= ?', values: [job] },
      ...filterConditions(filter),
    ])
    return { sql: `(${match.sql}) is not true`, values: match.values }
  })

export const allOf = (conditions: readonly Condition[]): Condition => ({
  sql: conditions.length === 0 ? 'true' : conditions.map(({ sql }) => sql).join(' and '),
  values: conditions.flatMap(({ values }) => values),
})

/** The index that is walked for a filter, in order of time and id. Said outright, so that plans never change. */
export const indexFor = (filter: EventFilter): string => {
  if (filter.sources?.length === 1) return 'event_by_source'
  return filter.type === undefined ? 'event_by_time' : 'event_by_type'
}

export const addFragmentFunction = (db: Database): void => {
  db.function(
    'has_fragment',
    { deterministic: true },
    (names: string | null, fragments: string, name: string, text: string | null) =>
      Number(hasFragment(splitOwnNames(names, fragments), name, text)),
  )
}

const sourceConditions = (sources: EventFilter['sources']): readonly Condition[] => {
  if (sources === undefined) return []
  const [first, ...others] = sources
  if (first !== undefined && others.length === 0) return [{ sql: 'e.source = ?', values: [first] }]
  return [
    { sql: 'e.source in (select value from json_each(?))', values: [JSON.stringify(sources)] },
  ]
}

const fragmentConditions = (filter: EventFilter): readonly Condition[] => {
  const { fragmentType: name } = filter
  const text = filter.fragmentValue ?? null
  if (name === undefined) return []
  const named = 'e.shape in (select shape from shape_fragment where name = ?)'
  const held = 'has_fragment((select names from shape where id = e.shape), e.fragments, ?, ?)'
  const sql =
    text === null
      ? `(${named} or (e.shape = 0 and ${held}))`
      : `(e.shape = 0 or ${named}) and ${held}`
  return [{ sql, values: [name, name, text] }]
}

const rangeConditions = (column: string, range: InstantRange | undefined): readonly Condition[] => [
  ...(range?.fromMs === undefined ? [] : [{ sql: `${column} >= ?`, values: [range.fromMs] }]),
  ...(range?.toMs === undefined ? [] : [{ sql: `${column} < ?`, values: [range.toMs] }]),
]
