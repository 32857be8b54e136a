import type { ChildProcess } from 'node:child_process'

/** The code that a process ends with; null when a signal ended it. Call it before the process can have ended. */
export const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.once('exit', resolve)
  })
