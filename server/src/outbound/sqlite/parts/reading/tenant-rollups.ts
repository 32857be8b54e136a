import type { EventFilter } from '../../../../core/event-query.ts'
import type { Statements } from '../tables/cached-statements.ts'
import { readRollup } from './read-rollup.ts'
import type { Rollup } from './read-rollup.ts'
import { createReadShapeGroups } from './shape-groups.ts'
import type { ShapeGroup } from './shape-groups.ts'

/**
 * What the roll-ups of a sealed part say of what matches; undefined when nothing can. Of everything that a tenant has it
 * is remembered, so that a count of that opens no file, however many there are.
 */
export type ReadRollup = (
  part: number,
  tenant: number,
  question: { readonly filter: EventFilter; readonly file: Statements },
) => Rollup | undefined

/** Parts of tenants that are remembered, in each thread; beyond, all are forgotten. */
const rememberedMax = 20_000

/** Files never change, so what was read once stays good, as long as numbers of parts are never used twice. */
export const createReadRollup = (): ReadRollup => {
  const known = new Map<string, Rollup | undefined>()
  const readShapeGroups = createReadShapeGroups()
  return (part, tenant, { filter, file }) => {
    const groups = (): readonly ShapeGroup[] | undefined => readShapeGroups(part, tenant, file)
    if (!isOpen(filter)) return readRollup(file, tenant, filter, groups)
    const key = `${part} ${tenant}`
    if (known.has(key)) return known.get(key)
    const found = readRollup(file, tenant, filter, groups)
    if (known.size >= rememberedMax) known.clear()
    known.set(key, found)
    return found
  }
}

const isOpen = (filter: EventFilter): boolean => Object.keys(filter).length === 0
