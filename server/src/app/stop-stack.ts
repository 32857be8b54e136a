/** What has been started, to be stopped in reverse order: at the end, or when a later part can't start. */
export type StopStack = {
  readonly push: (stop: () => Promise<void>) => void
  /**
   * Stops everything, the last first; a second call waits for the first one. A part that fails does not keep others
   * from stopping.
   */
  readonly stopAll: () => Promise<void>
}

export const createStopStack = (): StopStack => {
  const stops: (() => Promise<void>)[] = []
  let stopping: Promise<void> | undefined
  return {
    push: (stop) => {
      stops.push(stop)
    },
    stopAll: () => (stopping ??= stopInReverse(stops)),
  }
}

const stopInReverse = async (stops: readonly (() => Promise<void>)[]): Promise<void> => {
  const errors: unknown[] = []
  for (const stop of stops.toReversed()) {
    await stop().catch((error: unknown) => {
      errors.push(error)
    })
  }
  if (errors.length > 0) throw new AggregateError(errors, 'not everything stopped cleanly')
}
