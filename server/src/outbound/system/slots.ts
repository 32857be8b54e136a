/** Runs so many jobs at once; the others wait in line. Whoever calls bounds the line by `waiting`. */
export type Slots = {
  readonly run: <T>(job: () => Promise<T>) => Promise<T>
  readonly waiting: () => number
}

export const createSlots = (runningMax: number): Slots => {
  const line: (() => void)[] = []
  let running = 0
  const enter = (): Promise<void> | undefined => {
    if (running < runningMax) {
      running += 1
      return undefined
    }
    return new Promise((resolve) => {
      line.push(resolve)
    })
  }
  /** The next in line takes over the slot, so that nobody who comes later overtakes it. */
  const leave = (): void => {
    const next = line.shift()
    if (next === undefined) running -= 1
    else next()
  }
  return {
    run: async (job) => {
      await enter()
      try {
        return await job()
      } finally {
        leave()
      }
    },
    waiting: () => line.length,
  }
}
