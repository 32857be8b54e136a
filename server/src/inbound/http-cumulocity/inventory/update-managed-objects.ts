import { failed, notFound, success } from '../../../core/failure.ts'
import type { Issue, Result } from '../../../core/failure.ts'
import { parseManagedObjectId } from '../../../core/event-id.ts'
import { bulkManagedObjectsMax } from '../../../core/limits.ts'
import type { ObjectUpdate } from '../../../ports/inventory.ts'
import type { ManageChildren } from '../../../usecases/manage-children.ts'
import type { ManageInventory } from '../../../usecases/manage-inventory.ts'
import { decodeManagedObjectUpdate } from './decode-managed-object.ts'
import { decodeList, decodeMandatoryText, decodeMembers } from '../ground/decode-members.ts'
import { encodeManagedObject } from './encode-managed-object.ts'
import type { Answer, Answerable, Exchange } from '../ground/exchange.ts'
import { showRelatives, wholeFamily } from './show-relatives.ts'

/** `PUT /inventory/managedObjects`: partial updates of up to 50, all or none (docs/protocols/cumulocity.md, 6.1). */
export const updateManagedObjects = async (
  { principal, base, readBody }: Exchange,
  manageInventory: ManageInventory,
  manageChildren: ManageChildren,
): Promise<Answerable<Answer>> => {
  const body = await readBody()
  if (!body.ok) return body
  const updates = decodeUpdates(body.value.text)
  if (!updates.ok) return updates
  const objects = await manageInventory.changeAll(principal, updates.value)
  if (!objects.ok) return objects
  const shown = await showRelatives(manageChildren, principal, objects.value, wholeFamily)
  if (!shown.ok) return shown
  const elements = objects.value.map((object) => encodeManagedObject(object, base, shown.value))
  return success({
    status: 200,
    resource: 'managedObjectCollection',
    body: `{"self":"${base}/inventory/managedObjects","managedObjects":[${elements.join(',')}]}`,
  })
}

const decodeUpdates = (text: string): Result<readonly ObjectUpdate[]> => {
  const members = decodeMembers(text)
  return members.ok
    ? decodeList(members.value, 'managedObjects', bulkManagedObjectsMax, decodeUpdate)
    : members
}

const nothing = { name: undefined, type: undefined, owner: undefined, fragments: [] }

const decodeUpdate = (text: string): Result<ObjectUpdate> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const named = decodeMandatoryText(members.value, 'id', issues)
  if (named === undefined) return failed({ kind: 'invalid', issues })
  const id = parseManagedObjectId(named)
  if (id === undefined) return notFound('managed-object', named.slice(0, 100))
  const update = decodeManagedObjectUpdate(text)
  if (!update.ok) return update
  return success({ id, change: update.value.kind === 'change' ? update.value.change : nothing })
}
