import type { Failure, Issue, Thing } from '../../../core/failure.ts'

/** An error of the dialect (docs/protocols/cumulocity.md, 4). */
export type ErrorAnswer = {
  readonly status: number
  readonly error: string
  readonly message: string
  readonly retryAfterS?: number
}

type Row = Pick<ErrorAnswer, 'status' | 'error' | 'message'>

/** What is answered when a thing does not exist. An unknown source is the caller's mistake: 422, not 404. */
export const notFoundAnswers = {
  event: row(404, 'event/Not Found', 'Finding event from database failed'),
  attachment: row(404, 'Not Found', 'Attachment not found'),
  source: row(422, 'event/Unprocessable Entity', 'Source object does not exist in inventory.'),
  'managed-object': row(404, 'inventory/Not Found', 'Finding device data from database failed'),
  child: row(422, 'inventory/Invalid Data', 'managedObject … is not a child of …'),
  'external-id': row(404, 'identity/Not Found', 'External ID not found'),
  'global-id': row(404, 'identity/Not Found', 'Global ID not found'),
  tenant: row(404, 'security/Not Found', 'There is no such tenant'),
  user: row(404, 'users/Not Found', 'There is no such user'),
  role: row(404, 'Not Found', 'Cannot find the specified role.'),
  app: row(404, 'applications/Not Found', 'There is no such application'),
  key: row(404, 'security/Not Found', 'There is no such key'),
  receipt: row(404, 'event/Not Found', 'There is no such receipt'),
  job: row(404, 'event/Not Found', 'There is no such deletion'),
  backup: row(404, 'general/Not Found', 'There is no such backup'),
  route: row(404, 'general/Not Found', 'There is no such resource'),
  session: row(404, 'security/Not Found', 'There is no such session'),
  group: row(404, 'groups/Not Found', 'There is no such group'),
  'inventory-role': row(404, 'inventoryroles/Not Found', 'There is no such inventory role'),
  'inventory-assignment': row(404, 'inventoryroles/Not Found', 'There is no such assignment'),
  'device-request': row(404, 'devicecontrol/Not Found', 'Could not find newDeviceRequest'),
  'login-option': row(404, 'tenants/Not Found', 'Cannot find the specified configuration'),
  'retention-rule': row(404, 'retention/Not Found', 'Retention rule not found'),
  'audit-record': row(404, 'audit/Not Found', 'Audit record not found'),
  option: row(404, 'options/Not Found', 'There is no such option'),
} satisfies Record<Thing, Row>

/** What is answered when a thing is already there. */
export const conflictAnswers = {
  ...sameForAll(row(409, 'Duplicate', 'It already exists')),
  attachment: row(409, 'Duplicate', 'Attachment already exists'),
  'external-id': row(409, 'identity/Duplicate', 'was already bound to different Global ID.'),
  'managed-object': row(
    409,
    'inventory/conflict',
    'Cannot delete the specified object as it has associated data.',
  ),
  user: row(409, 'users/Duplicate', 'User already exists'),
  group: row(409, 'groups/Duplicate', 'Group already exists'),
  role: row(409, 'users/Duplicate', 'The role is assigned already'),
  app: row(409, 'applications/Duplicate', 'Application already exists'),
  tenant: row(409, 'tenants/Duplicate', 'Tenant already exists'),
  'inventory-role': row(409, 'inventoryroles/Duplicate', 'Inventory role already exists'),
  'device-request': row(409, 'devicecontrol/Duplicate', 'Device request already exists'),
} satisfies Record<Thing, Row>

/** What is answered for every other kind of failure. */
export const failureAnswers = {
  invalid: row(
    422,
    'undefined/validationError',
    'Following mandatory fields should be included: …',
  ),
  unauthenticated: row(401, 'security/Unauthorized', 'Invalid credentials! : Bad credentials'),
  forbidden: row(403, 'security/Forbidden', 'Access is denied.'),
  'too-large': row(413, 'general/tooLarge', 'The body is larger than allowed'),
  'too-many': row(429, 'general/tooManyRequests', 'Too many requests; try again later'),
  unavailable: row(503, 'general/unavailable', 'Nothing can be saved now; try again later'),
} satisfies Record<Exclude<Failure['kind'], 'not-found' | 'conflict'>, Row>

/** Failures of the HTTP request itself, before any use case. */
export const requestAnswers = {
  badRequest: row(400, 'general/badRequest', 'The request cannot be read'),
  methodNotAllowed: row(405, 'general/methodNotAllowed', 'The resource does not have this method'),
  notAcceptable: row(406, 'general/notAcceptable', 'Accept must admit JSON'),
  unsupportedMediaType: row(
    415,
    'general/unsupportedMediaType',
    'The body must be JSON, sent with Content-Type: application/json',
  ),
  headersTooLarge: row(431, 'general/badRequest', 'The headers are too large'),
  insufficientStorage: row(507, 'general/insufficientStorage', 'The disk is full'),
  tenantFull: row(
    507,
    'general/insufficientStorage',
    'The tenant has as much as it may; deleting makes room',
  ),
  internal: row(500, 'general/internalError', 'Internal error'),
} satisfies Record<string, Row>

