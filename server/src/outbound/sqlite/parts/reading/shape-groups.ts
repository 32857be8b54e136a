import type { Statements } from '../tables/cached-statements.ts'
import type { Times } from './part-view.ts'

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

/** Groups that are remembered, in each thread, a hundred bytes each; beyond, all are forgotten. */
const rememberedMax = 50_000

const groupsSql = `select shape, sum(rows) as rows, min(min_time_ms) as minMs, max(max_time_ms) as maxMs
  from type_rollup where tenant = ? group by shape limit ${shapesMax + 1}`

/** Files never change, so what was read once stays good, as long as numbers of parts are never used twice. */
export const createReadShapeGroups = (): ReadShapeGroups => {
  const known = new Map<string, readonly ShapeGroup[] | undefined>()
  let remembered = 0
  return (part, tenant, file) => {
    const key = `${part} ${tenant}`
    if (known.has(key)) return known.get(key)
    const all = file.objects<ShapeGroup>(groupsSql).all(tenant)
    const groups = all.length > shapesMax ? undefined : all
    if (remembered >= rememberedMax) {
      known.clear()
      remembered = 0
    }
    known.set(key, groups)
    remembered += 1 + (groups?.length ?? 0)
    return groups
  }
}
