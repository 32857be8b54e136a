import { beforeEach, describe, expect, it } from 'vitest'
import { toUserName } from '../core/identity.ts'
import type { ManagedObjectId } from '../core/identity.ts'
import type { ChildKind } from '../core/family.ts'
import type { Permission } from '../core/permission.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import type { Inventory } from '../ports/inventory.ts'
import { admin, draft, t1, valueOf } from '../ports/registry-samples.contract.ts'
import { reachObjects } from './reach-objects.ts'

const read: Permission = { scope: 'EVENT', fragment: '*', level: 'READ' }
const change: Permission = { scope: 'EVENT', fragment: '*', level: 'ADMIN' }

let inventory: Inventory

beforeEach(async () => {
  const registry = createMemoryRegistry({ nowMs: () => Date.UTC(2026, 0, 1) })
  ;({ inventory } = registry)
  const tenant = { id: t1, name: 't1', domain: 't1', state: 'active' } as const
  valueOf(await registry.accounts.createTenant(tenant, []))
})

const create = async (count: number): Promise<readonly ManagedObjectId[]> => {
  const drafts = Array.from({ length: count }, () => draft())
  return valueOf(await inventory.createObjects(t1, admin, drafts)).map(({ id }) => id)
}

const link = async (parent: ManagedObjectId, kind: ChildKind, ...children: ManagedObjectId[]) =>
  valueOf(await inventory.linkChildren(t1, { parent, kind }, children))

/** What a holder of these roles has on each of the objects, by how many permissions. */
const reach = async (
  below: readonly (readonly [ManagedObjectId, Permission])[],
  ids: readonly ManagedObjectId[],
) => {
  const principal = {
    kind: 'user',
    tenant: t1,
    user: toUserName('holder'),
    roles: new Set<never>(),
    grants: { on: new Map(), below: new Map(below.map(([id, each]) => [id, [each]])) },
  } as const
  const reached = valueOf(await reachObjects(inventory, principal, ids))
  const on = reached.kind === 'user' ? reached.grants?.on : undefined
  return ids.map((id) => on?.get(id) ?? [])
}

describe('an inventory role reaches', () => {
  it('its object and all below it over assets and devices, and nothing over additions', async () => {
    const ids = await create(5)
    const [top, middle, low, note, other] = ids
    if (!top || !middle || !low || !note || !other) throw new Error('five were created')
    await link(top, 'asset', middle)
    await link(middle, 'device', low)
    await link(low, 'addition', note)
    expect(await reach([[top, read]], ids)).toEqual([[read], [read], [read], [], []])
    expect(await reach([[middle, read]], ids)).toEqual([[], [read], [read], [], []])
    expect(await reach([[top, read]], [low])).toEqual([[read]])
  })

  it('an object over all its parents, each role once, also in a circle', async () => {
    const ids = await create(4)
    const [top, left, right, low] = ids
    if (!top || !left || !right || !low) throw new Error('four were created')
    await link(top, 'asset', left, right)
    await link(left, 'asset', low)
    await link(right, 'device', low)
    await link(low, 'asset', top)
    const roles = [
      [top, read],
      [right, change],
    ] as const
    expect(await reach(roles, ids)).toEqual([
      [read, change],
      [read, change],
      [read, change],
      [read, change],
    ])
  })

  it('many objects at once, and a long chain of them', async () => {
    const [group, ...wide] = await create(1_000)
    const chain = await create(1_000)
    const [top] = chain
    if (!group || !top) throw new Error('they were created')
    await link(group, 'asset', ...wide)
    for (const [at, child] of chain.entries()) {
      const parent = chain[at - 1] ?? group
      await link(parent, 'device', child)
    }
    const all = [...wide, ...chain]
    expect(await reach([[group, read]], all)).toEqual(all.map(() => [read]))
    expect(await reach([[top, read]], all)).toEqual([
      ...wide.map(() => []),
      ...chain.map(() => [read]),
    ])
  })
})
