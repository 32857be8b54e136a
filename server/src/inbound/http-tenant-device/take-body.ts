import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { failed, success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import { tenantDeviceBodyBytesMax } from '../../core/limits.ts'
import type { BodyReader } from '../http/read-body.ts'
import { requestAnswers } from './encode-failure.ts'
import type { Answerable } from './exchange.ts'

/** Reads the body as text; what is wrong inside it is told only when its turn has come. */
type ReadBody = () => Promise<Result<string>>

/**
 * Checks size (413) and media type (415) of a body before anybody asks who sends it
 * (docs/protocols/tenant-device-events.md, 3). A declared length settles the size, so that the body of a caller who is
 * refused is never read; without one the body has to be read to know.
 */
export const takeBody = (
  bodies: BodyReader,
  request: FastifyRequest,
  reply: FastifyReply,
): Answerable<ReadBody> | Promise<Answerable<ReadBody>> => {
  const bytesMax = tenantDeviceBodyBytesMax
  const declared = request.headers['content-length']
  if (Number(declared ?? 0) > bytesMax) return failed({ kind: 'too-large', bytesMax })
  if (!isPlainJson(request.headers)) {
    return { ok: false, error: requestAnswers.unsupportedMediaType }
  }
  const read: ReadBody = () => bodies.readText(request.raw, reply.raw, bytesMax)
  return declared === undefined ? readAhead(read) : success(read)
}

const readAhead = async (read: ReadBody): Promise<Answerable<ReadBody>> => {
  const text = await read()
  return text.ok || text.failure.kind === 'invalid' ? success(() => Promise.resolve(text)) : text
}

const isPlainJson = (headers: IncomingHttpHeaders): boolean =>
  (headers['content-type'] === 'application/json' && headers['content-encoding'] === undefined) ||
  meansPlainJson(headers)

const meansPlainJson = (headers: IncomingHttpHeaders): boolean => {
  const [type = ''] = (headers['content-type'] ?? 'application/json').split(';', 1)
  const encoding = headers['content-encoding'] ?? 'identity'
  return type.trim().toLowerCase() === 'application/json' && encoding.toLowerCase() === 'identity'
}
