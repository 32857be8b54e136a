import type { ServerResponse } from 'node:http'
import type { Caller } from '../../core/credentials.ts'
import { failed } from '../../core/failure.ts'
import { requestsAtOnce } from '../../core/request-quota.ts'
import type { Authenticate } from '../../usecases/authenticate.ts'
import type { LimitedRequest, LimitRequests } from '../../usecases/limit-requests.ts'
import type { Protocol } from './create-http-server.ts'

export type LimitedCallers = {
  /** Fails like the one it is made of, and with `too-many` for a tenant at its limit. */
  readonly authenticate: Authenticate
  /** The same protocol, whose answers say how much is left. */
  readonly withFields: (protocol: Protocol) => Protocol
}

/**
 * Counts each request for the tenant of its caller once that has proved who it is, so that nobody can use up what is
 * another's. Answers carry `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10).
 */
export const limitCallers = (
  authenticate: Authenticate,
  limitRequests: Pick<LimitRequests, 'take'>,
): LimitedCallers => {
  /** By the request: whoever authenticates has no answer in its hands. */
  const answers = new WeakMap<Caller, ServerResponse>()
  return {
    authenticate: async (credentials, caller) => {
      const principal = await authenticate(credentials, caller)
      if (!principal.ok) return principal
      const taken = await limitRequests.take(principal.value.tenant)
      if (!taken.ok) return taken
      if (taken.value === undefined) return principal
      const { isTaken, waitS } = taken.value
      setFields(answers.get(caller), taken.value)
      return isTaken ? principal : failed({ kind: 'too-many', retryAfterS: waitS })
    },
    withFields: (protocol) => ({
      ...protocol,
      register: (server) => {
        server.addHook('onRequest', (request, reply, done) => {
          answers.set(request, reply.raw)
          done()
        })
        protocol.register(server)
      },
    }),
  }
}

/** A refusal names the same time as its `Retry-After`. */
const setFields = (
  answer: ServerResponse | undefined,
  { limit, remaining, isTaken, waitS, fullS }: LimitedRequest,
): void => {
  const quota = requestsAtOnce(limit)
  const windowS = Math.ceil(quota / limit.requestsPerS)
  answer?.setHeader('ratelimit-policy', `"tenant";q=${quota};w=${windowS}`)
  answer?.setHeader('ratelimit', `"tenant";r=${remaining};t=${isTaken ? fullS : waitS}`)
}
