/**
 * How long a call of a reader thread may take. A long scan asks every now and then; without an answer in time it throws
 * `OutOfPatience`, which ends the call with nothing done.
 */
export type Patience = {
  /** The time of the next call, in milliseconds from now. */
  readonly begin: (budgetMs: number) => void
  /** Throws when the time is over. Cheap enough for every row. */
  readonly check: () => void
  /** The same, with a look at the clock each time: for what takes long enough. */
  readonly look: () => void
}

export class OutOfPatience extends Error {}

/** The clock is looked at for one of so many checks. */
const checksApart = 64

export const createPatience = (): Patience => {
  let endMs = Infinity
  let checks = 0
  const look = (): void => {
    if (performance.now() > endMs) throw new OutOfPatience()
  }
  return {
    begin: (budgetMs) => {
      endMs = performance.now() + budgetMs
      checks = 0
    },
    check: () => {
      checks += 1
      if (checks % checksApart === 0) look()
    },
    look,
  }
}

/** For threads whose work is cut into slices in other ways. */
export const endlessPatience: Patience = {
  begin: () => undefined,
  check: () => undefined,
  look: () => undefined,
}
