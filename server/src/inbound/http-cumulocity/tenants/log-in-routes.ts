import type { FastifyInstance } from 'fastify'
import type { BasicCredentials } from '../../../core/credentials.ts'
import { failed, invalid, success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { LoggedIn, LogIn } from '../../../usecases/log-in.ts'
import { decodeAccount, proofCookie, tokenCookie } from '../../http/decode-credentials.ts'
import { answerAnyone, answerWith } from '../ground/exchange.ts'
import type { Answerable, ExchangePorts, OpenExchange } from '../ground/exchange.ts'
import { firstValue, queryParametersOf } from '../ground/query-parameters.ts'

export type LogInUseCases = { readonly logIn: LogIn }

/**
 * Logging in by a form and out again (docs/protocols/cumulocity.md, 5.3). An `Authorization` header beside the form
 * says nothing, and neither does a second factor.
 */
export const registerLogInRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { logIn }: LogInUseCases,
): void => {
  /** 200 without a body, with the two cookies; 401; 403 for a suspended tenant; 415, 422; 429 when locked out. */
  server.post(
    '/tenant/oauth',
    answerAnyone(ports, async (exchange) => {
      const loggedIn = await beginBy(exchange, (credentials) =>
        logIn.begin(credentials, exchange.request, 'in-cookie'),
      )
      if (!loggedIn.ok) return loggedIn
      const cookies = cookiesOf(loggedIn.value, exchange.base)
      return success({ status: 200, resource: 'json', body: undefined, cookies })
    }),
  )

  /** 200 with the token; fails like the former. */
  server.post(
    '/tenant/oauth/token',
    answerAnyone(ports, async (exchange) => {
      const loggedIn = await beginBy(exchange, (credentials) =>
        logIn.begin(credentials, exchange.request, 'in-body'),
      )
      if (!loggedIn.ok) return loggedIn
      const body = JSON.stringify({ access_token: loggedIn.value.token })
      return success({ status: 200, resource: 'json', body, bodyAlways: true })
    }),
  )

  /** 200 without a body: the session of the token that proved the caller is over, and a browser drops its cookies. */
  server.post(
    '/user/logout',
    answerWith(ports, async ({ request, base }) => {
      const credentials = ports.decodeCredentials(request.headers, request.hostname)
      const ended = credentials.ok ? await logIn.end(credentials.value) : credentials
      if (!ended.ok) return ended
      const cookies = [cookie(tokenCookie, '', 0, base), cookie(proofCookie, '', 0, base)]
      return success({ status: 200, resource: 'json', body: undefined, cookies })
    }),
  )
}

const beginBy = async (
  { request, readForm }: OpenExchange,
  begin: (credentials: BasicCredentials) => Promise<Result<LoggedIn>>,
): Promise<Answerable<LoggedIn>> => {
  const form = await readForm()
  if (!form.ok) return form
  const grant = form.value.get('grant_type') ?? 'PASSWORD'
  if (grant.toUpperCase() !== 'PASSWORD') return invalid('grant_type', 'must be PASSWORD')
  const user = form.value.get('username') ?? ''
  const password = form.value.get('password') ?? ''
  if (user === '' || password === '') return noCredentials
  const tenant = firstValue(queryParametersOf(request), 'tenant_id')
  return begin(
    decodeAccount(tenant === undefined ? user : `${tenant}/${user}`, password, request.hostname),
  )
}

const noCredentials = failed({ kind: 'unauthenticated', reason: 'no-credentials' })

/** The token's cookie comes first: a client looks for it at the beginning of all of them joined. */
const cookiesOf = ({ token, proof, cookieMs }: LoggedIn, base: string): readonly string[] => {
  const seconds = cookieMs === undefined ? undefined : cookieMs / 1000
  return [
    `${cookie(tokenCookie, token, seconds, base)}; HttpOnly`,
    cookie(proofCookie, proof, seconds, base),
  ]
}

/** Without `seconds` it goes when the browser is closed. */
const cookie = (name: string, value: string, seconds: number | undefined, base: string): string => {
  const lasting = seconds === undefined ? '' : `; Max-Age=${seconds}`
  const secure = base.startsWith('https:') ? '; Secure' : ''
  return `${name}=${value}; Path=/${lasting}; SameSite=Lax${secure}`
}