/** What the original says of a query that it cannot read (6.1). */
export const queryNotUnderstood: ErrorAnswer = row(
  422,
  'inventory/Invalid Data',
  'Find by filter query failed : Query could not be understood.',
)

/** Turns any failure into its answer: total, so that a new kind of failure does not compile until it has one. */
export const encodeFailure = (failure: Failure): ErrorAnswer => {
  switch (failure.kind) {
    case 'invalid':
      return { ...failureAnswers.invalid, message: encodeIssues(failure.issues) }
    case 'unauthenticated':
      return failure.reason === 'bad-credentials' ? failureAnswers.unauthenticated : noCredentials
    case 'not-found':
      return encodeNotFound(failure.what, failure.id)
    case 'conflict':
      return encodeConflict(failure.what, failure.id)
    case 'forbidden':
      return failureAnswers.forbidden
    case 'too-large':
      return withMessage(failureAnswers['too-large'], `at most ${failure.bytesMax} bytes`)
    case 'too-many':
      return { ...failureAnswers['too-many'], retryAfterS: failure.retryAfterS }
    case 'unavailable':
      return { ...unavailableAnswer(failure.reason), retryAfterS: failure.retryAfterS }
  }
}

const unavailableAnswer = (reason: Extract<Failure, { kind: 'unavailable' }>['reason']): Row => {
  if (reason === 'disk-full') return requestAnswers.insufficientStorage
  return reason === 'tenant-full' ? requestAnswers.tenantFull : failureAnswers.unavailable
}

const noCredentials: ErrorAnswer = {
  ...failureAnswers.unauthenticated,
  message: 'Full authentication is required to access this resource',
}

function row(status: number, error: string, message: string): Row {
  return { status, error, message }
}

function sameForAll(answer: Row): Record<Thing, Row> {
  return {
    event: answer,
    attachment: answer,
    source: answer,
    'managed-object': answer,
    child: answer,
    'external-id': answer,
    'global-id': answer,
    tenant: answer,
    user: answer,
    role: answer,
    app: answer,
    key: answer,
    receipt: answer,
    job: answer,
    backup: answer,
    route: answer,
    session: answer,
    group: answer,
    'inventory-role': answer,
    'inventory-assignment': answer,
    'device-request': answer,
    'login-option': answer,
    'retention-rule': answer,
    'audit-record': answer,
    option: answer,
  }
}

const withMessage = (answer: Row, detail: string): ErrorAnswer => ({
  ...answer,
  message: `${answer.message}: ${detail}`,
})

const encodeNotFound = (what: Thing, id: string): ErrorAnswer => {
  if (what === 'external-id') return withMessage(notFoundAnswers[what], id)
  if (what === 'child') return encodeNoChild(id)
  const message = detailedMessages[what]?.(id)
  return message === undefined ? notFoundAnswers[what] : { ...notFoundAnswers[what], message }
}

const documentOf = (id: string): string =>
  `Cannot find document with ID ID [type=com_cumulocity_model_idtype_GId, value=${id}]!`

/** The original's sentences that name what was looked for. */
const detailedMessages: Partial<Record<Thing, (id: string) => string>> = {
  user: (id) => `Error retrieving user ${id}! : ${documentOf(id)}`,
  group: (id) => `Error retrieving group with id ${id}! : ${documentOf(id)}`,
  'device-request': (id) => `Could not find newDeviceRequest by ID ${id}`,
  app: (id) => `Could not find application by ID ${id}`,
  tenant: (id) => `There is no tenant with id = ${id}`,
}

/** The use cases write the id as `child/parent`. */
const encodeNoChild = (id: string): ErrorAnswer => {
  const [child, parent] = id.split('/')
  return { ...notFoundAnswers.child, message: `managedObject ${child} is not a child of ${parent}` }
}

const encodeConflict = (what: Thing, id: string): ErrorAnswer => {
  if (what === 'managed-object') return conflictAnswers[what]
  if (what === 'attachment') return conflictAnswers.attachment
  if (what !== 'external-id') return withMessage(conflictAnswers[what], id)
  const slash = id.indexOf('/')
  const pair = `ID [type=${id.slice(0, slash)}, value=${id.slice(slash + 1)}]`
  return { ...conflictAnswers['external-id'], message: `${pair} ${conflictAnswers[what].message}` }
}

/** The original's sentence when fields are only missing, else every problem with its place. */
const encodeIssues = (issues: readonly Issue[]): string => {
  const missing = issues.filter(({ problem }) => problem === 'missing').map(({ path }) => path)
  const wrong = issues
    .filter(({ problem }) => problem === 'wrong')
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  const sentence = `Following mandatory fields should be included: ${missing.join(',')}`
  return [...(missing.length > 0 ? [sentence] : []), ...wrong].join('; ')
}
