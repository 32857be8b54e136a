import type { Command } from 'commander'
import { clientSettings } from '../app/config.ts'
import { decodeJson, listAt, textAt } from './decode-answer.ts'
import { refused, type CommandContext, type Outcome } from './outcome.ts'
import type { Terminal } from './terminal.ts'

/** A server to talk to as one user. */
export type Connection = {
  readonly url: string
  /** The user's tenant: where commands work that don't name another one. */
  readonly tenant: string
  readonly user: string
  readonly call: (method: string, path: string, body?: unknown) => Promise<Answer>
}

export type Answer =
  | {
      readonly ok: true
      readonly status: number
      readonly body: unknown
      readonly headers: Headers
    }
  | { readonly ok: false; readonly line: string }

export type ClientOptions = {
  readonly url?: string
  readonly user?: string
  readonly tenant?: string
  readonly json?: boolean
}

/** Adds the options that every command has that talks to a server. */
export const withClientOptions = (command: Command): Command =>
  command
    .option(
      '--url <url>',
      `${clientSettings.url.summary} (BELFRY_URL; default ${clientSettings.url.default})`,
    )
    .option('--user <tenant/name>', `${clientSettings.user.summary} (BELFRY_USER)`)
    .option('--json', 'Print one JSON document.')

/** Runs a command against the server that its options name. */
export const withServer = async (
  { terminal }: CommandContext,
  options: ClientOptions,
  run: (server: Connection) => Promise<Outcome>,
): Promise<Outcome> => {
  const connected = await connect(terminal, options)
  return connected.ok ? run(connected.server) : connected
}

/**
 * Finds out whom to talk to, as whom and with which password (`BELFRY_PASSWORD`, or a question). Opens nothing yet. A user
 * without a tenant takes the one that `--tenant` names.
 */
const connect = async (
  terminal: Terminal,
  options: ClientOptions,
): Promise<{ readonly ok: true; readonly server: Connection } | ReturnType<typeof refused>> => {
  const { environment } = terminal
  const url = options.url ?? environment['BELFRY_URL'] ?? clientSettings.url.default
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    return refused(`--url (BELFRY_URL) must be an http or https address, not ${url}`)
  }
  const named = options.user ?? environment['BELFRY_USER']
  const account = named === undefined ? undefined : splitAccount(named, options.tenant)
  if (account === undefined) return refused('say who you are: --user tenant/name, or BELFRY_USER')
  const password =
    environment['BELFRY_PASSWORD'] ??
    (await terminal.askSecret(`Password of ${account.tenant}/${account.name}: `))
  if (password === undefined) {
    return refused('set BELFRY_PASSWORD: there is no terminal to ask for the password')
  }
  const base = url.replace(/\/+$/, '')
  const credentials = Buffer.from(`${account.tenant}/${account.name}:${password}`, 'utf8')
  const authorization = `Basic ${credentials.toString('base64')}`
  return {
    ok: true,
    server: {
      url: base,
      tenant: account.tenant,
      user: account.name,
      call: (method, path, body) => callServer({ base, authorization, method, path, body }),
    },
  }
}

/** `tenant/name`, or `name` in the tenant that is named elsewhere; undefined when neither. */
export const splitAccount = (
  text: string,
  tenant: string | undefined,
): { readonly tenant: string; readonly name: string } | undefined => {
  const slash = text.indexOf('/')
  const parts =
    slash < 0
      ? { tenant: tenant ?? '', name: text }
      : { tenant: text.slice(0, slash), name: text.slice(slash + 1) }
  return parts.tenant === '' || parts.name === '' ? undefined : parts
}

type Call = {
  readonly base: string
  readonly authorization: string
  readonly method: string
  readonly path: string
  readonly body: unknown
}

const callTimeoutMs = 60_000

const callServer = async ({ base, authorization, method, path, body }: Call): Promise<Answer> => {
  try {
    const response = await fetch(new URL(path, `${base}/`), {
      method,
      headers: {
        authorization,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(callTimeoutMs),
    })
    const answer = decodeJson(await response.text())
    if (response.ok) {
      return { ok: true, status: response.status, body: answer, headers: response.headers }
    }
    return refused(describeRefusal(response.status, answer))
  } catch (error) {
    return refused(describeNoAnswer(base, error))
  }
}

/** One line from any of the server's error bodies. */
const describeRefusal = (status: number, body: unknown): string => {
  const said = textAt(body, 'detail') || textAt(body, 'message') || textAt(body, 'title')
  const issues = listAt(body, 'issues')
    .map((issue) => [textAt(issue, 'path'), textAt(issue, 'message')].filter(Boolean).join(': '))
    .filter((issue) => issue !== '' && !said.includes(issue))
  const line = [said || 'the server gave no reason', ...issues].join('; ').replace(/\s+/g, ' ')
  return `${line} (HTTP ${status})`
}

const describeNoAnswer = (base: string, error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  const hint = code === 'ECONNREFUSED' ? '; is it running?' : ''
  return `no answer from ${base} (${code})${hint}`
}
