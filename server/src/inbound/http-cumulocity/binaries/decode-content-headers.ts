import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { isMediaType } from '../../../core/attachment.ts'
import { invalid, success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { ChunkRange } from '../../../usecases/upload-in-chunks.ts'

/**
 * The file's name in a Content-Disposition, or undefined. `filename*` (RFC 6266) comes before `filename`, which may be
 * UTF-8 as it stands, though Node reads headers as Latin-1. Of a path only its end counts.
 */
export const decodeFileName = (disposition: string | undefined): string | undefined => {
  if (disposition === undefined) return undefined
  const name = decodeExtended(disposition) ?? decodePlain(disposition)
  const [, last] = /([^/\\]*)$/.exec(name ?? '') ?? []
  return last === '' ? undefined : last
}

const decodeExtended = (disposition: string): string | undefined => {
  const [, encoded] = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(disposition) ?? []
  if (encoded === undefined) return undefined
  const bytes = Buffer.from(
    encoded.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  )
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined
}

const decodePlain = (disposition: string): string | undefined => {
  const [, quoted, bare] =
    /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]+))/i.exec(disposition) ?? []
  // Browsers escape nothing but the quote, and old clients write Windows paths: only `\"` and `\\` are escapes.
  const name = quoted?.replace(/\\(["\\])/g, '$1') ?? bare
  return name === undefined ? undefined : decodeHeaderText(name)
}

const decodeHeaderText = (text: string): string => {
  const bytes = Buffer.from(text, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : text
}

/** The Content-Type of a body that is a file; undefined when there is none that could be sent back. */
export const decodeFileType = (headers: IncomingHttpHeaders): string | undefined => {
  const type = headers['content-type']?.trim()
  return type !== undefined && isMediaType(type) ? type : undefined
}

/** Where a file comes in one piece, a part of it must not be taken for the whole. */
export const refuseContentRange = ({
  'content-range': range,
}: IncomingHttpHeaders): Result<undefined> =>
  range === undefined
    ? success(undefined)
    : invalid('Content-Range', 'only the POST of an attachment takes a file in chunks')

/** `bytes 0-99/300`, with or without the unit, `*` for a length that is not known yet (3.7). Undefined without the header. */
export const decodeContentRange = (
  headers: IncomingHttpHeaders,
): Result<ChunkRange | undefined> => {
  const range = headers['content-range']
  if (range === undefined) return success(undefined)
  const [, start, stop, total] =
    /^\s*(?:bytes[\s=]+)?(\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)\s*$/i.exec(range) ?? []
  if (start === undefined || stop === undefined) {
    return invalid('Content-Range', 'must be <start>-<stop>/<length or *>')
  }
  return success({
    start: Number(start),
    stop: Number(stop),
    total: total === '*' ? undefined : Number(total),
  })
}
