/** Runs one job after the other, in the order of asking. */
export type TakeTurns = <T>(job: () => Promise<T>) => Promise<T>

/** For changes that read something and write it back: none may undo another. */
export const takeTurns = (): TakeTurns => {
  let last: Promise<unknown> = Promise.resolve()
  return (job) => {
    const turn = last.then(job, job)
    last = turn
    return turn
  }
}
