import fc from 'fast-check'
import { expect, it } from 'vitest'
import { childKinds } from '../../core/family.ts'
import { toManagedObjectId, toTenantId, toUserName } from '../../core/identity.ts'
import { createMemoryRegistry } from '../memory/registry.ts'
import { openInProcess } from './testing/in-process-registry.ts'
import type { Relation } from '../../core/family.ts'
import type { ManagedObjectId, UserName } from '../../core/identity.ts'
import type { ManagedObjectFilter } from '../../core/managed-object.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Inventory } from '../../ports/inventory.ts'

type Registry = { readonly inventory: Inventory; readonly accounts: Accounts }

/** One call; `idOf` picks among the objects that were ever created, the same ones on both sides. */
type Step = (registry: Registry, idOf: (nth: number) => ManagedObjectId) => Promise<unknown>

const sequences = 400
const stepsMax = 40

// Few names, so that calls meet: the same tenant, user, pair and fragment again and again.
const tenants = [toTenantId('t1'), toTenantId('t2')]
const users = [toUserName('a'), toUserName('b')]
const tenant = fc.constantFrom(...tenants)
const user = fc.constantFrom(...users)
const nth = fc.nat({ max: 12 })
const text = fc.constantFrom('door', 'lock', 'Door Lock')
const pairs = [
  { type: 's', externalId: '1/2' },
  { type: 's/1', externalId: '2' },
  { type: 's', externalId: '2' },
]
const externalId = fc.constantFrom(...pairs)
const fragments = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('x', 'y', 'c8y_Global'),
    value: fc.constantFrom('1', '1.50', 'null', '{"a": "b"}'),
  }),
  { selector: ({ name }) => name, maxLength: 3 },
)

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined })

const draft = fc.record({
  name: maybe(text),
  type: maybe(text),
  fragments,
  externalIds: fc.array(externalId, { maxLength: 2 }),
})

const change = fc.record({
  name: fc.option(maybe(text)),
  type: fc.option(maybe(text)),
  owner: fc.option(maybe(user)),
  fragments,
})

/** Somebody with objects and hierarchies, by their number among those that were created. */
const viewer = fc.record({
  user,
  on: fc.array(nth, { maxLength: 2 }),
  below: fc.array(nth, { maxLength: 2 }),
})

type IdOf = (which: number) => ManagedObjectId
type NumberedViewer = { readonly user: UserName; readonly on: Nths; readonly below: Nths }
type Nths = readonly number[]

const seeing = (numbered: NumberedViewer | undefined, idOf: IdOf): { visibleTo?: Viewer } => {
  if (numbered === undefined) return {}
  const { user: name, on, below } = numbered
  return { visibleTo: { user: name, on: on.map(idOf), below: below.map(idOf) } }
}

const filter: fc.Arbitrary<ManagedObjectFilter> = fc.record(
  {
    type: text,
    fragmentType: fc.constantFrom('x', 'y'),
    owner: user,
    text: fc.constantFrom('DOOR', 'door lock', 'a', '2'),
    onlyRoots: fc.constant(true as const),
  },
  { requiredKeys: [] },
)

const kind = fc.constantFrom(...childKinds)
const relation: fc.Arbitrary<Relation> = fc.record({
  to: fc.constantFrom('children' as const, 'parents' as const),
  kind,
})

