/** Waits for the signal that asks the process to stop. */
export type Stop = {
  /** Settles with the first SIGTERM or SIGINT. */
  readonly asked: Promise<NodeJS.Signals>
  /** Runs what has to be done; answers exit code 0 when it ends in time, else 1. */
  readonly within: (stop: () => Promise<void>) => Promise<number>
}

/**
 * `npm start` passes a Ctrl-C on to a server that has already had it from the terminal: two signals that close
 * together are one wish.
 */
const sameWishMs = 200

/** A second signal, later than that, ends the process at once. */
export const waitForStop = (deadlineMs: number): Stop => {
  const asked = new Promise<NodeJS.Signals>((settle) => {
    let firstMs: number | undefined
    const hear = (signal: NodeJS.Signals): void => {
      const nowMs = performance.now()
      if (firstMs !== undefined && nowMs - firstMs > sameWishMs) process.exit(1)
      firstMs ??= nowMs
      settle(signal)
    }
    process.on('SIGTERM', hear)
    process.on('SIGINT', hear)
  })
  return { asked, within: (stop) => runWithin(stop, deadlineMs) }
}

const runWithin = async (stop: () => Promise<void>, deadlineMs: number): Promise<number> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<number>((settle) => {
    timer = setTimeout(() => {
      settle(1)
    }, deadlineMs)
  })
  try {
    return await Promise.race([stop().then(() => 0), late])
  } finally {
    clearTimeout(timer)
  }
}
