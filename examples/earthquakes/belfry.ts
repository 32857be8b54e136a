import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { decodeDocument } from './decode-earthquakes.ts'

/** A server, and who we are there: what the `belfry` command takes from the environment. */
export type Account = {
  readonly url: string
  readonly tenant: string
  readonly authorization: string
}

/** From `BELFRY_URL`, `BELFRY_USER` and `BELFRY_PASSWORD`. */
export const readAccount = (): Account => {
  const { BELFRY_URL = 'http://127.0.0.1:8080', BELFRY_USER = 't1/admin' } = process.env
  const { BELFRY_PASSWORD } = process.env
  if (BELFRY_PASSWORD === undefined) throw new Error('set BELFRY_PASSWORD')
  const credentials = Buffer.from(`${BELFRY_USER}:${BELFRY_PASSWORD}`).toString('base64')
  const [tenant = ''] = BELFRY_USER.split('/')
  return { url: BELFRY_URL, tenant, authorization: `Basic ${credentials}` }
}

const command = fileURLToPath(new URL('../../server/bin/belfry.js', import.meta.url))

/** Runs `belfry … --json` and answers one member of what it made. */
export const belfry = async (member: string, ...args: readonly string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, [command, ...args, '--json'])
  return String(decodeDocument(stdout)[member])
}

export type Answer = { readonly status: number; readonly location: string; readonly body: string }

/** One request, with JSON when there is a body. */
export const send = async (
  url: string,
  method: 'GET' | 'POST',
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<Answer> => {
  const answer = await fetch(url, {
    method,
    headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
  })
  return {
    status: answer.status,
    location: answer.headers.get('location') ?? '',
    body: await answer.text(),
  }
}

/** Sends with a few senders at once and answers in the order of the items. */
export const forEachAtOnce = async <Item, Value>(
  items: readonly Item[],
  run: (item: Item) => Promise<Value>,
): Promise<readonly Value[]> => {
  const values: Value[] = []
  const queue = items.entries()
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) values[index] = await run(item)
  }
  await Promise.all(Array.from({ length: 16 }, work))
  return values
}
