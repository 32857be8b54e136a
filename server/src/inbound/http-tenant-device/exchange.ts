import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Principal } from '../../core/access.ts'
import type { Failure, Result } from '../../core/failure.ts'
import type { Authenticate } from '../../usecases/authenticate.ts'
import type { BaseUrl } from '../http/base-url.ts'
import type { DecodeCredentials } from '../http/decode-credentials.ts'
import { pathParameter } from '../http/path-parameter.ts'
import type { BodyReader } from '../http/read-body.ts'
import { sendWhole } from '../http/send-whole.ts'
import { encodeError, encodeFailure, requestAnswers, withDetail } from './encode-failure.ts'
import type { ErrorAnswer } from './encode-failure.ts'

/** What every route of the dialect is built from. */
export type ExchangePorts = {
  readonly decodeCredentials: DecodeCredentials
  readonly authenticate: Authenticate
  readonly baseUrl: BaseUrl
  readonly bodies: BodyReader
}

/** A request whose links can be answered; nothing else is checked yet. */
export type Exchange = {
  /** The beginning of every link, without a slash at its end. */
  readonly base: string
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** Path parameters, percent-decoded once. */
  readonly parameter: (name: string) => string
  readonly authenticate: () => Result<Principal> | Promise<Result<Principal>>
}

/** A result, or an error that only HTTP knows (409 with a place, 415). */
export type Answerable<T> =
  Result<T> | { readonly ok: false; readonly failure?: never; readonly error: ErrorAnswer }

export type Answer = {
  readonly status: 200 | 201 | 202 | 409
  /** JSON text. */
  readonly body: string
  readonly location?: string
  /** Told as `Belfry-Clock-Skew` when it is a number. */
  readonly skewMs?: number | undefined
}

/** The order of checks is the order of a handler's lines. */
export type Handler = (exchange: Exchange) => Promise<Answerable<Answer>>

/** Runs a handler and sends what it answers. Bugs are left to the server's error handler. */
export const answerWith =
  (ports: ExchangePorts, handler: Handler) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const base = ports.baseUrl(request)
    if (base === undefined) return sendError(request, reply, badHost)
    const answer = await handler({
      base,
      request,
      reply,
      parameter: (name) => pathParameter(request, name),
      authenticate: () => {
        const credentials = ports.decodeCredentials(request.headers, request.hostname)
        return credentials.ok ? ports.authenticate(credentials.value, request) : credentials
      },
    })
    return answer.ok
      ? sendAnswer(request, reply, answer.value)
      : sendError(request, reply, toError(answer))
  }

const badHost = withDetail(requestAnswers.malformed, 'the Host is not valid')

const toError = (answer: {
  readonly failure?: Failure
  readonly error?: ErrorAnswer
}): ErrorAnswer =>
  answer.failure === undefined
    ? (answer.error ?? requestAnswers.internal)
    : encodeFailure(answer.failure)

const sendAnswer = (
  request: FastifyRequest,
  reply: FastifyReply,
  { status, body, location, skewMs }: Answer,
): FastifyReply => {
  const headers = ['x-request-id', request.id, 'content-type', 'application/json']
  if (location !== undefined) headers.push('location', location)
  if (skewMs !== undefined) headers.push('belfry-clock-skew', String(skewMs))
  return sendWhole(reply, status, headers, body)
}

/**
 * Sends a failure; a 401 names no Basic challenge, which would make a kiosk's browser ask for a password. As bytes, because
 * fastify would add a charset to the media type of a text.
 */
export const sendError = (
  request: FastifyRequest,
  reply: FastifyReply,
  answer: ErrorAnswer,
): FastifyReply => {
  if (answer.retryAfterS !== undefined) reply.header('retry-after', answer.retryAfterS)
  if (answer.status === 401) reply.header('www-authenticate', 'Bearer realm="Belfry"')
  return reply
    .code(answer.status)
    .header('x-request-id', request.id)
    .header('content-type', 'application/json')
    .send(Buffer.from(encodeError(answer)))
}
