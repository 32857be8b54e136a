import { roles } from '../../core/access.ts'
import type { Role } from '../../core/access.ts'
import { managementTenant } from '../../core/identity.ts'
import type { InventoryRoleId, ManagedObjectId, TenantId, UserName } from '../../core/identity.ts'
import { decodePermission } from '../../core/permission.ts'
import { decodeUserName } from '../../core/decode-identity.ts'
import { valueOf } from '../../ports/event-samples.contract.ts'
import type { Headers, World } from '../isolation/world.fixture.ts'
import type { AccessRow, ObjectPermission } from './access-row.fixture.ts'
import { addUser, administrator, basic, home, known, owner } from './subjects.fixture.ts'
import type { Subjects } from './subjects.fixture.ts'

/** Somebody who tries every route. */
export type Caller = {
  readonly name: string
  readonly headers: Headers
  readonly isOperator: boolean
  /** Which answer the row promises it. */
  readonly expects: (row: AccessRow) => number | 'empty'
  /** Gives it its rights on these objects. */
  readonly meet: (subjects: Subjects) => Promise<void>
}

/**
 * Nobody, a wrong password, an API key, a user with each single role, the owner, users of `management` with each single
 * role, and users with each permission by an inventory role and by a device permission, on the object, on the one above it
 * and on another one.
 */
export const createCallers = async (world: World): Promise<readonly Caller[]> => {
  const { accounts } = world.ports
  for (const id of [home, managementTenant]) {
    valueOf(await accounts.createTenant({ id, name: id, domain: id, state: 'active' }, []))
  }
  await addUser(world, home, administrator, [...roles])
  await addUser(world, home, owner, [])
  return [
    withoutProof('no credentials', {}),
    withoutProof('wrong password', basic(home, owner, 'wrong')),
    await createKeyCaller(world),
    { ...stranger, name: 'owner', headers: basic(home, owner), expects: forUser(isForOwner) },
    ...(await Promise.all(roles.map((role) => createRoleCaller(world, home, role)))),
    ...(await Promise.all(roles.map((role) => createRoleCaller(world, managementTenant, role)))),
    ...(await createHolders(world)),
  ]
}

const stranger = { isOperator: false, meet: () => Promise.resolve() }

const withoutProof = (name: string, headers: Headers): Caller => ({
  ...stranger,
  name,
  headers,
  expects: ({ everybody, may }) => (everybody ? may : 401),
})

const createKeyCaller = async (world: World): Promise<Caller> => {
  const answer = await world.send({
    method: 'POST',
    url: `/belfry/v1/tenants/${home}/keys`,
    headers: { ...basic(home, administrator), 'content-type': 'application/json' },
    json: { name: 'caller' },
  })
  const { key } = answer.json<{ readonly key: string }>()
  return {
    ...stranger,
    name: 'API key',
    headers: { 'x-api-key': key },
    expects: ({ everybody, key: isEnough, may }) => (everybody || isEnough ? may : 403),
  }
}

const forUser =
  (isFor: (row: AccessRow) => boolean) =>
  (row: AccessRow): number | 'empty' =>
    row.everybody === true || row.anyUser === true || isFor(row) ? row.may : (row.others ?? 403)

const isForOwner = (row: AccessRow): boolean => row.owner === true

const createRoleCaller = async (world: World, tenant: TenantId, role: Role): Promise<Caller> => {
  const isOperator = tenant === managementTenant
  const name = userNamed(`with_${role}`)
  await addUser(world, tenant, name, [role])
  const enough = ({ roles: ofTenant, operators }: AccessRow) => (isOperator ? operators : ofTenant)
  return {
    ...stranger,
    name: isOperator ? `${role} in management` : role,
    headers: basic(tenant, name),
    isOperator,
    expects: forUser((row) => enough(row)?.includes(role) === true),
  }
}

const permissions: readonly ObjectPermission[] = [
  'EVENT:READ',
  'EVENT:ADMIN',
  'MANAGED_OBJECT:READ',
  'MANAGED_OBJECT:ADMIN',
]

/** The objects of a place, and whether a permission there counts. */
type Place = {
  readonly name: string
  readonly objects: (subjects: Subjects) => readonly ManagedObjectId[]
  readonly counts: { readonly 'inventory role': boolean; readonly 'device permission': boolean }
}

type Means = keyof Place['counts']

const places: readonly Place[] = [
  {
    name: 'the object',
    objects: ({ object, child, file }) => [object, child, file],
    counts: { 'inventory role': true, 'device permission': true },
  },
  {
    name: 'its parent',
    objects: ({ parent }) => [parent],
    counts: { 'inventory role': true, 'device permission': false },
  },
  {
    name: 'another object',
    objects: ({ other }) => [other],
    counts: { 'inventory role': false, 'device permission': false },
  },
]

const createHolders = (world: World): Promise<readonly Caller[]> =>
  Promise.all(
    permissions.flatMap((permission) =>
      (['inventory role', 'device permission'] as const).flatMap((means) =>
        places.map((place) => createHolder(world, { permission, means, place })),
      ),
    ),
  )

type Holding = {
  readonly permission: ObjectPermission
  readonly means: Means
  readonly place: Place
}

const createHolder = async (world: World, holding: Holding): Promise<Caller> => {
  const { permission, means, place } = holding
  const title = `${permission} by ${means} on ${place.name}`
  const name = userNamed(title.replace(/[ :]/g, '_'))
  await addUser(world, home, name, [])
  const give = await giverOf(world, holding, name)
  const met = new WeakSet<Subjects>()
  return {
    name: title,
    headers: basic(home, name),
    isOperator: false,
    expects: forUser(
      (row) => place.counts[means] && row.permissions?.includes(permission) === true,
    ),
    meet: async (subjects) => {
      if (met.has(subjects)) return
      met.add(subjects)
      await give(means === 'inventory role' ? topOf(place, subjects) : place.objects(subjects))
    },
  }
}

/** An inventory role goes down by itself. */
const topOf = (place: Place, subjects: Subjects): readonly ManagedObjectId[] =>
  place.objects(subjects).slice(0, 1)

type Give = (objects: readonly ManagedObjectId[]) => Promise<void>

const giverOf = async (
  { ports: { accounts } }: World,
  { permission, means }: Holding,
  user: UserName,
): Promise<Give> => {
  const text = permission.replace(':', ':*:')
  const change = async (rights: Rights): Promise<void> => {
    valueOf(await accounts.changeUser(home, user, { ...noChange, ...rights }))
  }
  if (means === 'device permission') {
    return (objects) =>
      change({ devicePermissions: Object.fromEntries(objects.map((id) => [id, [text]])) })
  }
  const given = [known(decodePermission(text))]
  const draft = { tenant: home, name: user, description: '', permissions: given }
  const role = valueOf(await accounts.createInventoryRole(draft))
  return (objects) =>
    change({ assignments: objects.map((object) => ({ id: 1, object, roles: [role.id] })) })
}

type Rights = {
  readonly devicePermissions?: Readonly<Record<string, readonly string[]>>
  readonly assignments?: readonly {
    readonly id: number
    readonly object: ManagedObjectId
    readonly roles: readonly InventoryRoleId[]
  }[]
}

const noChange = {
  passwordHash: undefined,
  enabled: undefined,
  roles: undefined,
  profile: undefined,
}

const userNamed = (text: string): UserName => known(decodeUserName(text))
