import { isMediaType } from '../../core/attachment.ts'
import type { Attachment } from '../../core/attachment.ts'
import { decodeJsonObject } from '../../core/decode-json-object.ts'

/**
 * A kept file is its content, then its description as JSON, then `trailerEndBytes`: the length of that JSON, and a mark.
 * The description stands at the end because a name may come behind the bytes that it names; and in the file, so
 * that the two are there together or not at all.
 */
export const encodeTrailer = (attachment: Attachment): Buffer => {
  const { name, type, length } = attachment
  const description = Buffer.from(JSON.stringify({ name, type, length }))
  const end = Buffer.alloc(trailerEndBytes)
  end.writeUInt32LE(description.length, 0)
  end.write(mark, 4, 'latin1')
  return Buffer.concat([description, end])
}

const trailerEndBytes = 12

/** Enough for the longest name and type in UTF-8 and escaped: a whole trailer is in the last bytes of this number. */
export const trailerBytesMax = 8 * 1024

const mark = 'BELFRYA1'

/** Reads the description from the last bytes of a file of this size; undefined when it is not whole. */
export const decodeTrailer = (last: Buffer, fileBytes: number): Attachment | undefined => {
  if (last.length < trailerEndBytes) return undefined
  const end = last.subarray(last.length - trailerEndBytes)
  const descriptionBytes = end.readUInt32LE(0)
  const start = last.length - trailerEndBytes - descriptionBytes
  if (end.toString('latin1', 4) !== mark || start < 0) return undefined
  const attachment = decodeDescription(last.toString('utf8', start, last.length - trailerEndBytes))
  const isWhole = attachment?.length === fileBytes - descriptionBytes - trailerEndBytes
  return isWhole ? attachment : undefined
}

const decodeDescription = (text: string): Attachment | undefined => {
  const { name, type, length } = decodeJsonObject(text)
  return typeof name === 'string' &&
    typeof type === 'string' &&
    isMediaType(type) &&
    typeof length === 'number'
    ? { name, type, length }
    : undefined
}
