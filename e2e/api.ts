import { adminAuthorization } from './harness.ts'
import type { Belfry } from './harness.ts'

/** An HTTP answer with its body read: parsed when it is JSON. */
export type Answered = {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

export type Call = {
  readonly authorization?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
}

/** One request as t1's administrator unless said otherwise; asks for JSON. */
export const request = async (
  { url }: Pick<Belfry, 'url'>,
  method: string,
  path: string,
  call: Call = {},
): Promise<Answered> => {
  const answer = await fetch(path.startsWith('http') ? path : `${url}${path}`, {
    method,
    headers: {
      accept: 'application/json',
      ...('authorization' in call && call.authorization === undefined
        ? {}
        : { authorization: call.authorization ?? adminAuthorization }),
      ...(call.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(call.json === undefined ? {} : { body: JSON.stringify(call.json) }),
  })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('json') === true && text !== ''
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text }
}

/** Like `request`, and fails unless the status is the one expected. */
export const expectStatus = async (
  belfry: Pick<Belfry, 'url'>,
  status: number,
  ...[method, path, call]: [method: string, path: string, call?: Call]
): Promise<Answered> => {
  const answered = await request(belfry, method, path, call)
  if (answered.status !== status) {
    const body = JSON.stringify(answered.body)
    throw new Error(`${method} ${path} answers ${answered.status}, not ${status}: ${body}`)
  }
  return answered
}

/** A member of a JSON body, wherever it may be missing. */
export const memberOf = (body: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined,
    body,
  )

export const textOf = (body: unknown, ...names: readonly string[]): string =>
  String(memberOf(body, ...names))

export const listOf = (body: unknown, ...names: readonly string[]): readonly unknown[] => {
  const list = memberOf(body, ...names)
  return Array.isArray(list) ? list : []
}

/** What the server counts under this name; fails when it counts nothing of the kind. */
export const readMetric = async (belfry: Pick<Belfry, 'url'>, name: string): Promise<number> => {
  const { body } = await expectStatus(belfry, 200, 'GET', '/metrics')
  const line = String(body)
    .split('\n')
    .find((each) => each.startsWith(`${name} `))
  if (line === undefined) throw new Error(`no metric ${name}`)
  return Number(line.slice(name.length + 1))
}

/** Creates a device and answers its id. */
export const createDevice = async (belfry: Pick<Belfry, 'url'>, name: string): Promise<string> => {
  const json = { name, type: 'e2e_Device', c8y_IsDevice: {} }
  const { body } = await expectStatus(belfry, 201, 'POST', '/inventory/managedObjects', { json })
  return textOf(body, 'id')
}

/** A bulk of events by one request: all or none. As t1's administrator unless said otherwise. */
export const createEvents = async (
  belfry: Pick<Belfry, 'url'>,
  events: readonly unknown[],
  authorization: string = adminAuthorization,
): Promise<void> => {
  const headers = {
    'content-type': 'application/vnd.com.nsn.cumulocity.eventCollection+json',
  }
  await expectStatus(belfry, 201, 'POST', '/event/events', {
    json: { events },
    headers,
    authorization,
  })
}
