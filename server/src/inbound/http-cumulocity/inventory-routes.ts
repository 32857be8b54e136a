import type { FastifyInstance } from 'fastify'
import { parseManagedObjectId } from '../../core/event-id.ts'
import { notFound, success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import type { ManagedObjectId } from '../../core/identity.ts'
import type { ManagedObject } from '../../core/managed-object.ts'
import type { ManageInventory } from '../../usecases/manage-inventory.ts'
import { createManagedObjects } from './create-managed-objects.ts'
import { decodeManagedObjectUpdate } from './decode-managed-object.ts'
import { encodeManagedObject } from './encode-managed-object.ts'
import { answerWith } from './exchange.ts'
import type { Answer, Answerable, Exchange, ExchangePorts } from './exchange.ts'
import { listManagedObjects } from './list-managed-objects.ts'

export type InventoryUseCases = { readonly manageInventory: ManageInventory }

/** Managed objects (docs/protocols/cumulocity.md, 6.1). */
export const registerInventoryRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { manageInventory }: InventoryUseCases,
): void => {
  /** 201 with `Location`; 415, 413, 422; 403; 409 when an external id is taken: then nothing is created. */
  server.post(
    '/inventory/managedObjects',
    answerWith(ports, (exchange) => createManagedObjects(exchange, manageInventory)),
  )

  /** 200 with a page by ascending id; 422 for a page or a query that cannot be read. */
  server.get(
    '/inventory/managedObjects',
    answerWith(ports, (exchange) => listManagedObjects(exchange, manageInventory)),
  )

  /** 200; 404; 403. */
  server.get(
    '/inventory/managedObjects/:id',
    answerWith(ports, async (exchange) => {
      const id = decodeId(exchange)
      const object = id.ok ? await manageInventory.read(exchange.principal, id.value) : id
      return object.ok ? success(toAnswer(object.value, exchange.base)) : object
    }),
  )

  /** 200, a partial update or a heartbeat; 404; 403; 422. */
  server.put(
    '/inventory/managedObjects/:id',
    answerWith(ports, (exchange) => updateManagedObject(exchange, manageInventory)),
  )

  /** 204, its events go in the background; 404; 403. */
  server.delete(
    '/inventory/managedObjects/:id',
    answerWith(ports, async (exchange) => {
      const id = decodeId(exchange)
      const done = id.ok ? await manageInventory.delete(exchange.principal, id.value) : id
      return done.ok ? success(deleted) : done
    }),
  )
}

const updateManagedObject = async (
  exchange: Exchange,
  manageInventory: ManageInventory,
): Promise<Answerable<Answer>> => {
  const body = await exchange.readBody()
  if (!body.ok) return body
  const update = decodeManagedObjectUpdate(body.value.text)
  if (!update.ok) return update
  const id = decodeId(exchange)
  if (!id.ok) return id
  if (update.value.kind === 'heartbeat') {
    const touched = await manageInventory.touch(exchange.principal, id.value)
    return touched.ok ? success(toHeartbeat(id.value)) : touched
  }
  const object = await manageInventory.change(exchange.principal, id.value, update.value.change)
  return object.ok ? success(toAnswer(object.value, exchange.base)) : object
}

const deleted: Answer = { status: 204, resource: 'managedObject', body: undefined }

const decodeId = ({ parameter }: Exchange): Result<ManagedObjectId> => {
  const id = parseManagedObjectId(parameter('id'))
  return id === undefined ? notFound('managed-object', parameter('id')) : success(id)
}

const toAnswer = (object: ManagedObject, base: string): Answer => ({
  status: 200,
  resource: 'managedObject',
  body: encodeManagedObject(object, base),
})

const toHeartbeat = (id: ManagedObjectId): Answer => ({
  status: 200,
  resource: 'managedObject',
  body: `{"id":"${id}"}`,
})
