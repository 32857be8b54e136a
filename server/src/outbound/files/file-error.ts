import { failed } from '../../core/failure.ts'
import type { Failure, Result } from '../../core/failure.ts'
import { retryAfterS } from '../../core/limits.ts'

/** Is told what callers only hear as `unavailable`. */
export type LogProblem = (message: string, cause: string) => void

type Reason = Extract<Failure, { readonly kind: 'unavailable' }>['reason']

/** Codes of the system that mean something else than broken storage. */
const reasons: ReadonlyMap<string, Reason> = new Map([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EMFILE', 'busy'],
  ['ENFILE', 'busy'],
  ['EAGAIN', 'busy'],
])

/** The system's code for what went wrong; undefined for a bug of ours. */
export const codeOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

export const unavailable = (reason: Reason): Result<never> =>
  failed({ kind: 'unavailable', reason, retryAfterS })

/** Turns what the file system throws into a failure, and logs it unless it heals by itself. Bugs go on. */
export const attempt = async <T>(
  logProblem: LogProblem,
  run: () => Promise<Result<T>>,
): Promise<Result<T>> => {
  try {
    return await run()
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) throw error
    const reason = reasons.get(code) ?? 'storage-failed'
    if (reason === 'storage-failed') logProblem('a file of an attachment failed', String(error))
    return unavailable(reason)
  }
}
