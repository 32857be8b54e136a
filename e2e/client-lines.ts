import * as latest from '@c8y/client'
import { createRequire } from 'node:module'
import type { Client } from '@c8y/client'
import { bootstrapPassword } from './harness.ts'
import type { Belfry } from './harness.ts'

/** What the vendor's client offers to a program: the same names in every line of versions. */
export type ClientLine = typeof latest

/** One line of the vendor's client, logged in one way: what a test file runs its whole suite with. */
export type ClientCase = {
  /** As in `@c8y/client 1018.510.4 with a cookie`. */
  readonly title: string
  readonly line: ClientLine
  /** Of the newest line, which counts elements and builds queries with functions. */
  readonly isNewest: boolean
  /** The first administrator of tenant t1, logged in. */
  readonly logIn: (belfry: Pick<Belfry, 'url'>) => Promise<Client>
}

const require = createRequire(import.meta.url)

const isClientLine = (module: unknown): module is ClientLine =>
  typeof module === 'object' && module !== null && 'Client' in module && 'BasicAuth' in module

/** Its ES modules import without file endings, which only bundlers read: a program on Node gets CommonJS. */
const loadLine1018 = (): ClientLine => {
  const module: unknown = require('c8y-client-1018')
  if (!isClientLine(module)) throw new Error('c8y-client-1018 is not a line of @c8y/client')
  return module
}

const versionOf = (name: string): string => {
  const about: unknown = require(`${name}/package.json`)
  const version: unknown =
    typeof about === 'object' && about !== null ? Reflect.get(about, 'version') : undefined
  return String(version)
}

const clientLines: readonly { readonly name: string; readonly line: ClientLine }[] = [
  { name: `@c8y/client ${versionOf('@c8y/client')}`, line: latest },
  { name: `@c8y/client ${versionOf('c8y-client-1018')}`, line: loadLine1018() },
]

/** The first administrator of tenant t1, as the client wants to be told. */
export const credentials = { tenant: 't1', user: 'admin', password: bootstrapPassword }

type LogIn = (line: ClientLine, url: string) => Promise<Client>

const logIns: readonly (readonly [string, LogIn])[] = [
  ['Basic credentials', ({ Client }, url) => Client.authenticate(credentials, url)],
  ['a bearer token', ({ Client }, url) => Client.authenticateViaOAuthInternal(credentials, url)],
  ['a cookie', ({ Client }, url) => Client.authenticateViaOAuthInternalCookie(credentials, url)],
]

/** Every line of the client with every way to log in. */
export const clientCases: readonly ClientCase[] = clientLines.flatMap(({ name, line }) =>
  logIns.map(([way, logIn]) => ({
    title: `${name} with ${way}`,
    line,
    isNewest: line === latest,
    logIn: ({ url }) => logIn(line, url),
  })),
)

/** What the call was refused with; undefined when it was not. Anything but a refusal by the server is thrown on. */
export const failureOf = (call: Promise<unknown>): Promise<Refusal | undefined> =>
  call.then(
    () => undefined,
    (error: unknown) => refusalIn(error),
  )

/** As the client reports it: the status and the body. */
export type Refusal = { readonly res: { readonly status: number }; readonly data: unknown }

const refusalIn = (error: unknown): Refusal => {
  if (typeof error !== 'object' || error === null || !('res' in error)) throw error
  const status: unknown = Reflect.get(Object(error.res), 'status')
  return { res: { status: Number(status) }, data: Reflect.get(error, 'data') }
}
