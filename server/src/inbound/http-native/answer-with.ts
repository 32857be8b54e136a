import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Principal } from '../../core/access.ts'
import type { Caller, Credentials } from '../../core/credentials.ts'
import { invalid, success, type Result } from '../../core/failure.ts'
import { administrationBodyBytesMax } from '../../core/limits.ts'
import type { Refusal } from '../http/create-http-server.ts'
import type { DecodeCredentials } from '../http/decode-credentials.ts'
import { isLocal } from '../http/is-local.ts'
import { pathParameter } from '../http/path-parameter.ts'
import type { BodyReader } from '../http/read-body.ts'
import { encodeFailure, refusalProblems, type Problem } from './encode-failure.ts'

export type NativePorts = {
  readonly decodeCredentials: DecodeCredentials
  readonly authenticate: (credentials: Credentials, caller: Caller) => Promise<Result<Principal>>
  readonly bodies: BodyReader
}

/** A request of a known caller. */
export type NativeExchange = {
  readonly principal: Principal
  /** Whether the caller is on the machine of the server. */
  readonly isLocal: boolean
  /** A path parameter, percent-decoded once; '' for one that the route does not have. */
  readonly parameter: (name: string) => string
  /** The body as JSON. Fails with `invalid` and `too-large`. */
  readonly readBody: () => Promise<Result<unknown>>
}

export type NativeAnswer = {
  readonly status: 200 | 201 | 202 | 204
  readonly body?: unknown
}

/** Runs a handler for a caller that has proved who it is; its failures become problems. */
export const answerWith =
  (ports: NativePorts, handle: (exchange: NativeExchange) => Promise<Result<NativeAnswer>>) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const credentials = ports.decodeCredentials(request.headers, request.hostname)
    const principal = credentials.ok
      ? await ports.authenticate(credentials.value, request)
      : credentials
    if (!principal.ok) return sendProblem(request, reply, encodeFailure(principal.failure))
    const answer = await handle({
      principal: principal.value,
      isLocal: isLocal(request),
      parameter: (name) => pathParameter(request, name),
      readBody: () => readJson(ports.bodies, request, reply),
    })
    if (!answer.ok) return sendProblem(request, reply, encodeFailure(answer.failure))
    return sendJson(request, reply, answer.value.status, answer.value.body)
  }

const readJson = async (
  bodies: BodyReader,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Result<unknown>> => {
  const text = await bodies.readText(request.raw, reply.raw, administrationBodyBytesMax)
  if (!text.ok) return text
  try {
    const body: unknown = JSON.parse(text.value)
    return success(body)
  } catch (error) {
    if (error instanceof SyntaxError) return invalid('', 'the body must be JSON')
    throw error
  }
}

/** Sends an answer that no cache may keep. */
export const sendJson = (
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  body: unknown,
): FastifyReply => {
  reply.code(status).header('x-request-id', request.id).header('cache-control', 'no-store')
  if (body === undefined) return reply.send()
  return reply.header('content-type', 'application/json').send(JSON.stringify(body))
}

export const sendProblem = (
  request: FastifyRequest,
  reply: FastifyReply,
  { retryAfterS, ...problem }: Problem,
): FastifyReply => {
  reply
    .code(problem.status)
    .header('x-request-id', request.id)
    .header('content-type', 'application/problem+json')
  if (retryAfterS !== undefined) reply.header('retry-after', retryAfterS)
  if (problem.status === 401) reply.header('www-authenticate', 'Basic realm="Belfry"')
  return reply.send(JSON.stringify(problem))
}

/** What is answered when no handler of this protocol could. */
export const refuse = (
  refusal: Refusal,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  if (refusal.kind === 'no-method') reply.header('allow', refusal.allowed.join(', '))
  const row = refusalProblems[refusal.kind]
  const status = refusal.kind === 'bad-request' ? refusal.status : row.status
  return sendProblem(request, reply, { ...row, status, detail: describe(refusal, request) })
}

const describe = (refusal: Refusal, request: FastifyRequest): string => {
  switch (refusal.kind) {
    case 'no-route':
      return 'there is nothing at this address'
    case 'no-method':
      return `this address has ${refusal.allowed.join(', ')}`
    case 'bad-request':
      return refusal.message
    case 'bug':
      return `the log has more under request id ${request.id}`
  }
}
