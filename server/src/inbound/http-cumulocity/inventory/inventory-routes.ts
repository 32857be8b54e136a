import type { FastifyInstance } from 'fastify'
import { notFound, success } from '../../../core/failure.ts'
import type { ManagedObjectId } from '../../../core/identity.ts'
import type { ManagedObject } from '../../../core/managed-object.ts'
import type { ObjectDeletion } from '../../../usecases/delete-objects.ts'
import type { DeviceUser } from '../../../usecases/device-user.ts'
import type { ManageChildren } from '../../../usecases/manage-children.ts'
import type { ManageInventory } from '../../../usecases/manage-inventory.ts'
import { createManagedObjects } from './create-managed-objects.ts'
import { decodeManagedObjectFilter } from './decode-managed-object-query.ts'
import { decodeManagedObjectUpdate } from './decode-managed-object.ts'
import { decodeObjectId } from '../ground/decode-object-id.ts'
import { encodeManagedObject } from './encode-managed-object.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answer, Answerable, Exchange, ExchangePorts } from '../ground/exchange.ts'
import { listManagedObjects } from './list-managed-objects.ts'
import type { ObjectList } from './list-managed-objects.ts'
import { firstValue, queryParametersOf } from '../ground/query-parameters.ts'
import { decodeFamilyWish, showRelatives } from './show-relatives.ts'
import { updateManagedObjects } from './update-managed-objects.ts'

export type InventoryUseCases = {
  readonly manageInventory: ManageInventory
  readonly manageChildren: ManageChildren
  readonly deviceUser: DeviceUser
}

/** Managed objects (docs/protocols/cumulocity.md, 6.1). */
export const registerInventoryRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  useCases: InventoryUseCases,
): void => {
  const { manageInventory, manageChildren } = useCases

  /** 201 with `Location`; 415, 413, 422; 403; 409 when an external id is taken: then nothing is created. */
  server.post(
    '/inventory/managedObjects',
    answerWith(ports, (exchange) => createManagedObjects(exchange, manageInventory)),
  )

  /** 200 with a page, by ascending id unless a query orders it; 422 for a page or a query that cannot be read. */
  server.get(
    '/inventory/managedObjects',
    answerWith(ports, (exchange) =>
      listManagedObjects(exchange, useCases, allObjects(exchange.base)),
    ),
  )

  /** 200, partial updates of up to 50 objects, all or none; 404; 403; 422. */
  server.put(
    '/inventory/managedObjects',
    answerWith(ports, (exchange) =>
      updateManagedObjects(exchange, manageInventory, manageChildren),
    ),
  )

  /** 200 with a bare number: how many objects a list of these filters would have; 422; 403. */
  server.get(
    '/inventory/managedObjects/count',
    answerWith(ports, (exchange) => countManagedObjects(exchange, manageInventory)),
  )

  /** 200; 404; 403. */
  server.get(
    '/inventory/managedObjects/:id',
    answerWith(ports, async (exchange) => {
      const id = decodeObjectId(exchange, 'id')
      const object = id.ok ? await manageInventory.read(exchange.principal, id.value) : id
      return object.ok ? answerObject(exchange, manageChildren, object.value) : object
    }),
  )

  /** 200, a partial update or a heartbeat; 404; 403; 422. */
  server.put(
    '/inventory/managedObjects/:id',
    answerWith(ports, (exchange) => updateManagedObject(exchange, useCases)),
  )

  /** 204, its events go in the background; 404; 403; 409 when too much would go with it. */
  server.delete(
    '/inventory/managedObjects/:id',
    answerWith(ports, async (exchange) => {
      const id = decodeObjectId(exchange, 'id')
      if (!id.ok) return id
      const deletion = decodeDeletion(exchange)
      const done = await manageInventory.delete(exchange.principal, id.value, deletion)
      return done.ok ? success(deleted) : done
    }),
  )

  registerEmptyAnswers(server, ports, manageInventory)
}

