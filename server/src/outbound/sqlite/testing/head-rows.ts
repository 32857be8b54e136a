import type { StoreState } from '../parts/head/store-state.ts'

/** How many rows tables of the head have, conditions included: what stands behind `from`. */
export const countHeadRows = ({ head }: Pick<StoreState, 'head'>, from: string): number =>
  Number(head.prepare(`select count(*) from ${from}`).pluck().get())

/** How many events running deletions have removed so far. */
export const countRemoved = ({ head }: StoreState): number =>
  Number(head.prepare('select sum(removed_events) from job').pluck().get())

/** From now on no part comes into the catalogue, until the answer is called. */
export const refuseParts = ({ head }: StoreState): (() => void) => {
  head.exec(`create temp trigger refused before insert on part
    begin select raise(abort, 'no room'); end`)
  return () => {
    head.exec('drop trigger refused')
  }
}

/** The oldest row that a part's table in the head still has. */
export const leastIdOf = ({ head }: StoreState, part: number): number =>
  Number(head.prepare(`select min(id) from event_${part}`).pluck().get())

/** In how many pieces of the file the rows of a table lie. */
export const tableRunsOf = ({ head }: StoreState, table: string): number =>
  Number(
    head
      .prepare(
        `select count(*) from (
          select pageno - lag(pageno) over (order by pageno) as step
          from dbstat where name = ? and pagetype = 'leaf')
        where step is null or step > 1`,
      )
      .pluck()
      .get(table),
  )
