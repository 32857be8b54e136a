import { Agent, request } from 'node:http'
import { authorization as firstUser } from './start-server.ts'

export type Answer = { readonly status: number; readonly body: string }

/** Requests one after the other over one connection that stays open, as the first user unless said otherwise. */
export type HttpClient = {
  /** Sends JSON (or the given media type); the answer has been read to its end. */
  readonly send: (request: {
    readonly method: string
    readonly path: string
    readonly body?: string
    readonly mediaType?: string
    /** Without it there is no `Accept`, so that what was stored is not sent back. */
    readonly wantsBody?: boolean
  }) => Promise<Answer>
  /** As `send`, and throws unless the answer has this status. */
  readonly expect: (status: number, request: Parameters<HttpClient['send']>[0]) => Promise<string>
  readonly close: () => void
}

export const createHttpClient = (url: string, authorization = firstUser): HttpClient => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const send: HttpClient['send'] = (wanted) =>
    new Promise((resolve, reject) => {
      const { method, path, body, mediaType = 'application/json', wantsBody = true } = wanted
      const headers = {
        authorization,
        ...(wantsBody ? { accept: 'application/json' } : {}),
        ...(body === undefined
          ? {}
          : { 'content-type': mediaType, 'content-length': Buffer.byteLength(body) }),
      }
      const sent = request(new URL(path, url), { method, agent, headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const status = response.statusCode ?? 0
          resolve({ status, body: Buffer.concat(chunks).toString('utf8') })
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
  return {
    send,
    expect: async (status, wanted) => {
      const answer = await send(wanted)
      if (answer.status === status) return answer.body
      throw new Error(
        `${wanted.method} ${wanted.path} answered ${answer.status}, not ${status}: ${answer.body.slice(0, 500)}`,
      )
    },
    close: () => {
      agent.destroy()
    },
  }
}
