import type { StoreState } from '../parts/store-state.ts'

/** How many rows tables of the head have, conditions included: what stands behind `from`. */
export const countHeadRows = ({ head }: StoreState, from: string): number =>
  Number(head.prepare(`select count(*) from ${from}`).pluck().get())

/** The oldest row that a part's table in the head still has. */
export const leastIdOf = ({ head }: StoreState, part: number): number =>
  Number(head.prepare(`select min(id) from event_${part}`).pluck().get())
