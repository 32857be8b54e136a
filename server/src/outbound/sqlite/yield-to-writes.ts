import { constants, setPriority } from 'node:os'

/**
 * Lets the calling thread step back when there is more to do than processors: answers to devices come before pages and
 * before building files. On Linux a priority belongs to the thread that sets it; elsewhere it would slow down the whole
 * process, so there nothing is done. `bench/measurements/post-while-queried.ts` shows the difference.
 */
export const yieldToWrites = (): void => {
  if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL)
}
