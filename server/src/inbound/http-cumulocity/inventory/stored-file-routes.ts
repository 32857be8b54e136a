import type { FastifyInstance } from 'fastify'
import { binaryFragment, isMediaType } from '../../../core/attachment.ts'
import { parseManagedObjectId } from '../../../core/event-id.ts'
import { notFound, success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { ManagedObjectId } from '../../../core/identity.ts'
import type { ManagedObject } from '../../../core/managed-object.ts'
import type { FileNaming, FileUpload, StoreFiles } from '../../../usecases/store-files.ts'
import { answerBinary } from '../binaries/binary-exchange.ts'
import type { BinaryAnswer, BinaryExchange } from '../binaries/binary-exchange.ts'
import { refuseContentRange } from '../binaries/decode-content-headers.ts'
import { decodeManagedObject } from './decode-managed-object.ts'
import { encodeManagedObject } from './encode-managed-object.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answerable, ExchangePorts } from '../ground/exchange.ts'
import { listManagedObjects } from './list-managed-objects.ts'
import type { ListUseCases } from './list-managed-objects.ts'
import type { ReceivedFile } from '../binaries/write-all.ts'

export type StoredFileUseCases = ListUseCases & { readonly storeFiles: StoreFiles }

/** Files that are managed objects of their own (docs/protocols/cumulocity.md, 6.9). */
export const registerStoredFileRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { storeFiles, ...lists }: StoredFileUseCases,
): void => {
  const all = '/inventory/binaries'
  const one = `${all}/:id`

  /** 200 with a page of the objects that are files, with the filters of managed objects; 422. */
  server.get(
    all,
    answerWith(ports, (exchange) =>
      listManagedObjects(exchange, lists, {
        resource: 'managedObjectCollection',
        name: 'managedObjects',
        url: `${exchange.base}${all}`,
        where: {},
        among: { kind: 'has', path: [binaryFragment] },
        encode: (_object, text) => text,
      }),
    ),
  )

  /** 201 with `Location`; 403 before the file is read; 413; 422; 409 when an external id is taken. */
  server.post(
    all,
    answerBinary(ports, async (exchange) => {
      const whole = refuseContentRange(exchange.request.headers)
      if (!whole.ok) return whole
      const begun = await storeFiles.begin(exchange.principal)
      return begun.ok ? receiveInto(exchange, begun.value) : begun
    }),
  )

  /** 200 with the bytes; 404 also for an object that is no file; 403. */
  server.get(
    one,
    answerBinary(ports, async (exchange) => {
      const id = decodeId(exchange)
      const file = id.ok ? await storeFiles.read(exchange.principal, id.value) : id
      return file.ok ? success({ kind: 'file', file: file.value }) : file
    }),
  )

  /** 201 as clients expect it, though nothing new is made; 404 also for an object that is no file; 403; 413; 422. */
  server.put(
    one,
    answerBinary(ports, async (exchange) => {
      const id = decodeId(exchange)
      if (!id.ok) return id
      const whole = refuseContentRange(exchange.request.headers)
      if (!whole.ok) return whole
      const begun = await storeFiles.beginReplacing(exchange.principal, id.value)
      return begun.ok ? receiveInto(exchange, begun.value) : begun
    }),
  )

  /** 204, the object goes with its file; 404 also for an object that is no file; 403. */
  server.delete(
    one,
    answerBinary(ports, async (exchange) => {
      const id = decodeId(exchange)
      const done = id.ok ? await storeFiles.delete(exchange.principal, id.value) : id
      return done.ok ? success({ kind: 'deleted' }) : done
    }),
  )
}

const decodeId = ({ parameter }: BinaryExchange): Result<ManagedObjectId> => {
  const id = parseManagedObjectId(parameter('id'))
  return id === undefined ? notFound('managed-object', parameter('id')) : success(id)
}

/** Takes in the file of the request and ends the upload, well or not. A bug ends it too. */
const receiveInto = async (
  { receive, base }: BinaryExchange,
  begun: FileUpload,
): Promise<Answerable<BinaryAnswer>> => {
  try {
    const received = await receive(begun.write)
    const naming = received.ok ? decodeNaming(received.value) : received
    if (!naming.ok) {
      await begun.discard(naming.failure)
      return naming
    }
    const object = await begun.keep(naming.value)
    return object.ok ? success(toAnswer(object.value, base)) : object
  } catch (error) {
    await begun.discard(undefined)
    throw error
  }
}

/** The object's `type` is also the file's when it is a media type, because old clients say nothing else. */
const decodeNaming = ({ name, type, object }: ReceivedFile): Result<FileNaming> => {
  if (object === undefined) return success({ name, type, object: undefined })
  const decoded = decodeManagedObject(object)
  if (!decoded.ok) return decoded
  const said = decoded.value.draft.type
  const ownType = said !== undefined && isMediaType(said) ? said : type
  return success({ name, type: ownType, object: decoded.value })
}

const toAnswer = (object: ManagedObject, base: string): BinaryAnswer => ({
  kind: 'json',
  status: 201,
  body: encodeManagedObject(object, base),
  location: `${base}/inventory/binaries/${object.id}`,
})
