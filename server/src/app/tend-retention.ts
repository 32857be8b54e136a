import { retentionLookMs } from '../core/limits.ts'
import type { CarryOutRetention } from '../usecases/carry-out-retention.ts'

/**
 * Looks again and again whether the retention of a tenant is due, one look at a time. Answers how to stop, which waits for
 * the look under way.
 */
export const tendRetention = (
  { runDue }: Pick<CarryOutRetention, 'runDue'>,
  onProblem: (message: string, cause: unknown) => void,
  everyMs: number = retentionLookMs,
): (() => Promise<void>) => {
  let look: Promise<void> | undefined
  const lookOnce = async (): Promise<void> => {
    const done = await runDue()
    if (!done.ok) onProblem('retention is not complete and will be tried again', done.failure)
  }
  const timer = setInterval(() => {
    look ??= lookOnce()
      .catch((error: unknown) => onProblem('retention failed', error))
      .finally(() => {
        look = undefined
      })
  }, everyMs)
  return async () => {
    clearInterval(timer)
    await look
  }
}