/** What clients ask for beside a managed object and this server, which keeps events, has none of. */
const registerEmptyAnswers = (
  server: FastifyInstance,
  ports: ExchangePorts,
  manageInventory: ManageInventory,
): void => {
  const lists = [
    ['supportedMeasurements', 'c8y_SupportedMeasurements'],
    ['supportedSeries', 'c8y_SupportedSeries'],
  ] as const
  for (const [name, member] of lists) {
    /** 200 with an empty list; 404; 403. */
    server.get(
      `/inventory/managedObjects/:id/${name}`,
      answerWith(ports, async (exchange) => {
        const id = decodeObjectId(exchange, 'id')
        const object = id.ok ? await manageInventory.read(exchange.principal, id.value) : id
        if (!object.ok) return object
        return success({ status: 200, resource: 'managedObject', body: `{"${member}":[]}` })
      }),
    )
  }

  /** 404 for every object, because none is monitored; 403. */
  server.get(
    '/inventory/managedObjects/:id/availability',
    answerWith(ports, async (exchange) => {
      const id = decodeObjectId(exchange, 'id')
      const object = id.ok ? await manageInventory.read(exchange.principal, id.value) : id
      return object.ok ? notFound('managed-object', object.value.id) : object
    }),
  )
}

const allObjects = (base: string): ObjectList => ({
  resource: 'managedObjectCollection',
  name: 'managedObjects',
  url: `${base}/inventory/managedObjects`,
  where: {},
  encode: (_, text) => text,
})

const countManagedObjects = async (
  { principal, request }: Exchange,
  manageInventory: ManageInventory,
): Promise<Answerable<Answer>> => {
  const filter = decodeManagedObjectFilter(queryParametersOf(request))
  if (!filter.ok) return filter
  const count = await manageInventory.count(principal, filter.value)
  if (!count.ok) return count
  return success({ status: 200, resource: 'managedObject', body: String(count.value) })
}

const updateManagedObject = async (
  exchange: Exchange,
  { manageInventory, manageChildren }: InventoryUseCases,
): Promise<Answerable<Answer>> => {
  const body = await exchange.readBody()
  if (!body.ok) return body
  const update = decodeManagedObjectUpdate(body.value.text)
  if (!update.ok) return update
  const id = decodeObjectId(exchange, 'id')
  if (!id.ok) return id
  if (update.value.kind === 'heartbeat') {
    const touched = await manageInventory.touch(exchange.principal, id.value)
    return touched.ok ? success(toHeartbeat(id.value)) : touched
  }
  const object = await manageInventory.change(exchange.principal, id.value, update.value.change)
  return object.ok ? answerObject(exchange, manageChildren, object.value) : object
}

const answerObject = async (
  { principal, base, request }: Exchange,
  manageChildren: ManageChildren,
  object: ManagedObject,
): Promise<Answerable<Answer>> => {
  const wish = decodeFamilyWish(queryParametersOf(request), 'object')
  const shown = await showRelatives(manageChildren, principal, [object], wish)
  if (!shown.ok) return shown
  const body = encodeManagedObject(object, base, shown.value)
  return success({ status: 200, resource: 'managedObject', body })
}

/** All of them are off unless they say `true`. */
const decodeDeletion = ({ request }: Exchange): ObjectDeletion => {
  const parameters = queryParametersOf(request)
  const wants = (name: string): boolean => firstValue(parameters, name) === 'true'
  const cascade = wants('cascade') ? 'devices-and-groups' : 'never'
  return {
    cascade: wants('forceCascade') ? 'always' : cascade,
    withDeviceUser: wants('withDeviceUser'),
  }
}

const deleted: Answer = { status: 204, resource: 'managedObject', body: undefined }

const toHeartbeat = (id: ManagedObjectId): Answer => ({
  status: 200,
  resource: 'managedObject',
  body: `{"id":"${id}"}`,
})
