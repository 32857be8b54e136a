import type { FinishPurges } from '../usecases/finish-purges.ts'

/**
 * Runs what purges are left again and again, one run at a time: a purge may be refused because its tenant has as many
 * running deletions as it may have, or because the disk is full. Answers how to stop, which waits for the run under way.
 */
export const retryPurges = (
  finishPurges: FinishPurges,
  everyMs: number,
  onBug: (error: unknown) => void,
): (() => Promise<void>) => {
  let run: Promise<void> | undefined
  const timer = setInterval(() => {
    run ??= finishPurges()
      .then(() => undefined, onBug)
      .finally(() => {
        run = undefined
      })
  }, everyMs)
  return async () => {
    clearInterval(timer)
    await run
  }
}
