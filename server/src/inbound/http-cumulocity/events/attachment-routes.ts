import type { FastifyInstance } from 'fastify'
import type { Attachment, AttachmentNaming } from '../../../core/attachment.ts'
import { parseEventId } from '../../../core/event-id.ts'
import { failed, invalid, notFound, success } from '../../../core/failure.ts'
import type { Issue, Result, Thing } from '../../../core/failure.ts'
import type { EventId } from '../../../core/identity.ts'
import type { KeepMode } from '../../../ports/attachments.ts'
import type { AttachToEvents } from '../../../usecases/attach-to-events.ts'
import type { Upload } from '../../../usecases/attachment-ports.ts'
import type {
  ChunkOutcome,
  ChunkRange,
  UploadInChunks,
} from '../../../usecases/upload-in-chunks.ts'
import { answerBinary } from '../binaries/binary-exchange.ts'
import type { BinaryAnswer, BinaryExchange } from '../binaries/binary-exchange.ts'
import { decodeContentRange } from '../binaries/decode-content-headers.ts'
import { decodeMembers, decodeText } from '../ground/decode-members.ts'
import { eventUrl } from './encode-event.ts'
import type { Answerable, ExchangePorts } from '../ground/exchange.ts'
import type { ReceivedFile } from '../binaries/write-all.ts'

export type AttachmentUseCases = {
  readonly attachToEvents: AttachToEvents
  readonly uploadInChunks: UploadInChunks
}

/** The one file of an event (docs/protocols/cumulocity.md, 3.7). */
export const registerAttachmentRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { attachToEvents, uploadInChunks }: AttachmentUseCases,
): void => {
  const path = '/event/events/:id/binaries'

  /** 200 with the bytes; 404 without an attachment, also when there is no such event; 403. */
  server.get(
    path,
    answerBinary(ports, async (exchange) => {
      const id = decodeId(exchange, 'attachment')
      const file = id.ok ? await attachToEvents.read(exchange.principal, id.value) : id
      return file.ok ? success({ kind: 'file', file: file.value }) : file
    }),
  )

  /** 201 with `Location`, or 200 for a chunk that is not the last; 404, 403, 409, all before the file is read; 413; 422. */
  server.post(
    path,
    answerBinary(ports, async (exchange) => {
      const range = decodeContentRange(exchange.request.headers)
      if (!range.ok) return range
      return range.value === undefined
        ? upload(exchange, attachToEvents, 'create')
        : uploadChunk(exchange, uploadInChunks, range.value)
    }),
  )

  /** 201 as clients expect it, though nothing new is made; 404 without an attachment; 403; 413; 422, also for a chunk. */
  server.put(
    path,
    answerBinary(ports, (exchange) =>
      exchange.request.headers['content-range'] === undefined
        ? upload(exchange, attachToEvents, 'replace')
        : Promise.resolve(chunkByPut),
    ),
  )

  /** 204; 404 without an attachment; 403. */
  server.delete(
    path,
    answerBinary(ports, async (exchange) => {
      const id = decodeId(exchange, 'event')
      const done = id.ok ? await attachToEvents.delete(exchange.principal, id.value) : id
      return done.ok ? success({ kind: 'deleted' }) : done
    }),
  )
}

/** It would take the place of a whole file, and be answered as if it were one. */
const chunkByPut = invalid('Content-Range', 'must not be there: chunks come by POST')

const decodeId = ({ parameter }: BinaryExchange, absent: Thing): Result<EventId> => {
  const id = parseEventId(parameter('id'))
  return id === undefined ? notFound(absent, parameter('id')) : success(id)
}

const upload = async (
  exchange: BinaryExchange,
  attachToEvents: AttachToEvents,
  mode: KeepMode,
): Promise<Answerable<BinaryAnswer>> => {
  const id = decodeId(exchange, 'event')
  if (!id.ok) return id
  const begun = await attachToEvents.begin(exchange.principal, id.value, mode)
  if (!begun.ok) return begun
  const byDefault = mode === 'replace' ? 'text/plain' : undefined
  const attachment = await receiveInto(exchange, begun.value, byDefault)
  return attachment.ok ? success(toAnswer(id.value, attachment.value, exchange.base)) : attachment
}

const uploadChunk = async (
  exchange: BinaryExchange,
  uploadInChunks: UploadInChunks,
  range: ChunkRange,
): Promise<Answerable<BinaryAnswer>> => {
  const id = decodeId(exchange, 'event')
  if (!id.ok) return id
  const begun = await uploadInChunks.begin(exchange.principal, id.value, range)
  if (!begun.ok) return begun
  const outcome = await receiveInto<ChunkOutcome>(exchange, begun.value, undefined)
  if (!outcome.ok) return outcome
  if (outcome.value.state === 'complete') {
    return success(toAnswer(id.value, outcome.value.attachment, exchange.base))
  }
  const { stop, total } = outcome.value.range
  const self = `${eventUrl(exchange.base, id.value)}/binaries`
  const said = { self, source: String(id.value), range: `0-${stop}/${total ?? '*'}` }
  return success({ kind: 'json', status: 200, body: JSON.stringify(said) })
}

/** Takes in the file of the request and ends the upload, well or not. A bug ends it too. */
const receiveInto = async <T>(
  { receive }: BinaryExchange,
  begun: Upload<T>,
  typeByDefault: string | undefined,
): Promise<Result<T>> => {
  try {
    const received = await receive(begun.write)
    const naming = received.ok ? decodeNaming(received.value, typeByDefault) : received
    if (naming.ok) return await begun.keep(naming.value)
    await begun.discard(naming.failure)
    return naming
  } catch (error) {
    await begun.discard(undefined)
    throw error
  }
}

/** What the `object` part says comes before what the headers say. */
const decodeNaming = (
  { name, type, object }: ReceivedFile,
  typeByDefault: string | undefined,
): Result<AttachmentNaming> => {
  if (object === undefined) return success({ name, type: type ?? typeByDefault })
  const members = decodeMembers(object)
  if (!members.ok) return members
  const issues: Issue[] = []
  const said = {
    name: decodeText(members.value, 'name', issues) ?? name,
    type: decodeText(members.value, 'type', issues) ?? type,
  }
  return issues.length > 0 ? failed({ kind: 'invalid', issues }) : success(said)
}

const toAnswer = (id: EventId, { name, type, length }: Attachment, base: string): BinaryAnswer => {
  const self = `${eventUrl(base, id)}/binaries`
  const body = JSON.stringify({ self, source: String(id), name, type, length })
  return { kind: 'json', status: 201, body, location: self }
}