const steps: readonly fc.Arbitrary<Step>[] = [
  fc.tuple(tenant, maybe(user), fc.array(draft, { maxLength: 3 })).map(
    ([of, owner, drafts]): Step =>
      ({ inventory }) =>
        inventory.createObjects(of, owner, drafts),
  ),
  fc.tuple(tenant, nth, change).map(
    ([of, which, changed]): Step =>
      ({ inventory }, idOf) =>
        inventory.changeObject(of, idOf(which), changed),
  ),
  fc.tuple(tenant, nth).map(
    ([of, which]): Step =>
      ({ inventory }, idOf) =>
        inventory.deleteObject(of, idOf(which)),
  ),
  fc.tuple(tenant, nth, externalId).map(
    ([of, which, pair]): Step =>
      ({ inventory }, idOf) =>
        inventory.bindExternalId(of, idOf(which), pair),
  ),
  fc.tuple(tenant, externalId).map(
    ([of, pair]): Step =>
      ({ inventory }) =>
        inventory.unbindExternalId(of, pair),
  ),
  fc.tuple(tenant, externalId).map(
    ([of, pair]): Step =>
      ({ inventory }) =>
        inventory.resolveExternalId(of, pair),
  ),
  fc
    .tuple(tenant, fc.array(nth, { maxLength: 3 }))
    .map(([of, some]): Step => async ({ inventory }, idOf) => {
      const sources = await inventory.readSources(of, some.map(idOf))
      return sources.ok ? [...sources.value].sort((left, right) => left.id - right.id) : sources
    }),
  fc
    .tuple(tenant, filter, maybe(viewer), maybe(fc.array(nth)), fc.nat({ max: 3 }))
    .map(([of, plain, by, some, skip]): Step => async ({ inventory }, idOf) => {
      const wanted = { ...plain, ...seeing(by, idOf) }
      const whole = some === undefined ? wanted : { ...wanted, ids: some.map(idOf) }
      const page = await inventory.listObjects(of, whole, skip, 2)
      return [page, await inventory.countObjects(of, whole)]
    }),
  fc.tuple(tenant, nth, kind, fc.array(nth, { maxLength: 3 })).map(
    ([of, parent, how, children]): Step =>
      ({ inventory }, idOf) =>
        inventory.linkChildren(of, { parent: idOf(parent), kind: how }, children.map(idOf)),
  ),
  fc.tuple(tenant, nth, kind, nth).map(
    ([of, parent, how, child]): Step =>
      ({ inventory }, idOf) =>
        inventory.unlinkChildren(of, { parent: idOf(parent), kind: how }, [idOf(child)]),
  ),
  fc.tuple(tenant, nth, kind, fc.array(draft, { maxLength: 2 })).map(
    ([of, parent, how, drafts]): Step =>
      ({ inventory }, idOf) =>
        inventory.createObjects(of, undefined, drafts, { parent: idOf(parent), kind: how }),
  ),
  fc.tuple(tenant, fc.array(fc.tuple(nth, change), { maxLength: 3 })).map(
    ([of, changes]): Step =>
      ({ inventory }, idOf) =>
        inventory.changeObjects(
          of,
          changes.map(([which, changed]) => ({ id: idOf(which), change: changed })),
        ),
  ),
  fc.tuple(tenant, fc.array(nth, { maxLength: 3 })).map(
    ([of, some]): Step =>
      ({ inventory }, idOf) =>
        inventory.deleteObjects(of, some.map(idOf)),
  ),
  fc
    .tuple(tenant, fc.array(nth, { maxLength: 4 }), fc.array(relation), maybe(viewer))
    .map(([of, some, relations, by]): Step => ({ inventory }, idOf) => {
      const wanted = { relations, eachMax: 2, withCount: true, ...seeing(by, idOf) }
      return inventory.readRelatives(of, some.map(idOf), wanted)
    }),
  fc
    .tuple(tenant, nth, fc.subarray([...childKinds]), fc.nat({ max: 9 }))
    .map(([of, root, kinds, max]): Step => async ({ inventory }, idOf) => [
      await inventory.readHierarchy(of, [idOf(root)], kinds, max),
      await inventory.readLinksAbove(of, [idOf(root)], kinds, max),
    ]),
  fc
    .tuple(tenant, nth, kind, filter, maybe(viewer))
    .map(([of, which, how, wanted, by]): Step => async ({ inventory }, idOf) => [
      await inventory.listObjects(
        of,
        { ...wanted, ...seeing(by, idOf), childOf: { parent: idOf(which), kind: how } },
        0,
        9,
      ),
      await inventory.listObjects(of, { parentOf: { child: idOf(which), kind: how } }, 0, 9),
    ]),
  fc.tuple(tenant, nth).map(
    ([of, which]): Step =>
      ({ inventory }, idOf) =>
        inventory.finishPurges([{ tenant: of, object: idOf(which) }]),
  ),
  tenant.map((of): Step => async ({ accounts, inventory }) => [
    await accounts.deleteTenant(of),
    await inventory.finishPurges([{ tenant: of, object: undefined }]),
  ]),
  fc.tuple(tenant, fc.constantFrom('t1', 'shared')).map(
    ([of, domain]): Step =>
      ({ accounts }) =>
        accounts.createTenant({ id: of, name: of, domain, state: 'active' }, []),
  ),
  fc
    .tuple(tenant, fc.constantFrom('active' as const, 'suspended' as const))
    .map(([of, state]): Step => async ({ accounts }) => [
      await accounts.changeTenantState(of, state),
      await accounts.readTenant(of),
      await accounts.listTenants(),
    ]),
  fc.tuple(tenant, user).map(
    ([of, name]): Step =>
      ({ accounts }) =>
        accounts.createUser({
          tenant: of,
          name,
          passwordHash: 'h',
          enabled: true,
          roles: ['ROLE_EVENT_READ'],
          profile: {},
        }),
  ),
  fc
    .tuple(tenant, user, maybe(fc.constantFrom('h', 'i')), maybe(fc.boolean()))
    .map(([of, name, passwordHash, enabled]): Step => async ({ accounts }) => {
      const update = { passwordHash, enabled, roles: undefined, profile: undefined }
      return [await accounts.changeUser(of, name, update), await accounts.readUser(of, name)]
    }),
  fc.tuple(tenant, user).map(
    ([of, name]): Step =>
      ({ accounts }) =>
        accounts.deleteUser(of, name),
  ),
  fc
    .tuple(tenant, fc.constantFrom('1', '2'), fc.constantFrom('1', '2'))
    .map(([of, id, key]): Step => async ({ accounts }) => [
      await accounts.createApp({ tenant: of, id, key, name: 'n' }),
      await accounts.findApp(of, { key }),
      await accounts.findApp(of, { id }),
    ]),
  fc.tuple(tenant, fc.constantFrom('1', '2')).map(
    ([of, id]): Step =>
      ({ accounts }) =>
        accounts.deleteApp(of, id),
  ),
  fc
    .tuple(tenant, fc.constantFrom('1', '2'), fc.constantFrom('1', '2'))
    .map(([of, prefix, hash]): Step => async ({ accounts }) => {
      const limits = { allTenants: false, devices: undefined, expiresMs: undefined }
      const created = await accounts.createKey({ tenant: of, prefix, hash, name: '', ...limits })
      return [created, await accounts.findKey(hash)]
    }),
  fc
    .tuple(tenant, fc.constantFrom('1', '2'), fc.constantFrom('', 'x'))
    .map(([of, key, value]): Step => async ({ accounts }) => [
      await accounts.putOptions(of, [{ category: 'c', key, value }]),
      await accounts.listOptions(of),
    ]),
  fc.tuple(tenant, fc.constantFrom('1', '2')).map(
    ([of, key]): Step =>
      ({ accounts }) =>
        accounts.deleteOption(of, { category: 'c', key }),
  ),
  fc
    .tuple(tenant, fc.constantFrom('1', '2'))
    .map(([of, prefix]): Step => async ({ accounts }) => [
      await accounts.revokeKey(of, prefix),
      await accounts.findKey(prefix),
    ]),
]

