import { count, object, openObject, ref, text, url } from '../../http/area.ts'
import type { Content, Description, Operations, Schema } from '../../http/area.ts'
import { gone, parameter } from '../ground/cumulocity-dialect.ts'

/** A file as its sender has it. */
const bytes: Schema = { type: 'string', format: 'binary' }

export const fileAnswer: Description = {
  description: 'The bytes, under the type with which they came',
  content: { '*/*': bytes },
  headers: { 'Content-Disposition': { description: 'Always an attachment, with its name.' } },
}

/** As a form with the file and perhaps its description, or as the bytes alone. */
export const fileBody = (description: Schema): Content => ({
  'multipart/form-data': openObject({ file: bytes }, { object: description, filesize: count }),
  '*/*': bytes,
})

export const attachmentSchemas: Readonly<Record<string, Schema>> = {
  Attachment: object({ self: url, source: text, name: text, type: text, length: count }),
  AttachmentChunk: object({ self: url, source: text, range: text }),
  FileNaming: openObject({}, { name: text, type: text }),
}

const keptFile: Description = {
  description: 'Kept',
  content: { 'application/json': ref('Attachment') },
  headers: { Location: { description: 'Where it is found.' } },
}

/** The one file of an event (docs/protocols/cumulocity.md, 3.7). */
export const attachmentOperations: Operations = {
  'GET /event/events/:id/binaries': {
    summary: 'Read the attachment of an event',
    answers: { 200: fileAnswer },
  },
  'POST /event/events/:id/binaries': {
    summary: 'Attach a file to an event, whole or in chunks',
    details:
      'An event has one file at most: a second is a 409. The answer comes when it is on disk.',
    headers: [
      parameter('Content-Range', '`bytes 0-499/1000` for a chunk; every next one continues it.'),
      parameter('Content-Disposition', 'Names a file that comes as bytes alone.'),
    ],
    body: fileBody(ref('FileNaming')),
    answers: {
      200: {
        description: 'A chunk that is not the last',
        content: { 'application/json': ref('AttachmentChunk') },
      },
      201: keptFile,
    },
    fails: [409],
  },
  'PUT /event/events/:id/binaries': {
    summary: 'Replace the attachment of an event',
    details: 'Answered with 201, as clients expect it, though nothing new is made.',
    body: fileBody(ref('FileNaming')),
    answers: { 201: keptFile },
    fails: [409],
  },
  'DELETE /event/events/:id/binaries': {
    summary: 'Delete the attachment of an event',
    answers: gone,
  },
}
