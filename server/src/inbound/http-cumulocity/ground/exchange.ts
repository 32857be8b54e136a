import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Principal } from '../../../core/access.ts'
import type { Result } from '../../../core/failure.ts'
import type { Authenticate } from '../../../usecases/authenticate.ts'
import type { BaseUrl } from '../../http/base-url.ts'
import type { BodyReader } from '../../http/read-body.ts'
import { failed, success } from '../../../core/failure.ts'
import { cumulocityBodyBytesMax, formBytesMax } from '../../../core/limits.ts'
import type { DecodeCredentials } from '../../http/decode-credentials.ts'
import { pathParameter } from '../../http/path-parameter.ts'
import { sendWhole } from '../../http/send-whole.ts'
import { encodeFailure, requestAnswers } from './encode-failure.ts'
import type { ErrorAnswer } from './encode-failure.ts'
import { bodyResource, contentTypeOf, negotiate } from './media-types.ts'
import type { Accepted, Resource } from './media-types.ts'

/** What every route of the dialect is built from. */
export type ExchangePorts = {
  readonly decodeCredentials: DecodeCredentials
  readonly authenticate: Authenticate
  readonly baseUrl: BaseUrl
  readonly bodies: BodyReader
}

/** A request of a known caller that wants an answer this dialect can give. */
export type Exchange = {
  readonly principal: Principal
  /** The beginning of every link, without a slash at its end. */
  readonly base: string
  readonly request: FastifyRequest
  /** Whether a write is answered with a body: to callers without an Accept it is not. */
  readonly wantsBody: boolean
  /** Path parameters, percent-decoded once; '' for one that the route does not have. */
  readonly parameter: (name: string) => string
  /** The JSON body as text, after its media type has been checked. */
  readonly readBody: () => Promise<Answerable<Body>>
}

export type Body = {
  readonly text: string
  /** The vendor resource that the Content-Type names, lower case; '' for plain JSON. */
  readonly resource: string
}

/** A result, or an error that only HTTP knows (405, 406, 415). */
export type Answerable<T> =
  Result<T> | { readonly ok: false; readonly failure?: never; readonly error: ErrorAnswer }

export type Answer = {
  readonly status: 200 | 201 | 204
  readonly resource: Resource
  /** The body as JSON text; undefined for none. On writes it is sent only to callers with an Accept. */
  readonly body: string | undefined
  readonly location?: string
  /** Sent even to a caller without an Accept, who gets no body on other writes. */
  readonly bodyAlways?: boolean
  /** Whole `Set-Cookie` values, in this order. */
  readonly cookies?: readonly string[]
}

export type Handler = (exchange: Exchange) => Promise<Answerable<Answer>>

/**
 * Runs a handler in the dialect's order of checks: who is calling (401), what may be sent back (406), then
 * whatever the handler checks. Bugs are left to the server's error handler.
 */
export const answerWith =
  (ports: ExchangePorts, handler: Handler) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const caller = await identifyCaller(ports, request)
    if (!caller.ok) return sendError(request, reply, toError(caller))
    const { base, principal } = caller.value
    const accepted = negotiate(request.headers.accept)
    if (accepted === undefined) return sendError(request, reply, requestAnswers.notAcceptable)
    const result = await handler({
      principal,
      base,
      request,
      wantsBody: accepted !== 'none',
      parameter: (name) => pathParameter(request, name),
      readBody: () => readJsonBody(ports.bodies, request, reply),
    })
    const held = result.ok ? holdAnswer(ports.bodies, request, reply, result) : result
    return held.ok
      ? sendAnswer(request, reply, held.value, accepted)
      : sendError(request, reply, toError(held))
  }

export type Caller = Pick<Exchange, 'principal' | 'base'>

/** Who is calling, and under which address. Fails with 400 for a Host that is none and for two different keys, and with 401. */
export const identifyCaller = async (
  ports: Omit<ExchangePorts, 'bodies'>,
  request: FastifyRequest,
): Promise<Answerable<Caller>> => {
  const base = ports.baseUrl(request)
  if (base === undefined) return { ok: false, error: badHost }
  const credentials = ports.decodeCredentials(request.headers, request.hostname)
  if (!credentials.ok) {
    return credentials.failure.kind === 'invalid' ? { ok: false, error: twoKeys } : credentials
  }
  const principal = await ports.authenticate(credentials.value, request)
  return principal.ok ? success({ base, principal: principal.value }) : principal
}

/** Only a read may be refused for the size of its answer: a write has happened. */
const holdAnswer = (
  bodies: BodyReader,
  { method }: FastifyRequest,
  reply: FastifyReply,
  result: Extract<Answerable<Answer>, { readonly ok: true }>,
): Answerable<Answer> => {
  if (method !== 'GET') return result
  const held = bodies.holdAnswer(reply.raw, result.value.body?.length ?? 0)
  return held.ok ? result : held
}

