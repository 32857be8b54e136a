import type { Failure, Issue, Thing } from '../../core/failure.ts'

/** An error of the dialect (docs/protocols/tenant-device-events.md, 2). */
export type ErrorAnswer = {
  readonly status: number
  readonly error: ErrorCode
  readonly message: string
  readonly retryAfterS?: number
}

export type ErrorCode = (typeof errorCodes)[keyof typeof errorCodes]

const errorCodes = { unknown: -1, licence: 0, tenant: 4, device: 5, validation: 6 } as const

type Row = Pick<ErrorAnswer, 'status' | 'error' | 'message'>

const row = (status: number, code: keyof typeof errorCodes, message: string): Row => ({
  status,
  error: errorCodes[code],
  message,
})

const noDevice = row(404, 'device', 'There is no such device')

/** What is answered when a thing does not exist. */
export const notFoundAnswers = {
  tenant: row(404, 'tenant', 'There is no such tenant'),
  source: noDevice,
  'managed-object': noDevice,
  child: noDevice,
  'external-id': noDevice,
  'global-id': noDevice,
  attachment: row(404, 'validation', 'There is no such attachment'),
  event: row(404, 'validation', 'There is no such event'),
  user: row(404, 'validation', 'There is no such user'),
  role: row(404, 'validation', 'There is no such role'),
  app: row(404, 'validation', 'There is no such app'),
  key: row(404, 'validation', 'There is no such key'),
  receipt: row(404, 'validation', 'There is no such receipt'),
  job: row(404, 'validation', 'There is no such job'),
  backup: row(404, 'validation', 'There is no such backup'),
  route: row(404, 'validation', 'There is no such resource'),
  session: row(404, 'validation', 'There is no such session'),
  group: row(404, 'validation', 'There is no such group'),
  'inventory-role': row(404, 'validation', 'There is no such inventory role'),
  'inventory-assignment': row(404, 'validation', 'There is no such assignment'),
  'device-request': row(404, 'validation', 'There is no such device request'),
  'login-option': row(404, 'validation', 'There is no such login option'),
  'retention-rule': row(404, 'validation', 'There is no such retention rule'),
  'audit-record': row(404, 'validation', 'There is no such audit record'),
  option: row(404, 'validation', 'There is no such option'),
} satisfies Record<Thing, Row>

const deviceForbidden = row(403, 'device', 'The credentials do not cover this device')

/** What is answered to a caller that is known and may not. */
export const forbiddenAnswers = {
  tenant: row(403, 'tenant', 'The credentials do not cover this tenant'),
  device: deviceForbidden,
  role: deviceForbidden,
  address: deviceForbidden,
  suspended: row(403, 'licence', 'The tenant is suspended'),
} satisfies Record<Extract<Failure, { kind: 'forbidden' }>['reason'], Row>

/** What is answered for every other kind of failure. */
export const failureAnswers = {
  invalid: row(400, 'validation', 'The request is malformed'),
  unauthenticated: row(401, 'licence', 'The API key is missing, unknown, expired or revoked'),
  conflict: row(409, 'validation', 'It already exists'),
  'too-large': row(413, 'validation', 'The body is larger than allowed'),
  'too-many': row(429, 'unknown', 'Too many requests; try again later'),
  unavailable: row(503, 'unknown', 'Nothing can be saved now; try again later'),
} satisfies Record<Exclude<Failure['kind'], 'not-found' | 'forbidden'>, Row>

/** Failures of the HTTP request itself, before any use case. */
export const requestAnswers = {
  malformed: failureAnswers.invalid,
  methodNotAllowed: row(405, 'validation', 'The resource does not have this method'),
  unsupportedMediaType: row(415, 'validation', 'The body must be JSON, not encoded further'),
  headersTooLarge: row(431, 'validation', 'The headers are too large'),
  internal: row(500, 'unknown', 'Unknown server error'),
  duplicate: row(409, 'validation', 'This event has already been created'),
} satisfies Record<string, Row>

/** Turns any failure into its answer: total, so that a new kind of failure does not compile until it has one. */
export const encodeFailure = (failure: Failure): ErrorAnswer => {
  switch (failure.kind) {
    case 'invalid':
      return { ...failureAnswers.invalid, message: encodeIssues(failure.issues) }
    case 'not-found':
      return notFoundAnswers[failure.what]
    case 'forbidden':
      return forbiddenAnswers[failure.reason]
    case 'too-large':
      return withDetail(failureAnswers['too-large'], `at most ${failure.bytesMax} bytes`)
    case 'too-many':
    case 'unavailable':
      return { ...failureAnswers[failure.kind], retryAfterS: failure.retryAfterS }
    case 'unauthenticated':
    case 'conflict':
      return failureAnswers[failure.kind]
  }
}

/** The body of every failure: exactly these two members. */
export const encodeError = ({ error, message }: ErrorAnswer): string =>
  JSON.stringify({ error, message })

export const withDetail = (answer: Row, detail: string): ErrorAnswer => ({
  ...answer,
  message: `${answer.message}: ${detail}`,
})

const encodeIssues = (issues: readonly Issue[]): string =>
  issues.map(({ path, message }) => (path === '' ? message : `${path} ${message}`)).join('; ')
