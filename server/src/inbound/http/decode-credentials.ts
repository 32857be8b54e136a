import type { IncomingHttpHeaders } from 'node:http'
import type { BasicCredentials, Credentials } from '../../core/credentials.ts'
import { failed, invalid, success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import type { TenantId } from '../../core/identity.ts'
import { rememberedCredentialsLengthMax, rememberedCredentialsMax } from '../../core/limits.ts'

export type DecodeCredentials = (
  headers: IncomingHttpHeaders,
  hostname: string,
) => Result<Credentials>

/**
 * As `decodeCredentials`, and answers the same object for the same headers: clients show the same credentials in every
 * request, and whoever checks them can tell that by a glance. Bounds: `rememberedCredentialsMax`, the oldest out, and
 * `rememberedCredentialsLengthMax`; beyond, they are read anew. So is all that comes with a cookie, which may count.
 */
export const createDecodeCredentials = (): DecodeCredentials => {
  const remembered = new Map<string, Remembered>()
  return (headers, hostname) => {
    const text = headers.authorization ?? headers['x-moki-tenantapitoken'] ?? headers['x-api-key']
    if (typeof text !== 'string' || headers.cookie !== undefined) {
      return decodeCredentials(headers, hostname)
    }
    const known = remembered.get(text)
    if (known !== undefined && isSame(known, headers, hostname)) return known.credentials
    const credentials = decodeCredentials(headers, hostname)
    if (credentials.ok && text.length <= rememberedCredentialsLengthMax) {
      remember(remembered, text, { ...pickHeaders(headers), hostname, credentials })
    }
    return credentials
  }
}

/** Everything that credentials are read from, and what was read. */
type Remembered = ReturnType<typeof pickHeaders> & {
  readonly hostname: string
  readonly credentials: Result<Credentials>
}

const pickHeaders = (headers: IncomingHttpHeaders) => ({
  authorization: headers.authorization,
  apiKey: headers['x-api-key'],
  tenantKey: headers['x-moki-tenantapitoken'],
})

const isSame = (known: Remembered, headers: IncomingHttpHeaders, hostname: string): boolean =>
  known.hostname === hostname &&
  known.authorization === headers.authorization &&
  known.apiKey === headers['x-api-key'] &&
  known.tenantKey === headers['x-moki-tenantapitoken']

const remember = (remembered: Map<string, Remembered>, text: string, known: Remembered): void => {
  const [oldest] = remembered.keys()
  if (remembered.size >= rememberedCredentialsMax && oldest !== undefined) remembered.delete(oldest)
  remembered.set(text, known)
}

/**
 * Finds the credentials of a request: `Authorization: Basic` with or without a tenant before the user; an
 * API key as `Authorization: Bearer`, `X-API-Key` or `X-Moki-TenantAPIToken`; the token of a log-in as `Authorization:
 * Bearer`, or in the cookie `authorization` with its proof as `X-XSRF-TOKEN`. A cookie counts only where
 * nothing else is said, because browsers send it unasked. Fails with `unauthenticated` when there are none or they
 * cannot be read, and with `invalid` for two different keys.
 */
export const decodeCredentials = (
  headers: IncomingHttpHeaders,
  hostname: string,
): Result<Credentials> => {
  const keys = new Set(keyHeaders.flatMap((name) => keysIn(headers[name])))
  const authorization = headers.authorization ?? ''
  const [scheme, value = ''] = splitOnce(authorization.trim(), ' ')
  if (scheme.toLowerCase() === 'bearer') keys.add(value.trim())
  const [key] = keys
  if (keys.size > 1) return invalid('', 'the request names two different API keys')
  if (key !== undefined) return success(isToken(key) ? { kind: 'token', token: key } : toKey(key))
  if (scheme.toLowerCase() === 'basic') return decodeBasic(value.trim(), hostname)
  if (authorization !== '') return badCredentials
  return headers.cookie === undefined ? noCredentials : decodeCookie(headers.cookie, headers)
}

const toKey = (key: string): Credentials => ({ kind: 'key', key })

/** Three parts with dots between them, as a JWT has. */
const isToken = (text: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)

export const tokenCookie = 'authorization'
export const proofCookie = 'XSRF-TOKEN'

const decodeCookie = (cookies: string, headers: IncomingHttpHeaders): Result<Credentials> => {
  const token = cookieNamed(tokenCookie, cookies)
  if (token === undefined || token === '') return noCredentials
  const proof = headers['x-xsrf-token']
  return success({ kind: 'cookie', token, proof: typeof proof === 'string' ? proof : '' })
}

const cookieNamed = (wanted: string, cookies: string): string | undefined => {
  for (const cookie of cookies.split(';')) {
    const [name, value] = splitOnce(cookie.trim(), '=')
    if (name === wanted) return value
  }
  return undefined
}

const keyHeaders = ['x-api-key', 'x-moki-tenantapitoken'] as const

const noCredentials = failed({ kind: 'unauthenticated', reason: 'no-credentials' })
const badCredentials = failed({ kind: 'unauthenticated', reason: 'bad-credentials' })

/** A header that was sent twice arrives as one text with commas in it, which no key has. */
const keysIn = (header: string | readonly string[] | undefined): readonly string[] =>
  typeof header === 'string' ? header.split(',').map((key) => key.trim()) : []

/** The first colon separates the password, a slash before it the tenant (docs/protocols/cumulocity.md, 5.1). */
const decodeBasic = (encoded: string, host: string): Result<Credentials> => {
  const [account, password] = splitOnce(Buffer.from(encoded, 'base64').toString('utf8'), ':')
  if (password === undefined || account === '') return badCredentials
  return success(decodeAccount(account, password, host))
}

/** A user as it is named in credentials: `tenant/user` or `user`. */
export const decodeAccount = (
  account: string,
  password: string,
  host: string,
): BasicCredentials => {
  const [first, rest] = splitOnce(account, '/')
  return {
    kind: 'basic',
    tenant: rest === undefined ? undefined : (first as TenantId),
    user: rest ?? first,
    password,
    host,
  }
}

const splitOnce = (text: string, mark: string): readonly [string, string | undefined] => {
  const at = text.indexOf(mark)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
