import type { Statements } from '../tables/cached-statements.ts'
import type { Times } from './part-view.ts'
import { createRememberByPart } from './remember-by-part.ts'

/** A tenant's rows of one shape in a sealed part, dead ones too. */
export type ShapeGroup = Times & { readonly shape: number; readonly rows: number }

/**
 * What a sealed part has of a tenant, shape by shape; undefined when the shapes are too many to be remembered. A list of
 * what has a rare fragment asks nearly every part, and roll-ups have no order in which one shape stands together.
 */
export type ReadShapeGroups = (
  part: number,
  tenant: number,
  file: Statements,
) => readonly ShapeGroup[] | undefined

/** Of one tenant in one part. A part whose events have more shapes than this is looked at anew each time. */
const shapesMax = 128

/** Groups that are remembered, in each thread, a hundred bytes each; beyond, the oldest are forgotten. */
const rememberedMax = 50_000

const groupsSql = `select shape, sum(rows) as rows, min(min_time_ms) as minMs, max(max_time_ms) as maxMs
  from type_rollup where tenant = ? group by shape limit ${shapesMax + 1}`

export const createReadShapeGroups = (): ReadShapeGroups => {
  const remember = createRememberByPart({ rememberedMax, sizeOf })
  return (part, tenant, file) =>
    remember(part, tenant, () => {
      const all = file.objects<ShapeGroup>(groupsSql).all(tenant)
      return all.length > shapesMax ? undefined : all
    })
}

const sizeOf = (groups: readonly ShapeGroup[] | undefined): number => 1 + (groups?.length ?? 0)