/** What is kept in memory, asked for after each step, so that each step meets filled caches. */
const askCached = async (
  { inventory, accounts }: Registry,
  ids: readonly ManagedObjectId[],
): Promise<readonly unknown[]> => [
  await accounts.listTenants(),
  ...(await Promise.all(
    tenants.flatMap((of) => [
      accounts.readTenant(of),
      accounts.listOptions(of),
      ...ids.map((id) => inventory.readSources(of, [id])),
      ...pairs.map((pair) => inventory.resolveExternalId(of, pair)),
      ...users.map((name) => accounts.readUser(of, name)),
      accounts.findApp(of, { id: '1' }),
      accounts.findApp(of, { key: '2' }),
    ]),
  )),
  await accounts.findKey('1'),
]

const allRelations = {
  relations: childKinds.map((each) => ({ to: 'children', kind: each }) as const),
  eachMax: 100,
  withCount: true,
}

/** Everything that can be asked for, at the end of a sequence. */
const observe = async (
  { inventory, accounts }: Registry,
  ids: readonly ManagedObjectId[],
): Promise<readonly unknown[]> => [
  await accounts.listTenants(),
  await inventory.listPurges(),
  ...(await Promise.all(
    tenants.flatMap((of) => [
      inventory.listObjects(of, {}, 0, 2000),
      accounts.listUsers(of),
      accounts.listApps(of),
      accounts.listKeys(of),
      ...users.map((owner) => inventory.listOwned(of, owner, 100)),
      ...ids.map((id) => inventory.listExternalIds(of, id)),
      inventory.readRelatives(of, ids, allRelations),
    ]),
  )),
]

it(`memory and SQLite answer ${sequences} random sequences alike`, async () => {
  const seed = Number(process.hrtime.bigint() % 2_147_483_647n)
  process.stdout.write(`registry model: seed ${seed}\n`)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(...steps), { maxLength: stepsMax }), async (sequence) => {
      let nowMs = Date.UTC(2026, 0, 1)
      const clock = { nowMs: () => nowMs }
      const sqlite = openInProcess(clock)
      const memory = createMemoryRegistry(clock)
      const ids: ManagedObjectId[] = []
      const idOf = (which: number): ManagedObjectId => ids[which] ?? toManagedObjectId(which + 1)
      try {
        for (const of of tenants) {
          const created = { id: of, name: of, domain: of, state: 'active' } as const
          await sqlite.accounts.createTenant(created, [])
          await memory.accounts.createTenant(created, [])
        }
        for (const step of sequence) {
          nowMs += 1
          const expected = await step(memory, idOf)
          expect(await step(sqlite, idOf)).toEqual(expected)
          ids.push(...(await newIds(memory, ids)))
          expect(await askCached(sqlite, ids)).toEqual(await askCached(memory, ids))
        }
        expect(await observe(sqlite, ids)).toEqual(await observe(memory, ids))
      } finally {
        await sqlite.close()
      }
    }),
    { seed, numRuns: sequences },
  )
})

const newIds = async (
  { inventory }: Registry,
  known: readonly ManagedObjectId[],
): Promise<readonly ManagedObjectId[]> => {
  const pages = await Promise.all(tenants.map((of) => inventory.listObjects(of, {}, 0, 2000)))
  return pages
    .flatMap((page) => (page.ok ? page.value.objects : []))
    .map(({ id }) => id)
    .filter((id) => !known.includes(id))
}
