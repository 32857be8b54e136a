import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { runBelfry } from './run-belfry.ts'
import type { Terminal } from './terminal.ts'

type Received = { readonly line: string; readonly authorization: string; readonly body: unknown }

const closers: (() => void)[] = []

afterEach(() => {
  for (const close of closers.splice(0)) close()
})

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text === '' ? undefined : JSON.parse(text)
}

/** A server that writes down what it is asked and answers `status` and `answer`. */
const listen = async (status: number, answer: unknown) => {
  const received: Received[] = []
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const { method = '', url = '', headers } = request
      received.push({ line: `${method} ${url}`, authorization: headers.authorization ?? '', body })
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  return { received, url: `http://127.0.0.1:${port}` }
}

const run = async (args: readonly string[], around: Partial<Terminal> = {}) => {
  const printed = { out: '', err: '' }
  const code = await runBelfry(args, {
    environment: {},
    out: (text) => (printed.out += text),
    err: (text) => (printed.err += text),
    askSecret: () => Promise.resolve(undefined),
    confirm: () => Promise.resolve(false),
    readInput: () => Promise.resolve(''),
    ...around,
  })
  return { code, ...printed }
}

const asAdmin = (url: string) => ({
  environment: { BELFRY_URL: url, BELFRY_USER: 't1/admin', BELFRY_PASSWORD: 'secret' },
})

