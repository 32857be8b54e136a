import { Busboy } from '@fastify/busboy'
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { isMediaType } from '../../../core/attachment.ts'
import { invalid, success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import { uploadPartBytesMax, uploadPartHeadersMax, uploadPartsMax } from '../../../core/limits.ts'
import { hungUp } from '../../http/read-body.ts'
import { writeAll } from './write-all.ts'
import type { ReceivedFile, WriteChunk } from './write-all.ts'

/**
 * Finds the file in a multipart body and passes it on. Clients differ in everything but this: the file's part is called
 * `file`, with or without a file name, or it has a file name (docs/protocols/cumulocity.md, 3.7). The first one
 * counts; parts that nobody knows are skipped.
 */
export const receiveMultipart = (
  request: IncomingMessage,
  write: WriteChunk,
): Promise<Result<ReceivedFile>> => {
  const parser = createParser(request.headers['content-type'] ?? '')
  if (parser === undefined) return Promise.resolve(malformed)
  return new Promise((resolve, reject) => {
    const parts: Parts = { fields: new Map(), file: undefined }
    const settle = (result: Result<ReceivedFile>): void => {
      request.unpipe(parser)
      request.off('close', hangUp)
      // The parser's own end of a cut-off body is no hang-up: the client is still there to be told.
      const told = result === hungUp && request.complete ? malformed : result
      // Whoever hears that it is over may rewind or remove the file: nothing may be written to it any more.
      parts.file?.stream.destroy()
      Promise.resolve(parts.file?.written).then(() => resolve(told), reject)
    }
    // A request that came whole closes too, and the parser may still be at work on it.
    const hangUp = (): void => {
      if (!request.complete) settle(hungUp)
    }
    const finish = (): void => {
      Promise.resolve(parts.file?.written ?? noFile).then((written) => {
        settle(written.ok ? toReceived(parts) : written)
      }, reject)
    }
    parser.on('file', (...[, stream, fileName, , type]) => {
      // Told by `finish` or `writeAll`; without a listener it would end the process.
      stream.on('error', () => settle(malformed))
      if (parts.file !== undefined) return stream.resume()
      const written = writeAll(stream, write)
      parts.file = { name: textOf(fileName), type, stream, written }
      written.then((result) => {
        if (!result.ok) settle(result)
      }, reject)
      return stream
    })
    parser.on('field', (name, value, _isNameCut, isCut) => {
      parts.fields.set(name, { value, isCut })
    })
    parser.on('partsLimit', () => settle(tooManyParts))
    parser.on('finish', finish)
    parser.on('error', () => settle(malformed))
    request.on('close', hangUp)
    request.pipe(parser)
  })
}

type Parts = {
  readonly fields: Map<string, { readonly value: string; readonly isCut: boolean }>
  file:
    | {
        readonly name: string | undefined
        readonly type: string
        readonly stream: Readable
        readonly written: Promise<Result<void>>
      }
    | undefined
}

const malformed = invalid('', 'the body is not well-formed multipart/form-data')
const noFile = invalid('file', 'a part of this name must hold the file')
const tooManyParts = invalid('', `the body has more than ${uploadPartsMax} parts`)

/** Undefined for a Content-Type that is no form or names no boundary, of which the parser makes an exception. */
const createParser = (contentType: string): InstanceType<typeof Busboy> | undefined => {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      isPartAFile,
      limits: {
        parts: uploadPartsMax,
        fieldSize: uploadPartBytesMax,
        headerPairs: uploadPartHeadersMax,
      },
    })
  } catch (error) {
    if (error instanceof Error) return undefined
    throw error
  }
}

/** Browsers give every part that is a Blob a file name, `object` too. */
const isPartAFile = (
  field: string | undefined,
  _type: string | undefined,
  fileName: string | undefined,
): boolean => field === 'file' || (fileName !== undefined && !fieldNames.has(field ?? ''))

const fieldNames: ReadonlySet<string> = new Set(['object', 'type', 'name', 'filesize'])

const textOf = (text: string | undefined): string | undefined => (text === '' ? undefined : text)

const toReceived = ({ fields, file }: Parts): Result<ReceivedFile> => {
  const object = fields.get('object')
  if (object?.isCut === true) {
    return invalid('object', `this part has at most ${uploadPartBytesMax} bytes`)
  }
  const said = fields.get('type')?.value
  return success({
    name: file?.name,
    type: said !== undefined && isMediaType(said) ? said : file?.type,
    object: object?.value,
  })
}
