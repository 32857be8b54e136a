import type { ServerResponse } from 'node:http'
import { transferIdleMs } from '../../core/limits.ts'

/**
 * From now on the connection is closed when nothing moves on it for `idleMs`, in either direction: who sends a file, or
 * takes one, holds a place that others want. Answers how to end that.
 */
export const closeWhenIdle = (
  response: ServerResponse,
  idleMs: number = transferIdleMs,
): (() => void) => {
  let isOver = false
  response.setTimeout(idleMs, () => {
    if (!isOver) response.destroy()
  })
  return () => {
    isOver = true
  }
}