describe('belfry', () => {
  it.each([
    [],
    ['serve'],
    ['demo'],
    ['config'],
    ['tenant', 'create'],
    ['tenant', 'list'],
    ['tenant', 'suspend'],
    ['tenant', 'resume'],
    ['tenant', 'delete'],
    ['user', 'create'],
    ['user', 'list'],
    ['user', 'delete'],
    ['device', 'create'],
    ['device', 'list'],
    ['app', 'create'],
    ['app', 'list'],
    ['key', 'create'],
    ['key', 'list'],
    ['key', 'revoke'],
    ['events', 'send'],
    ['events', 'tail'],
    ['events', 'list'],
    ['events', 'count'],
    ['events', 'delete'],
  ])('shows help with an example for %s %s', async (...names) => {
    const { code, out } = await run([...names, '--help'])
    expect(code).toBe(0)
    expect(out).toMatch(/\nExample:\n {2}\S*.*belfry /)
  })

  it.each([
    [['nonsense']],
    [['tenant', 'create']],
    [['events', 'send', '--device', '1']],
    [['key', 'create', '--expires', 'soon']],
    [['key', 'create', '--all-tenants', '--tenant', 't1']],
    [['user', 'create', 'no-slash']],
    [['user', 'create', 't1/a', '--role', 'ROLE_NONE']],
    [['events', 'list', '--limit', '0']],
    [['events', 'delete']],
    [['events', 'delete', '7', '--device', '1']],
    [['tenant', 'delete', 't2']],
    [['config', '--no-such-flag']],
  ])('answers 2 and one line to a wrong call: %j', async (args) => {
    const { code, out, err } = await run(args)
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toMatch(/^[^\n]+\n$/)
  })

  it('says who must be named, and that a password is needed', async () => {
    const environment = { BELFRY_USER: 't1/admin' }
    expect((await run(['app', 'list'])).err).toContain('--user tenant/name')
    expect((await run(['app', 'list'], { environment })).err).toContain('BELFRY_PASSWORD')
  })

  it('says that nobody listens', async () => {
    const { url } = await listen(200, {})
    for (const close of closers.splice(0)) close()
    const { code, err } = await run(['app', 'list'], asAdmin(url))
    expect(code).toBe(1)
    expect(err).toBe(`belfry: no answer from ${url} (ECONNREFUSED); is it running?\n`)
  })

  it('says on one line what the server said, in any of its error bodies', async () => {
    const problem = {
      title: 'Invalid',
      detail: 'not valid',
      issues: [{ path: 'id', message: 'x' }],
    }
    const native = await listen(422, problem)
    const cumulocity = await listen(403, {
      error: 'security/Forbidden',
      message: 'Access is denied.',
    })
    const invalid = await run(['app', 'list'], asAdmin(native.url))
    const forbidden = await run(['app', 'list'], asAdmin(cumulocity.url))
    expect(invalid).toMatchObject({ code: 1, err: 'belfry: not valid; id: x (HTTP 422)\n' })
    expect(forbidden.err).toBe('belfry: Access is denied. (HTTP 403)\n')
  })

  it('creates a key and prints it alone', async () => {
    const { url, received } = await listen(201, { key: 'bfk_x', prefix: 'bfk_' })
    const args = ['key', 'create', '--device', '17', '--device', '18', '--expires', '90d']
    expect(await run(args, asAdmin(url))).toEqual({ code: 0, out: 'bfk_x\n', err: '' })
    expect(received).toEqual([
      {
        line: 'POST /belfry/v1/tenants/t1/keys',
        authorization: `Basic ${Buffer.from('t1/admin:secret').toString('base64')}`,
        body: { devices: ['17', '18'], validForS: 7_776_000 },
      },
    ])
  })

  it('prints one JSON document with --json', async () => {
    const { url } = await listen(200, { tenants: [{ id: 't1', state: 'active', name: 'T' }] })
    const { out } = await run(['tenant', 'list', '--json'], asAdmin(url))
    expect(JSON.parse(out)).toEqual([{ id: 't1', state: 'active', name: 'T' }])
  })

  it('reads a new password from standard input and sends the roles', async () => {
    const { url, received } = await listen(201, { userName: 'reader' })
    const args = ['user', 'create', 't1/reader', '--password-stdin', '--role', 'ROLE_EVENT_READ']
    const around = { ...asAdmin(url), readInput: () => Promise.resolve('pw\n') }
    expect((await run(args, around)).code).toBe(0)
    expect(received).toMatchObject([
      {
        line: 'POST /user/t1/users',
        body: {
          userName: 'reader',
          password: 'pw',
          roles: { references: [{ role: { id: 'ROLE_EVENT_READ' } }] },
        },
      },
    ])
  })

  it('follows the pages of a list to its end', async () => {
    const { url, received } = await listen(200, { managedObjects: [{ id: '1', name: 'door' }] })
    const { out } = await run(['device', 'list'], asAdmin(url))
    expect(out).toContain('1   door')
    expect(received.map(({ line }) => line)).toEqual([
      'GET /inventory/managedObjects?fragmentType=c8y_IsDevice&pageSize=1000',
    ])
  })

  it('says which events are meant in the words of the server', async () => {
    const { url, received } = await listen(200, { events: [], statistics: { totalPages: 0 } })
    const narrowed = ['--device', '7', '--type', 't', '--fragment', 'f', '--text', 'door open']
    await run(['events', 'list', ...narrowed], asAdmin(url))
    const [, query] = received[0]?.line.split('?') ?? []
    expect(Object.fromEntries(new URLSearchParams(query))).toMatchObject({
      source: '7',
      type: 't',
      fragmentType: 'f',
      text: 'door open',
    })
  })

  it('asks before it deletes', async () => {
    const { url, received } = await listen(204, undefined)
    const questions: string[] = []
    const confirm = (question: string) => {
      questions.push(question)
      return Promise.resolve(true)
    }
    const { code } = await run(['tenant', 'delete', 't2'], { ...asAdmin(url), confirm })
    expect(code).toBe(0)
    expect(questions).toHaveLength(1)
    expect(received.map(({ line }) => line)).toEqual(['DELETE /belfry/v1/tenants/t2'])
  })

  it('shows the configuration with secrets masked, and where each value is from', async () => {
    const environment = { BELFRY_PORT: '9090', BELFRY_METRICS_TOKEN: 'hidden' }
    const { code, out } = await run(['config', '--log-level', 'warn'], { environment })
    expect(code).toBe(0)
    expect(out).toMatch(/^BELFRY_PORT +9090 +environment$/m)
    expect(out).toMatch(/^BELFRY_LOG_LEVEL +warn +flag$/m)
    expect(out).toMatch(/^BELFRY_METRICS_TOKEN +\*+ +environment$/m)
    expect(out).not.toContain('hidden')
  })

  it('refuses a bad configuration with every problem', async () => {
    const environment = { BELFRY_PORT: 'x', BELFRY_HSOT: 'h' }
    const { code, err } = await run(['config', '--check'], { environment })
    expect(code).toBe(1)
    expect(err.trimEnd().split('\n')).toHaveLength(2)
  })
})
