import { hasAllWords, wordsOf } from '../../../../core/has-words.ts'
import type { Database } from 'better-sqlite3'
import type { EventFilter, InstantRange } from '../../../../core/event-query.ts'
import { hasFragment, splitOwnNames } from '../../events/stored-fragments.ts'
import type { SqlValue } from './cached-statements.ts'
import type { Cover } from './part-row.ts'
import type { Patience } from './patience.ts'
import type { PartTables } from './part-schema.ts'

/** A piece of SQL about `e`, a row of a part's events, and what is bound to it. */
export type Condition = { readonly sql: string; readonly values: readonly SqlValue[] }

/** What `matchesEvent` says, as SQL. Needs `addFilterFunctions`. The tenant is the caller's matter. */
export const filterConditions = (tables: PartTables, filter: EventFilter): readonly Condition[] => [
  ...sourceConditions(filter.sources),
  ...(filter.type === undefined
    ? []
    : [{ sql: `e.type = (select id from ${tables.type} where text = ?)`, values: [filter.type] }]),
  ...fragmentConditions(tables, filter),
  ...rangeConditions('e.time_ms', filter.time),
  ...rangeConditions('e.creation_ms', filter.creation),
  ...rangeConditions('coalesce(e.last_updated_ms, e.creation_ms)', filter.lastUpdated),
  // The dearest comes last.
  ...(filter.text === undefined ? [] : [{ sql: 'has_words(?, e.text)', values: [filter.text] }]),
]

/**
 * That no running deletion covers the event: it was stored or changed later, or does not match.
 * `is not true` because an unknown type makes the match null.
 */
export const visibleConditions = (
  tables: PartTables,
  covers: readonly Cover[],
): readonly Condition[] =>
  covers.map(({ job, filter }) => {
    const match = allOf([
      { sql: 'coalesce(e.changed, e.id) <= ?', values: [job] },
      ...filterConditions(tables, filter),
    ])
    return { sql: `(${match.sql}) is not true`, values: match.values }
  })

export const allOf = (conditions: readonly Condition[]): Condition => ({
  sql: conditions.length === 0 ? 'true' : conditions.map(({ sql }) => sql).join(' and '),
  values: conditions.flatMap(({ values }) => values),
})

export const rangeConditions = (
  column: string,
  range: InstantRange | undefined,
): readonly Condition[] => [
  ...(range?.fromMs === undefined ? [] : [{ sql: `${column} >= ?`, values: [range.fromMs] }]),
  ...(range?.toMs === undefined ? [] : [{ sql: `${column} < ?`, values: [range.toMs] }]),
]

/** What an `EventRow` is read from, of `event e`. */
export const eventColumnsOf = ({ type, shape }: PartTables): string =>
  `e.id, e.source, (select text from ${type} where id = e.type), e.text,
  e.time_ms, e.offset_minutes, e.creation_ms, coalesce(e.last_updated_ms, e.creation_ms),
  (select names from ${shape} where id = e.shape), e.fragments`

/** What the conditions ask the core, so that a filter means the same as in memory. */
export const addFilterFunctions = (db: Database, { check }: Patience): void => {
  const wordsIn = rememberLast(wordsOf)
  db.function('has_words', { deterministic: true }, (text: string, searched: string) => {
    check()
    return Number(hasAllWords(wordsIn(text), searched))
  })
  db.function(
    'has_fragment',
    { deterministic: true },
    (names: string | null, fragments: string, name: string, text: string | null) => {
      check()
      return Number(hasFragment(splitOwnNames(names, fragments), name, text))
    },
  )
}

/** A statement says the same for every row. */
const rememberLast = <T>(make: (text: string) => T): ((text: string) => T) => {
  let last: { readonly text: string; readonly made: T } | undefined
  return (text) => {
    if (last?.text !== text) last = { text, made: make(text) }
    return last.made
  }
}

export const sourceConditions = (sources: EventFilter['sources']): readonly Condition[] => {
  if (sources === undefined) return []
  const [first, ...others] = sources
  if (first !== undefined && others.length === 0) return [{ sql: 'e.source = ?', values: [first] }]
  return [
    { sql: 'e.source in (select value from json_each(?))', values: [JSON.stringify(sources)] },
  ]
}

const fragmentConditions = (
  { shape, shapeFragment }: PartTables,
  filter: EventFilter,
): readonly Condition[] => {
  const { fragmentType: name } = filter
  const text = filter.fragmentValue ?? null
  if (name === undefined) return []
  const named = `e.shape in (select shape from ${shapeFragment} where name = ?)`
  const held = `has_fragment((select names from ${shape} where id = e.shape), e.fragments, ?, ?)`
  const sql =
    text === null
      ? `(${named} or (e.shape = 0 and ${held}))`
      : `(e.shape = 0 or ${named}) and ${held}`
  return [{ sql, values: [name, name, text] }]
}
