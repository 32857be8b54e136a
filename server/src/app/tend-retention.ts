import { retentionLookMs } from '../core/limits.ts'
import type { CarryOutRetention } from '../usecases/carry-out-retention.ts'
import type { Trouble } from './tell-trouble.ts'

export type RetentionListeners = {
  readonly trouble: Trouble
  readonly onBug: (error: unknown) => void
}

/**
 * Looks again and again whether the retention of a tenant is due, one look at a time. Answers how to stop, which waits for
 * the look under way.
 */
export const tendRetention = (
  { runDue }: Pick<CarryOutRetention, 'runDue'>,
  { trouble, onBug }: RetentionListeners,
  everyMs: number = retentionLookMs,
): (() => Promise<void>) => {
  let look: Promise<void> | undefined
  const lookOnce = async (): Promise<void> => trouble(await runDue())
  const timer = setInterval(() => {
    look ??= lookOnce()
      .catch(onBug)
      .finally(() => {
        look = undefined
      })
  }, everyMs)
  return async () => {
    clearInterval(timer)
    await look
  }
}
