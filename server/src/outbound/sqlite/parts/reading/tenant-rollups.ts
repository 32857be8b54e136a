import type { EventFilter } from '../../../../core/event-query.ts'
import type { Statements } from '../tables/cached-statements.ts'
import { readRollup } from './read-rollup.ts'
import type { Rollup } from './read-rollup.ts'
import { createRememberByPart } from './remember-by-part.ts'
import { createReadShapeGroups } from './shape-groups.ts'
import type { ShapeGroups } from './shape-groups.ts'

/**
 * What the roll-ups of a sealed part say of what matches; undefined when nothing can. Of everything that a tenant has it
 * is remembered, so that a count of that opens no file, however many there are.
 */
export type ReadRollup = (
  part: number,
  tenant: number,
  question: { readonly filter: EventFilter; readonly file: Statements },
) => Rollup | undefined

/** Parts of tenants that are remembered, in each thread; beyond, the oldest are forgotten. */
const rememberedMax = 20_000

export const createReadRollup = (): ReadRollup => {
  const remember = createRememberByPart<Rollup | undefined>({ rememberedMax })
  const readShapeGroups = createReadShapeGroups()
  return (part, tenant, { filter, file }) => {
    const shapeGroups = (): ShapeGroups => readShapeGroups(part, tenant, file)
    const read = (): Rollup | undefined =>
      readRollup({ tenant, statements: file, shapeGroups }, filter)
    return isOpen(filter) ? remember(part, tenant, read) : read()
  }
}

const isOpen = (filter: EventFilter): boolean => Object.keys(filter).length === 0
