import type { EventFilter } from '../../../../core/event-query.ts'
import type { Statements } from '../tables/cached-statements.ts'
import { allOf, sourceConditions } from '../tables/part-conditions.ts'
import type { Condition } from '../tables/part-conditions.ts'
import { ownNamesShape } from '../tables/part-schema.ts'
import type { Times } from './part-view.ts'
import type { ShapeGroup, ShapeGroups } from './shape-groups.ts'

/** What the roll-ups of a part's file know about the rows that may match; dead ones are among them. */
export type Rollup = {
  /** Exact when `isExact`, otherwise an upper bound. */
  readonly rows: number
  readonly times: Times
  readonly isExact: boolean
  /** The same conditions on `source`, `type` and `shape`, in the part's own numbers. */
  readonly conditions: readonly Condition[]
  /** The same rows, shape by shape, where that is known. */
  readonly shapes?: readonly ShapeGroup[]
}

/** What a tenant has in a sealed part, for questions about it. */
export type TenantFile = {
  readonly tenant: number
  readonly statements: Statements
  /** Asked for when the filter names a fragment and no type. */
  readonly shapeGroups: () => ShapeGroups
}

/** Undefined when no row can match. */
export const readRollup = (file: TenantFile, filter: EventFilter): Rollup | undefined => {
  const kinds = readKinds(file, filter)
  const sources = readSources(file, filter)
  if (kinds === 'none' || sources === 'none') return undefined
  if (kinds !== 'any' && sources !== 'any') return both(kinds, sources)
  const one = kinds === 'any' ? sources : kinds
  const found = one === 'any' ? readGroups(file, 'tenant_rollup e', []) : one
  return found === 'none' ? undefined : { ...found, isExact: found.isExact && !hasMore(filter) }
}

/** Conditions of which no roll-up knows anything. */
const hasMore = ({ fragmentValue, text, creation, lastUpdated }: EventFilter): boolean =>
  fragmentValue !== undefined ||
  text !== undefined ||
  creation !== undefined ||
  lastUpdated !== undefined

/** That nothing matches, or that the filter asks for nothing of this kind. */
type Answer = Rollup | 'none' | 'any'

const readSources = (file: TenantFile, { sources }: EventFilter): Answer =>
  sources ? readGroups(file, 'source_rollup e', sourceConditions(sources)) : 'any'

const readKinds = (file: TenantFile, { type, fragmentType }: EventFilter): Answer => {
  const conditions: Condition[] = []
  if (type !== undefined) {
    const number = file.statements.values<number>('select id from type where text = ?').get(type)
    if (number === undefined) return 'none'
    conditions.push({ sql: 'e.type = ?', values: [number] })
  }
  if (fragmentType !== undefined) {
    const known = type === undefined ? file.shapeGroups() : undefined
    return known
      ? pickFragment(file, fragmentType, known)
      : readFragment(file, fragmentType, conditions)
  }
  return type === undefined ? 'any' : readGroups(file, typeGroups, conditions)
}

const typeGroups = 'type_rollup e'

const shapesOf = ({ statements }: TenantFile, name: string): readonly number[] =>
  statements.values<number>('select shape from shape_fragment where name = ?').all(name)

/** As `readFragment`, from what is known of all shapes. */
const pickFragment = (file: TenantFile, name: string, known: readonly ShapeGroup[]): Answer => {
  const named = new Set(shapesOf(file, name)).add(ownNamesShape)
  const shapes = known.filter(({ shape }) => named.has(shape))
  if (shapes.length === 0) return 'none'
  return {
    rows: shapes.reduce((sum, { rows }) => sum + rows, 0),
    times: {
      minMs: Math.min(...shapes.map(({ minMs }) => minMs)),
      maxMs: Math.max(...shapes.map(({ maxMs }) => maxMs)),
    },
    isExact: shapes.every(({ shape }) => shape !== ownNamesShape),
    conditions: [shapeIn(shapes.map(({ shape }) => shape))],
    shapes,
  }
}

/** Rows with names of their own may have the fragment too: nobody knows without a look at them. */
const readFragment = (file: TenantFile, name: string, conditions: readonly Condition[]): Answer => {
  const shapes = shapesOf(file, name)
  const own = readGroups(file, typeGroups, [...conditions, shapeIn([ownNamesShape])])
  if (own === 'none') return readGroups(file, typeGroups, [...conditions, shapeIn(shapes)])
  const withOwn = shapeIn([ownNamesShape, ...shapes])
  const all = readGroups(file, typeGroups, [...conditions, withOwn])
  return all === 'none' ? all : { ...all, isExact: false }
}

const shapeIn = (shapes: readonly number[]): Condition => ({
  sql: 'e.shape in (select value from json_each(?))',
  values: [JSON.stringify(shapes)],
})

type Groups = { readonly rows: number | null; readonly minMs: number; readonly maxMs: number }

const readGroups = (
  { tenant, statements }: TenantFile,
  from: string,
  conditions: readonly Condition[],
): Rollup | 'none' => {
  const all = allOf([{ sql: 'e.tenant = ?', values: [tenant] }, ...conditions])
  const sql = `select sum(e.rows) as rows, min(e.min_time_ms) as minMs, max(e.max_time_ms) as maxMs
    from ${from} where ${all.sql}`
  const found = statements.objects<Groups>(sql).get(...all.values)
  if (!found?.rows) return 'none'
  const { rows, minMs, maxMs } = found
  return { rows, times: { minMs, maxMs }, isExact: true, conditions }
}

const both = (left: Rollup, right: Rollup): Rollup | undefined => {
  const times = {
    minMs: Math.max(left.times.minMs, right.times.minMs),
    maxMs: Math.min(left.times.maxMs, right.times.maxMs),
  }
  if (times.minMs > times.maxMs) return undefined
  const conditions = [...left.conditions, ...right.conditions]
  return { rows: Math.min(left.rows, right.rows), times, isExact: false, conditions }
}
