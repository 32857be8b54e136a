import { invalid, success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { UserName } from '../../../core/identity.ts'
import type { ManagedObject, ManagedObjectDraft } from '../../../core/managed-object.ts'
import type { ManageInventory } from '../../../usecases/manage-inventory.ts'
import { decodeManagedObject, decodeManagedObjects } from './decode-managed-object.ts'
import type { OwnedDraft } from './decode-managed-object.ts'
import { encodeManagedObject, managedObjectUrl } from './encode-managed-object.ts'
import type { Answer, Answerable, Exchange } from '../ground/exchange.ts'

/** `POST /inventory/managedObjects`: one object, or all or none of a collection (docs/protocols/cumulocity.md, 6.1). */
export const createManagedObjects = async (
  { principal, base, readBody }: Exchange,
  manageInventory: ManageInventory,
): Promise<Answerable<Answer>> => {
  const body = await readBody()
  if (!body.ok) return body
  const isCollection = body.value.resource === 'managedobjectcollection'
  const owned = isCollection ? decodeManagedObjects(body.value.text) : decodeOne(body.value.text)
  if (!owned.ok) return owned
  const request = shareOwner(owned.value)
  if (!request.ok) return request
  const objects = await manageInventory.create(principal, request.value.drafts, request.value.owner)
  if (!objects.ok) return objects
  return success(isCollection ? encodeAll(objects.value, base) : encodeOne(objects.value, base))
}

const decodeOne = (text: string): Result<readonly OwnedDraft[]> => {
  const owned = decodeManagedObject(text)
  return owned.ok ? success([owned.value]) : owned
}

type Creation = {
  readonly drafts: readonly ManagedObjectDraft[]
  readonly owner: UserName | undefined
}

const shareOwner = (owned: readonly OwnedDraft[]): Result<Creation> => {
  const owners = new Set(owned.map(({ owner }) => owner))
  if (owners.size > 1) return invalid('owner', 'must be the same for all objects of a collection')
  const [owner] = owners
  return success({ drafts: owned.map(({ draft }) => draft), owner })
}

const encodeOne = (objects: readonly ManagedObject[], base: string): Answer => ({
  status: 201,
  resource: 'managedObject',
  body: objects.map((object) => encodeManagedObject(object, base)).join(),
  location: objects.map(({ id }) => managedObjectUrl(base, id)).join(),
})

const encodeAll = (objects: readonly ManagedObject[], base: string): Answer => {
  const self = `${base}/inventory/managedObjects`
  const elements = objects.map((object) => encodeManagedObject(object, base)).join(',')
  return {
    status: 201,
    resource: 'managedObjectCollection',
    body: `{"self":"${self}","managedObjects":[${elements}]}`,
    location: self,
  }
}
