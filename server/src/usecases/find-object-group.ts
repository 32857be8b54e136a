import type { Principal } from '../core/access.ts'
import { notFound, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { ChildLink } from '../core/family.ts'
import type { ManagedObjectId, TenantId } from '../core/identity.ts'
import { groupFragment } from '../core/managed-object.ts'
import type { ManagedObjectDraft, ManagedObjectFilter } from '../core/managed-object.ts'
import type { Inventory } from '../ports/inventory.ts'
import { createInTurn } from './in-turn.ts'

/**
 * The group at the end of a path of names, each a child asset of the former and the first one at the top of all; what is missed
 * is made, and owned by the caller. Of several with one name the oldest is meant. Nobody's right to do so is looked at.
 */
export type FindObjectGroup = (
  principal: Principal,
  names: readonly string[],
) => Promise<Result<ManagedObjectId>>

export const createFindObjectGroup = (inventory: Inventory): FindObjectGroup => {
  // Two that look for the same group at once must not make it twice.
  const inTurn = createInTurn()
  return (principal, names) =>
    inTurn(principal.tenant, async () => {
      let group: ManagedObjectId | undefined
      for (const name of names) {
        const found = await findStep(inventory, principal, name, group)
        if (!found.ok) return found
        group = found.value
      }
      return group === undefined ? notFound('managed-object', '') : success(group)
    })
}

const topType = 'c8y_DeviceGroup'
const lowerType = 'c8y_DeviceSubGroup'

const findStep = async (
  inventory: Inventory,
  principal: Principal,
  name: string,
  parent: ManagedObjectId | undefined,
): Promise<Result<ManagedObjectId>> => {
  const under = parent === undefined ? undefined : ({ parent, kind: 'asset' } as const)
  const known = await findNamed(inventory, principal.tenant, name, under)
  if (!known.ok) return known
  if (known.value !== undefined) return success(known.value)
  const owner = principal.kind === 'user' ? principal.user : undefined
  const draft = draftOf(name, under)
  const made = await inventory.createObjects(principal.tenant, owner, [draft], under)
  if (!made.ok) return made
  const [group] = made.value
  return group === undefined ? notFound('managed-object', name) : success(group.id)
}

const findNamed = async (
  inventory: Inventory,
  tenant: TenantId,
  name: string,
  under: ChildLink | undefined,
): Promise<Result<ManagedObjectId | undefined>> => {
  const filter: ManagedObjectFilter = {
    fragmentType: groupFragment,
    query: { condition: { kind: 'text-is', name: 'name', text: name }, order: [] },
    ...(under === undefined ? { type: topType } : { childOf: under }),
  }
  const page = await inventory.listObjects(tenant, filter, 0, 1)
  return page.ok ? success(page.value.objects[0]?.id) : page
}

const draftOf = (name: string, under: ChildLink | undefined): ManagedObjectDraft => ({
  name,
  type: under === undefined ? topType : lowerType,
  fragments: [{ name: groupFragment, value: '{}' }],
  externalIds: [],
})
