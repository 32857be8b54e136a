/**
 * How fast work goes on that nobody waits for. It shares processors and the disk with calls that somebody waits for: while
 * such calls come it rests after each step, otherwise it does not. `bench/measurements/spread-deletion.ts` shows what
 * calls notice of it.
 */
export type Pace = {
  /** Somebody waits, or did just now. */
  readonly called: () => void
  /** A step of the work took so many milliseconds; answers for how many it now rests at most. */
  readonly worked: (tookMs: number) => number
  readonly isResting: () => boolean
}

/** Times what a step took: of steps of up to eight milliseconds, the work has a seventh of the time. */
const restFactor = 6

/**
 * However long a step took, or seemed to, on a machine that was busy or asleep: long steps are the janitor's, which has a
 * lower priority, and of those that give whole parts back somebody may wait for the end.
 */
const restMsMax = 50

/** Who called this recently will call again. */
const calledRecentlyMs = 250

/** `clockMs` never goes back; it need not know what time it is. */
export const createPace = (clockMs: () => number): Pace => {
  let calledMs = -Infinity
  let restUntilMs = -Infinity
  const wasCalled = (nowMs: number): boolean => nowMs - calledMs < calledRecentlyMs
  return {
    called: () => {
      calledMs = clockMs()
    },
    worked: (tookMs) => {
      const nowMs = clockMs()
      const restMs = Math.min(restFactor * tookMs, restMsMax)
      restUntilMs = nowMs + restMs
      return wasCalled(nowMs) ? restMs : 0
    },
    isResting: () => {
      const nowMs = clockMs()
      return nowMs < restUntilMs && wasCalled(nowMs)
    },
  }
}
