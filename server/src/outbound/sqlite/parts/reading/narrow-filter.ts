import type { EventFilter, InstantRange } from '../../../../core/event-query.ts'
import type { Part } from '../tables/catalogue.ts'
import type { Cover } from '../tables/part-row.ts'
import { isWithin, meets } from './part-view.ts'
import type { Times, Wanted } from './part-view.ts'

/**
 * What is wanted as far as it matters in a sealed part: conditions that all of its rows meet are left out, and so
 * are deletions that touch nothing of it. Undefined when no row can be wanted.
 */
export const narrowWanted = (wanted: Wanted, part: Part): Wanted | undefined => {
  const { creation, ...others } = wanted.filter
  const creations: Times = { minMs: part.minCreationMs, maxMs: part.maxCreationMs }
  if (!meets(creations, creation) || part.goneTenants.has(wanted.tenant)) return undefined
  const filter = isWithin(creations, creation) ? others : wanted.filter
  const covers = wanted.covers.filter(
    ({ job, filter: covered }) => part.minId <= job && meets(creations, covered.creation),
  )
  return { ...wanted, filter, covers }
}

/** The deletions that may hide something that is wanted in this part. */
export const coversIn = (wanted: Wanted, part: number): readonly Cover[] =>
  wanted.covers.filter(
    ({ filter, donePart }) => part > donePart && !areDisjoint(wanted.filter, filter),
  )

/** Whether nothing can match both; only what is easily seen counts. */
const areDisjoint = (left: EventFilter, right: EventFilter): boolean =>
  (left.type !== undefined && right.type !== undefined && left.type !== right.type) ||
  areApart(left.creation, right.creation) ||
  haveNoSource(left.sources, right.sources)

const areApart = (left: InstantRange | undefined, right: InstantRange | undefined): boolean =>
  (left?.fromMs ?? -Infinity) >= (right?.toMs ?? Infinity) ||
  (right?.fromMs ?? -Infinity) >= (left?.toMs ?? Infinity)

type Sources = EventFilter['sources']

/** Looks at lists of one source only: longer ones cost more than they save. */
const haveNoSource = (left: Sources, right: Sources): boolean =>
  left?.length === 1 && right?.length === 1 && left[0] !== right[0]
