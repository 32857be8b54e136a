/** How many requests a tenant may send (docs/operations.md, limits). Whole numbers. */
export type RequestLimit = {
  /** Over a longer time, at least 1. */
  readonly requestsPerS: number
  /** At once, on top of those of one second. */
  readonly queue: number
}

/** What a tenant has left, at some time. Thousandths of a request, so that it stays whole at every millisecond. */
export type RequestQuota = { readonly thousandths: number; readonly atMs: number }

export type TakenRequest = {
  readonly quota: RequestQuota
  /** False when nothing was left: the request is refused. */
  readonly isTaken: boolean
  /** Whole requests that could follow at once. */
  readonly remaining: number
  /** Seconds until another one is taken, at least 1. */
  readonly waitS: number
  /** Seconds until all of `requestsAtOnce` is there again. */
  readonly fullS: number
}

export const requestsAtOnce = ({ requestsPerS, queue }: RequestLimit): number =>
  requestsPerS + queue

/**
 * Takes one request out of what is left: a bucket that holds `requestsAtOnce` and fills by `requestsPerS`. Undefined is
 * a full one. A clock that was set back fills nothing; a smaller limit than before cuts what is left.
 */
export const takeRequest = (
  limit: RequestLimit,
  before: RequestQuota | undefined,
  nowMs: number,
): TakenRequest => {
  const most = requestsAtOnce(limit) * whole
  const elapsedMs = before === undefined ? 0 : Math.max(0, nowMs - before.atMs)
  const filled = (before?.thousandths ?? most) + elapsedMs * limit.requestsPerS
  const left = Math.min(most, filled)
  const isTaken = left >= whole
  const thousandths = isTaken ? left - whole : left
  return {
    quota: { thousandths, atMs: nowMs },
    isTaken,
    remaining: Math.floor(thousandths / whole),
    waitS: Math.max(1, secondsFor(whole - thousandths, limit)),
    fullS: secondsFor(most - thousandths, limit),
  }
}

const whole = 1_000

const secondsFor = (thousandths: number, { requestsPerS }: RequestLimit): number =>
  Math.ceil(thousandths / requestsPerS / whole)
