/** Runs what is asked for under one key one after the other, and under different keys at once. */
export type InTurn = <T>(key: string, run: () => Promise<T>) => Promise<T>

export type Turns = {
  readonly inTurn: InTurn
  /**
   * Runs when no turn is under way: waits for those that have begun, and lets those that come later wait. One at a time.
   * Must not be called within a turn.
   */
  readonly alone: <T>(run: () => Promise<T>) => Promise<T>
}

export const createTurns = (): Turns => {
  const last = new Map<string, Promise<unknown>>()
  let closed: Promise<unknown> | undefined
  return {
    inTurn: async (key, run) => {
      while (closed !== undefined) await closed
      const before = last.get(key) ?? Promise.resolve()
      const turn = before.then(run, run)
      last.set(key, turn)
      try {
        return await turn
      } finally {
        if (last.get(key) === turn) last.delete(key)
      }
    },
    alone: async (run) => {
      while (closed !== undefined) await closed
      const turn = Promise.allSettled([...last.values()]).then(run)
      closed = Promise.allSettled([turn])
      try {
        return await turn
      } finally {
        closed = undefined
      }
    },
  }
}

export const createInTurn = (): InTurn => createTurns().inTurn
