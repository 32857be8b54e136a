import type { FastifyReply } from 'fastify'

/**
 * Sends an answer whose body is at hand: head and body leave in one write. `headers` are names and values in turn; the
 * length comes on top. Past the framework's own way to send, which looks at every answer for streams, trailers and
 * serialisers; its hooks behind an answer run as ever.
 */
export const sendWhole = (
  reply: FastifyReply,
  status: number,
  headers: string[],
  body: string | undefined,
): FastifyReply => {
  reply.hijack()
  if (status !== 204) headers.push('content-length', String(Buffer.byteLength(body ?? '')))
  reply.raw.writeHead(status, headers)
  reply.raw.end(body)
  return reply
}
