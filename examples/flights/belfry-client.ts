import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { readAccount } from '../earthquakes/belfry.ts'

/** A server and who we are there, from the environment: see README.md. One request after the other. */
export type BelfryClient = {
  /** Answers the body of a 200. */
  readonly get: (path: string) => Promise<string>
  /** Answers the body of a 201: what was created when it is wanted, else nothing. */
  readonly post: (posted: {
    readonly path: string
    readonly mediaType: string
    readonly body: string
    readonly wantsBody: boolean
  }) => Promise<string>
  readonly close: () => void
}

const accept = { accept: 'application/json' }

export const createBelfryClient = (): BelfryClient => {
  const { url, authorization } = readAccount()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const send = (path: string, sending: Sending): Promise<string> => {
    const headers = { authorization, ...sending.headers }
    return exchange(new URL(path, url), agent, { ...sending, headers })
  }
  return {
    get: (path) => send(path, { method: 'GET', status: 200, headers: accept, body: '' }),
    post: ({ path, mediaType, body, wantsBody }) => {
      const headers = {
        'content-type': mediaType,
        'content-length': String(Buffer.byteLength(body)),
        // Without it the server answers with an empty body.
        ...(wantsBody ? accept : {}),
      }
      return send(path, { method: 'POST', status: 201, headers, body })
    },
    close: () => {
      agent.destroy()
    },
  }
}

type Sending = {
  readonly method: string
  /** The only one that will do. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const exchange = (
  url: URL,
  agent: Agent,
  { method, status, headers, body }: Sending,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers }, (response) => {
      text(response).then((answer) => {
        if (response.statusCode === status) resolve(answer)
        else reject(new Error(`${url.href} answered ${String(response.statusCode)}: ${answer}`))
      }, reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
