import { failed, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { TenantId } from '../core/identity.ts'
import { retryAfterS } from '../core/limits.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Inventory } from '../ports/inventory.ts'

export type ObjectLimitPorts = { readonly inventory: Inventory; readonly accounts: Accounts }

/**
 * An inventory in which each tenant has at most so many objects (docs/operations.md, a limit for each tenant); 0 for no
 * limit. Creating more fails with `unavailable` (tenant-full) until some are deleted. Objects are counted when a tenant first
 * creates one, from then on as they come and go, and anew before somebody is refused where the number may be wrong.
 * To be made once: it keeps one count for each tenant.
 */
export const limitObjects = (ports: ObjectLimitPorts, objectsMax: number): Inventory =>
  objectsMax === 0 ? ports.inventory : limit(ports.inventory, createCounts(ports, objectsMax))

const limit = (inventory: Inventory, counts: Counts): Inventory => ({
  ...inventory,
  noting: (note) => limit(inventory.noting(note), counts),
  createObjects: async (tenant, owner, drafts, under) => {
    const reserved = await counts.reserve(tenant, drafts.length)
    if (!reserved.ok) return reserved
    const created = await inventory.createObjects(tenant, owner, drafts, under)
    // After a failure of the storage nobody knows what it has.
    reserved.value(created.ok || created.failure.kind === 'unavailable')
    return created
  },
  deleteObject: async (tenant, id) => {
    const deleted = await inventory.deleteObject(tenant, id)
    if (deleted.ok) counts.takeOne(tenant)
    return deleted
  },
  deleteObjects: async (tenant, ids) => {
    const deleted = await inventory.deleteObjects(tenant, ids)
    counts.forget(tenant)
    return deleted
  },
})

type Count = {
  /** Of the tenant: another of its name has other objects. */
  readonly creationMs: number
  /** Undefined until counted. */
  known: number | undefined
  /** Whether nothing has come or gone since, or was about to. */
  isExact: boolean
  /** Let through and not answered yet. */
  underWay: number
  /** Of those let through, how many may have been created since the last count began. */
  created: number
  counting: Promise<Result<void>> | undefined
}

type Counts = {
  /** Answers what to call when they have been created, or have not. */
  readonly reserve: (
    tenant: TenantId,
    objects: number,
  ) => Promise<Result<(isCreated: boolean) => void>>
  readonly takeOne: (tenant: TenantId) => void
  readonly forget: (tenant: TenantId) => void
}

const full = failed({ kind: 'unavailable', reason: 'tenant-full', retryAfterS })

const createCounts = ({ inventory, accounts }: ObjectLimitPorts, objectsMax: number): Counts => {
  const counts = new Map<TenantId, Count>()
  const find = async (tenant: TenantId): Promise<Result<Count>> => {
    const found = await accounts.readTenant(tenant)
    if (!found.ok) return found
    const { creationMs } = found.value
    const old = counts.get(tenant)
    if (old?.creationMs === creationMs) return success(old)
    const count = emptyCount(creationMs)
    counts.set(tenant, count)
    return success(count)
  }
  const hasRoom = ({ known, underWay }: Count, objects: number): boolean =>
    known !== undefined && known + underWay + objects <= objectsMax
  const recount = async (tenant: TenantId, count: Count): Promise<Result<void>> => {
    const isStill = count.underWay === 0
    count.created = 0
    const counted = await inventory.countObjects(tenant, {})
    count.counting = undefined
    if (!counted.ok) return counted
    // It may have those in it that were created meanwhile, or not: too many are counted anew, too few never.
    count.known = counted.value + count.created
    count.isExact = isStill && count.underWay === 0 && count.created === 0
    return success(undefined)
  }
  return {
    reserve: async (tenant, objects) => {
      const found = await find(tenant)
      if (!found.ok) return found
      const count = found.value
      if (!hasRoom(count, objects) && !count.isExact) {
        const counted = await (count.counting ??= recount(tenant, count))
        if (!counted.ok) return counted
      }
      // Nothing is waited for between looking and taking, so that two never take the same room.
      if (!hasRoom(count, objects)) return full
      count.underWay += objects
      return success((isCreated) => settle(count, objects, isCreated))
    },
    takeOne: (tenant) => {
      const count = counts.get(tenant)
      if (count?.known === undefined) return
      count.known -= 1
      count.isExact = false
    },
    forget: (tenant) => {
      const count = counts.get(tenant)
      if (count !== undefined) count.isExact = false
    },
  }
}

const emptyCount = (creationMs: number): Count => ({
  creationMs,
  known: undefined,
  isExact: false,
  underWay: 0,
  created: 0,
  counting: undefined,
})

const settle = (count: Count, objects: number, isCreated: boolean): void => {
  count.underWay -= objects
  count.isExact = false
  if (!isCreated) return
  count.created += objects
  if (count.known !== undefined) count.known += objects
}
