/**
 * How fast work goes on that nobody waits for. It shares processors and the disk with calls that somebody waits for: while
 * such calls come it rests after each step, otherwise it does not. `bench/measurements/spread-deletion.ts` shows what
 * calls notice of it.
 */
export type Pace = {
  /** Somebody waits, or did just now. */
  readonly called: () => void
  /** A step of the work took so many milliseconds. */
  readonly worked: (tookMs: number) => void
  readonly isResting: () => boolean
}

/** Times what a step took: the work has a quarter of the time. */
const restFactor = 3

/** Who called this recently will call again. */
const calledRecentlyMs = 250

/** `clockMs` never goes back; it need not know what time it is. */
export const createPace = (clockMs: () => number): Pace => {
  let calledMs = -Infinity
  let restUntilMs = -Infinity
  return {
    called: () => {
      calledMs = clockMs()
    },
    worked: (tookMs) => {
      restUntilMs = clockMs() + restFactor * tookMs
    },
    isResting: () => {
      const nowMs = clockMs()
      return nowMs < restUntilMs && nowMs - calledMs < calledRecentlyMs
    },
  }
}
