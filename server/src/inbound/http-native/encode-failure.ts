import type { Failure, Issue, Thing } from '../../core/failure.ts'
import type { Refusal } from '../http/create-http-server.ts'

/** An error of the native API: RFC 9457, `application/problem+json`. */
export type Problem = {
  readonly status: number
  /** The same for every error of its kind. */
  readonly title: string
  readonly detail: string
  readonly issues?: readonly Issue[]
  readonly retryAfterS?: number
}

type Row = Pick<Problem, 'status' | 'title'>

type UnavailableReason = Extract<Failure, { kind: 'unavailable' }>['reason']

/** Every kind of failure: total, so that a new one does not compile until it has an answer. */
export const failureProblems = {
  invalid: { status: 422, title: 'Not valid' },
  unauthenticated: { status: 401, title: 'Not authenticated' },
  forbidden: { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Already there' },
  'too-large': { status: 413, title: 'Too large' },
  'too-many': { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Not available' },
} satisfies Record<Failure['kind'], Row>

/** `unavailable` where the disk, or what a tenant may have, is full. */
export const fullProblems = {
  'disk-full': { status: 507, title: 'Not available' },
  'tenant-full': { status: 507, title: 'Not available' },
} satisfies Partial<Record<UnavailableReason, Row>>

/** A request that reached no handler, or whose handler threw. */
export const refusalProblems = {
  'no-route': { status: 404, title: 'Not found' },
  'no-method': { status: 405, title: 'Method not allowed' },
  'bad-request': { status: 400, title: 'Bad request' },
  bug: { status: 500, title: 'Internal error' },
} satisfies Record<Refusal['kind'], Row>

const forbidden = {
  role: 'a role is missing',
  tenant: 'these credentials are for another tenant',
  device: 'these credentials are for other devices',
  suspended: 'the tenant is suspended',
  address: 'this is done only for callers on the machine of the server',
} satisfies Record<Extract<Failure, { kind: 'forbidden' }>['reason'], string>

const unavailable = {
  busy: 'the server is busy; try again soon',
  stopping: 'the server is stopping',
  'disk-full': 'the disk is full; reads work',
  'tenant-full': 'the tenant has as much as it may; reads work, and deleting makes room',
  'storage-failed': 'storage failed; the server must be restarted',
} satisfies Record<UnavailableReason, string>

export const encodeFailure = (failure: Failure): Problem => {
  const row = failureProblems[failure.kind]
  switch (failure.kind) {
    case 'invalid':
      return { ...row, detail: describe(failure.issues), issues: failure.issues }
    case 'unauthenticated':
      return { ...row, detail: describeCredentials(failure.reason) }
    case 'forbidden':
      return { ...row, detail: forbidden[failure.reason] }
    case 'not-found':
      return { ...row, detail: `there is no ${nameOf(failure.what)} ${failure.id}` }
    case 'conflict':
      return { ...row, detail: `${nameOf(failure.what)} ${failure.id} exists already` }
    case 'too-large':
      return { ...row, detail: `a body may have at most ${failure.bytesMax} bytes` }
    case 'too-many':
      return { ...row, detail: 'try again later', retryAfterS: failure.retryAfterS }
    case 'unavailable': {
      const { reason, retryAfterS } = failure
      const isFull = reason === 'disk-full' || reason === 'tenant-full'
      return { ...(isFull ? fullProblems[reason] : row), detail: unavailable[reason], retryAfterS }
    }
  }
}

const describeCredentials = (reason: 'no-credentials' | 'bad-credentials'): string =>
  reason === 'no-credentials' ? 'credentials are needed' : 'the credentials are not valid'

const nameOf = (what: Thing): string => what.replace('-', ' ')

const describe = (issues: readonly Issue[]): string =>
  issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')
