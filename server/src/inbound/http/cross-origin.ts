import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { OriginVerdict } from '../../core/judge-origin.ts'
import { preflightHeadersLengthMax, preflightKeptS } from '../../core/limits.ts'
import type { AdmitOrigin } from '../../usecases/admit-origin.ts'
import type { Authenticate } from '../../usecases/authenticate.ts'
import type { DecodeCredentials } from './decode-credentials.ts'

export type CrossOriginPorts = {
  readonly decodeCredentials: DecodeCredentials
  readonly authenticate: Authenticate
  readonly admitOrigin: AdmitOrigin
}

/**
 * Tells browsers which pages may call and read (CORS, docs/protocols/cumulocity.md, 9.1), on every answer to a request with
 * an `Origin`, refusals and unknown paths too: a page that cannot read a 401 cannot ask for a password. Answers preflights
 * itself, 204, whatever the path. Requests without an `Origin` pay one look at a header.
 */
export const answerCrossOrigin = (server: FastifyInstance, ports: CrossOriginPorts): void => {
  server.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers
    if (origin === undefined) {
      done()
      return
    }
    judge(ports, request, origin).then((verdict) => {
      tellBrowser(reply, origin, verdict)
      if (isPreflight(request)) answerPreflight(request, reply, verdict)
      else done()
    }, done)
  })
}

const isPreflight = ({ method, headers }: FastifyRequest): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined

/** A preflight has no credentials. What else proves who is calling is remembered, so that asking again costs little. */
const judge = async (
  { decodeCredentials, authenticate, admitOrigin }: CrossOriginPorts,
  request: FastifyRequest,
  origin: string,
): Promise<OriginVerdict> => {
  const host = request.hostname
  const credentials = decodeCredentials(request.headers, host)
  const caller = credentials.ok ? await authenticate(credentials.value, request) : credentials
  return admitOrigin({ origin, tenant: caller.ok ? caller.value.tenant : undefined, host })
}

/** Never `*` together with cookies. Headers of the raw answer, because some answers are written past the framework. */
const tellBrowser = ({ raw }: FastifyReply, origin: string, verdict: OriginVerdict): void => {
  raw.setHeader('vary', 'Origin')
  if (verdict === 'nobody') return
  raw.setHeader('access-control-allow-origin', verdict === 'anyone' ? '*' : origin)
  raw.setHeader('access-control-expose-headers', exposed)
  if (verdict === 'this-one') raw.setHeader('access-control-allow-credentials', 'true')
}

/** What pages may read of an answer beside its type and length. */
const exposed =
  'Location, Content-Disposition, Allow, Retry-After, WWW-Authenticate, X-Request-ID, RateLimit, RateLimit-Policy'

const answerPreflight = (
  request: FastifyRequest,
  reply: FastifyReply,
  verdict: OriginVerdict,
): void => {
  const { raw } = reply
  raw.setHeader('x-request-id', request.id)
  if (verdict !== 'nobody') {
    raw.setHeader('access-control-allow-methods', 'GET, POST, PUT, DELETE')
    raw.setHeader('access-control-allow-headers', allowedHeaders(request))
    raw.setHeader('access-control-max-age', String(preflightKeptS))
  }
  reply.code(204).send()
}

/** Those that the page wants to send, as long as they are names: a header gives nobody a right that its value does not. */
const allowedHeaders = ({ headers }: FastifyRequest): string => {
  const wanted = headers['access-control-request-headers']
  const isList = typeof wanted === 'string' && /^[\w!#$%&'*+.^`|~, -]+$/.test(wanted)
  return isList && wanted.length <= preflightHeadersLengthMax ? wanted : usualHeaders
}

const usualHeaders =
  'authorization, accept, content-type, usexbasic, x-xsrf-token, tfatoken, x-cumulocity-application-key'