/** A request of whomever. */
export type OpenExchange = Pick<Exchange, 'base' | 'request'> & {
  /** The body's form fields, the last of each name; after the media type has been checked. */
  readonly readForm: () => Promise<Answerable<ReadonlyMap<string, string>>>
}

/** Like `answerWith`, for what everybody may see: credentials are not looked at. */
export const answerAnyone =
  (
    ports: Pick<ExchangePorts, 'baseUrl' | 'bodies'>,
    handler: (exchange: OpenExchange) => Promise<Answerable<Answer>>,
  ) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const base = ports.baseUrl(request)
    if (base === undefined) return sendError(request, reply, badHost)
    const accepted = negotiate(request.headers.accept)
    if (accepted === undefined) return sendError(request, reply, requestAnswers.notAcceptable)
    const readForm = () => readFormBody(ports.bodies, request, reply)
    const result = await handler({ base, request, readForm })
    return result.ok
      ? sendAnswer(request, reply, result.value, accepted)
      : sendError(request, reply, toError(result))
  }

const readFormBody = async (
  bodies: BodyReader,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Answerable<ReadonlyMap<string, string>>> => {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type !== formType) return { ok: false, error: notAForm }
  const text = await bodies.readText(request.raw, reply.raw, formBytesMax)
  return text.ok ? success(new Map(new URLSearchParams(text.value))) : text
}

const formType = 'application/x-www-form-urlencoded'

const notAForm: ErrorAnswer = {
  ...requestAnswers.unsupportedMediaType,
  message: `The body must be a form, sent with Content-Type: ${formType}`,
}

const badHost: ErrorAnswer = { ...requestAnswers.badRequest, message: 'the Host is not valid' }

/** Not 422 like other invalid input: the tenant-device dialect settles this for both (1). */
const twoKeys: ErrorAnswer = {
  ...requestAnswers.badRequest,
  message: 'the request names two different API keys',
}

export const toError = (
  result: Extract<Answerable<Answer>, { readonly ok: false }>,
): ErrorAnswer => (result.failure === undefined ? result.error : encodeFailure(result.failure))

const readJsonBody = async (
  bodies: BodyReader,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Answerable<Body>> => {
  const resource = bodyResource(request.headers)
  if (resource === undefined) return { ok: false, error: requestAnswers.unsupportedMediaType }
  const text = await bodies.readText(request.raw, reply.raw, cumulocityBodyBytesMax)
  if (!text.ok) return text
  return text.value === '' ? emptyBody : success({ text: text.value, resource })
}

const emptyBody = failed({
  kind: 'invalid',
  issues: [{ path: '', problem: 'wrong', message: 'Representation must not be null' }],
})

const sendAnswer = (
  request: FastifyRequest,
  reply: FastifyReply,
  { status, resource, body, location, bodyAlways, cookies }: Answer,
  accepted: Accepted,
): FastifyReply => {
  const headers = ['x-request-id', request.id]
  if (location !== undefined) headers.push('location', location)
  // One header for each: joined, they could not be told apart.
  if (cookies !== undefined) reply.raw.setHeader('set-cookie', cookies)
  const isUnwanted = accepted === 'none' && isWrite(request.method) && bodyAlways !== true
  if (body === undefined || isUnwanted) return sendWhole(reply, status, headers, undefined)
  headers.push('content-type', contentTypeOf(resource, accepted))
  return sendWhole(reply, status, headers, body)
}

const isWrite = (method: string): boolean => method === 'POST' || method === 'PUT'

/** Sends an error of the dialect: every one has a JSON body, because clients read its `message` (4.1). */
export const sendError = (
  request: FastifyRequest,
  reply: FastifyReply,
  error: ErrorAnswer,
): FastifyReply => {
  const { status, retryAfterS } = error
  reply
    .code(status)
    .header('x-request-id', request.id)
    .header('content-type', contentTypeOf('error', 'vendor'))
  if (retryAfterS !== undefined) reply.header('retry-after', retryAfterS)
  if (status === 401) reply.header('www-authenticate', challenge(request))
  return reply.send(encodeError(error))
}

/** The body of every failure. */
export const encodeError = ({ error, message }: ErrorAnswer): string =>
  JSON.stringify({ error, message, info: errorInfo })

const errorInfo = 'https://www.cumulocity.com/guides/reference-guide/#error_reporting'

/**
 * A plain Basic challenge makes a browser ask for a password. Pages that ask themselves say `UseXBasic`, or are known by a
 * log-in that has ended (5.2).
 */
const challenge = (request: FastifyRequest): string =>
  `${asksItself(request) ? 'XBasic' : 'Basic'} realm="Cumulocity"`

const asksItself = ({ headers, url }: FastifyRequest): boolean =>
  headers['usexbasic'] !== undefined ||
  headers['x-xsrf-token'] !== undefined ||
  url.startsWith('/tenant/oauth') ||
  /(?:^|;)\s*authorization=/.test(headers.cookie ?? '')
