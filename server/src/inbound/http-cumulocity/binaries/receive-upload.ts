import type { IncomingMessage } from 'node:http'
import { failed, success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import { attachmentBytesMax, uploadOverheadBytesMax } from '../../../core/limits.ts'
import { hungUp } from '../../http/read-body.ts'
import { decodeFileName, decodeFileType } from './decode-content-headers.ts'
import { receiveMultipart } from './receive-multipart.ts'
import { writeAll } from './write-all.ts'
import type { ReceivedFile, WriteChunk } from './write-all.ts'

/**
 * Passes the file of a request on, chunk by chunk and no faster than it is written: the body as it stands, or a part of a
 * multipart body (docs/protocols/cumulocity.md, 3.7). Fails with `too-large`, with `invalid` for a body that is
 * not well-formed or not whole, and like `write`. What is not read then is thrown away by Node with the answer.
 */
export const receiveUpload = async (
  request: IncomingMessage,
  write: WriteChunk,
): Promise<Result<ReceivedFile>> => {
  const { headers } = request
  const isMultipart = /^\s*multipart\//i.test(headers['content-type'] ?? '')
  const most = attachmentBytesMax + (isMultipart ? uploadOverheadBytesMax : 0)
  if (Number(headers['content-length'] ?? 0) > most) return tooLarge
  if (request.destroyed && !request.readableEnded) return hungUp
  const received = isMultipart
    ? await receiveMultipart(request, write)
    : await receiveRaw(request, write)
  if (!received.ok) request.resume()
  return received
}

const tooLarge = failed({ kind: 'too-large', bytesMax: attachmentBytesMax })

const receiveRaw = async (
  request: IncomingMessage,
  write: WriteChunk,
): Promise<Result<ReceivedFile>> => {
  const written = await writeAll(request, write)
  if (!written.ok) return written
  const { headers } = request
  return success({
    name: decodeFileName(headers['content-disposition']),
    type: decodeFileType(headers),
    object: undefined,
  })
}
