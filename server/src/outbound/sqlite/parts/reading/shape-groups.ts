import type { Statements } from '../tables/cached-statements.ts'
import { allOf } from '../tables/part-conditions.ts'
import type { Condition } from '../tables/part-conditions.ts'
import type { Times } from './part-view.ts'
import { createRememberByPart } from './remember-by-part.ts'

/** A tenant's rows of one shape in a sealed part, dead ones too. */
export type ShapeGroup = Times & { readonly shape: number; readonly rows: number }

/** Undefined when there are too many shapes. */
export type ShapeGroups = readonly ShapeGroup[] | undefined

/**
 * What a sealed part has of a tenant, shape by shape, where that can be remembered. A list of what has a rare fragment
 * asks nearly every part, and roll-ups have no order in which one shape stands together.
 */
export type ReadShapeGroups = (part: number, tenant: number, file: Statements) => ShapeGroups

/** Of one tenant in one part. A part whose events have more shapes than this is looked at anew each time. */
const shapesMax = 128

/** Groups that are remembered, in each thread, a hundred bytes each; beyond, the oldest are forgotten. */
const rememberedMax = 50_000

export const createReadShapeGroups = (): ReadShapeGroups => {
  const sizeOf = (groups: ShapeGroups): number => 1 + (groups?.length ?? 0)
  const remember = createRememberByPart<ShapeGroups>({ rememberedMax, sizeOf })
  return (part, tenant, file) =>
    remember(part, tenant, () => readMatchingShapes(file, tenant, [], shapesMax))
}

/** Read anew, of the rows that match; undefined when they have more than `max` shapes. */
export const readMatchingShapes = (
  file: Statements,
  tenant: number,
  conditions: readonly Condition[],
  max: number,
): ShapeGroups => {
  const all = allOf([{ sql: 'e.tenant = ?', values: [tenant] }, ...conditions])
  const sql = `select e.shape as shape, sum(e.rows) as rows,
      min(e.min_time_ms) as minMs, max(e.max_time_ms) as maxMs
    from type_rollup e where ${all.sql} group by e.shape limit ${max + 1}`
  const groups = file.objects<ShapeGroup>(sql).all(...all.values)
  return groups.length > max ? undefined : groups
}
