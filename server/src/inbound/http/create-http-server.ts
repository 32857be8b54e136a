import { fastify, LogController } from 'fastify'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { onResponseHookHandler } from 'fastify'
import type { IncomingMessage } from 'node:http'
import type { Meter } from '../../ports/meter.ts'
import { headersTimeoutMs, pathParameterLengthMax, requestTimeoutMs } from '../../core/limits.ts'
import type { Area } from './area.ts'
import { answerUnread } from './answer-unread.ts'
import type { Unread, UnreadText } from './answer-unread.ts'
import { collectRoutes } from './route-table.ts'
import type { RouteTable } from './route-table.ts'
import { pathOfTarget } from './request-target.ts'
import { requestIdOf } from './request-id.ts'

export type HttpServerConfig = {
  /** Addresses (or ranges) whose `X-Forwarded-…` headers count; none by default. */
  readonly trustedProxies: readonly string[]
  readonly logger: FastifyBaseLogger
  /** Certificate and key as PEM texts, for HTTPS; absent for HTTP. */
  readonly tls?: TlsTexts | undefined
}

export type TlsTexts = { readonly cert: string; readonly key: string }

/** A protocol that answers below some paths. Registered as an encapsulated plugin. */
export type Protocol = {
  /** Paths that begin like this belong to it, unknown ones too; the longest prefix wins. */
  readonly prefix: string
  readonly register: (server: FastifyInstance) => void
  /** What it serves, in words and schemas: every route of `register`, and no other. */
  readonly areas: readonly Area[]
  /** Adds hooks for the requests of all protocols. */
  readonly hookAll?: (server: FastifyInstance) => void
  /** Answers 404, or 405 when `allowed` names the methods that the path does have. */
  readonly refuse: (refusal: Refusal, request: FastifyRequest, reply: FastifyReply) => FastifyReply
  /** The words for what Node could not read as a request; without them those of another protocol are used. */
  readonly encodeUnread?: (unread: Unread) => UnreadText
}

/** A request that reached no handler, or whose handler threw. */
export type Refusal =
  | { readonly kind: 'no-route' }
  | { readonly kind: 'no-method'; readonly allowed: readonly string[] }
  | { readonly kind: 'bad-request'; readonly status: 400 | 431; readonly message: string }
  | { readonly kind: 'bug' }

/**
 * One HTTP server for all protocols. Bodies are not parsed here: each handler reads its own, after it has
 * found out who is calling, so that a refused caller costs no parsing and the order of checks is
 * the order of the handler's lines.
 */
export const createHttpServer = (
  config: HttpServerConfig,
  meter: Meter,
  protocols: readonly Protocol[],
): FastifyInstance => {
  const server = fastify({
    loggerInstance: config.logger,
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    // Of these two fastify hands on the one that it needs.
    ...(config.tls === undefined ? {} : { https: { ...config.tls, ...timeouts } }),
    http: timeouts,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    genReqId: requestIdOf,
    // A logger of its own for each request costs more than reading its body, and only a bug is ever logged.
    childLoggerFactory: (logger) => logger,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: 'idle',
    // While stopping, a connection gets one more answer and is closed: fastify's own refusal would speak no dialect.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: pathParameterLengthMax },
    clientErrorHandler: (error, socket) => {
      answerUnread(error, socket, {
        methodsAt: (url) => routes.methodsAt(url),
        encode: (url, unread) => encodeUnread(protocols, url, unread),
      })
    },
    frameworkErrors: (error, request, reply) => {
      protocolOf(protocols, request.url).refuse(toRefusal(error), request, reply)
    },
    rewriteUrl: (request) => {
      overrideMethod(request)
      return pathOfTarget(request.url)
    },
  })
  // To fastify no method has a body: it would judge the media type before anybody has asked who is calling.
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    server.addHttpMethod(method, { hasBody: false, overrideExisting: true })
  }
  const routes = collectRoutes(server)
  countRequests(server, meter)
  for (const { hookAll } of protocols) hookAll?.(server)
  refuseTheRest(server, protocols, routes)
  for (const protocol of protocols) {
    server.register((scope, _options, done) => {
      protocol.register(scope)
      done()
    })
  }
  return server
}

const timeouts = { headersTimeout: headersTimeoutMs } as const

/**
 * `POST` with `X-HTTP-METHOD: PUT` is a PUT (docs/protocols/cumulocity.md, 1.2); not in the other dialects. A method that
 * the path does not have must not fall back to POST: that would create what was meant to be something else.
 */
const overrideMethod = (request: IncomingMessage): void => {
  const wanted = request.headers['x-http-method']
  if (wanted === undefined || request.method !== 'POST') return
  if (typeof wanted !== 'string' || request.url?.startsWith('/rest/') === true) return
  const method = wanted.trim().toUpperCase()
  if (method !== '') request.method = overriding.has(method) ? method : methodOfNoPath
}

/** Any other name becomes one that no path has, so that the names in the metrics stay few. */
const overriding: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])
const methodOfNoPath = 'PATCH'

/** Each route counts its own; what reached none is counted by the hook of all. */
const countRequests = (server: FastifyInstance, meter: Meter): void => {
  const countAs =
    (route: string): onResponseHookHandler =>
    (request, reply, done) => {
      meter.countRequest(route, request.method, reply.statusCode, reply.elapsedTime / 1000)
      done()
    }
  server.addHook('onRoute', (route) => {
    route.onResponse = countAs(route.url)
  })
  const countAsNone = countAs('none')
  server.addHook('onResponse', (request, reply, done) => {
    if (request.is404) countAsNone.call(server, request, reply, done)
    else done()
  })
}

const refuseTheRest = (
  server: FastifyInstance,
  protocols: readonly Protocol[],
  routes: RouteTable,
): void => {
  server.setNotFoundHandler((request, reply) => {
    const allowed = routes.methodsAt(request.url)
    const refusal: Refusal =
      allowed.length > 0 ? { kind: 'no-method', allowed } : { kind: 'no-route' }
    return protocolOf(protocols, request.url).refuse(refusal, request, reply)
  })
  server.setErrorHandler((error, request, reply) => {
    const refusal = toRefusal(error)
    if (refusal.kind === 'bug')
      request.log.error({ err: error, requestId: request.id }, 'request failed')
    return protocolOf(protocols, request.url).refuse(refusal, request, reply)
  })
}

/** What fastify itself refuses has a code of its own; anything else that arrives here is a bug. */
const toRefusal = (error: unknown): Refusal => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'FST_ERR_BAD_URL':
      return { kind: 'bad-request', status: 400, message: 'the path is not well percent-encoded' }
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return { kind: 'bad-request', status: 400, message: 'a part of the path is too long' }
    default:
      return { kind: 'bug' }
  }
}

const protocolOf = (protocols: readonly Protocol[], url: string): Protocol => {
  const fitting = protocols
    .filter(({ prefix }) => url.startsWith(prefix))
    .sort((left, right) => right.prefix.length - left.prefix.length)
  const [first] = fitting
  if (first === undefined) throw new Error('one protocol must have the prefix /')
  return first
}

const encodeUnread = (protocols: readonly Protocol[], url: string, unread: Unread): UnreadText => {
  const own = protocolOf(protocols, url).encodeUnread ?? protocolOf(protocols, '/').encodeUnread
  return own?.(unread) ?? { contentType: 'text/plain', body: unread.kind }
}
