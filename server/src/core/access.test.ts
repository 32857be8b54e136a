import { describe, expect, it } from 'vitest'
import * as access from './access.ts'
import { toManagedObjectId, toTenantId } from './identity.ts'
import { decodeUserName } from './decode-identity.ts'
import type { KeyPrincipal, Owned, Role, UserPrincipal } from './access.ts'

const name = (text: string) => {
  const decoded = decodeUserName(text)
  if (decoded === undefined) throw new Error(`${text} is no user name`)
  return decoded
}

const user = (...roles: readonly Role[]): UserPrincipal => ({
  kind: 'user',
  tenant: toTenantId('t1'),
  user: name('ann'),
  roles: new Set(roles),
})

const key = (allTenants: boolean, ...devices: readonly number[]): KeyPrincipal => ({
  kind: 'key',
  tenant: toTenantId(allTenants ? 'management' : 't1'),
  keyPrefix: 'k1',
  allTenants,
  devices: devices.length === 0 ? undefined : new Set(devices.map(toManagedObjectId)),
})

const own: Owned = { id: toManagedObjectId(1), owner: name('ann') }
const others: Owned = { id: toManagedObjectId(2), owner: name('bob') }
const nobodys: Owned = { id: toManagedObjectId(3), owner: undefined }
const objects = [own, others, nobodys]

const principals = {
  'a user without roles': user(),
  'an event reader': user('ROLE_EVENT_READ'),
  'an event administrator': user('ROLE_EVENT_ADMIN'),
  'an inventory reader': user('ROLE_INVENTORY_READ'),
  'an inventory creator': user('ROLE_INVENTORY_CREATE'),
  'an inventory administrator': user('ROLE_INVENTORY_ADMIN'),
  'a managed object reader': user('ROLE_MANAGED_OBJECT_READ'),
  'a managed object creator': user('ROLE_MANAGED_OBJECT_CREATE'),
  'a managed object administrator': user('ROLE_MANAGED_OBJECT_ADMIN'),
  'a tenant administrator': user(
    'ROLE_TENANT_ADMIN',
    'ROLE_SYSTEM',
    'ROLE_TENANT_MANAGEMENT_ADMIN',
  ),
  'a user administrator': user('ROLE_USER_MANAGEMENT_ADMIN', 'ROLE_IDENTITY_ADMIN'),
  'a key': key(false),
  'a key of device 2': key(false, 2),
  'an operator key': key(true),
  'an operator key of device 2': key(true, 2),
  'a key of no device': { ...key(false), devices: new Set<never>() },
}

type Who = keyof typeof principals

/** For the objects own, another's, nobody's: read, create, change events; change the object. */
const byObject: readonly (readonly [Who, string, string, string, string])[] = [
  ['a user without roles', '+--', '+--', '+--', '+--'],
  ['an event reader', '+++', '+--', '+--', '+--'],
  ['an event administrator', '+--', '+++', '+++', '+--'],
  ['an inventory reader', '+--', '+--', '+--', '+--'],
  ['an inventory creator', '+--', '+--', '+--', '+--'],
  ['an inventory administrator', '+--', '+--', '+--', '+++'],
  ['a managed object reader', '+--', '+--', '+--', '+--'],
  ['a managed object creator', '+--', '+--', '+--', '+--'],
  ['a managed object administrator', '+--', '+--', '+--', '+++'],
  ['a tenant administrator', '+--', '+--', '+--', '+--'],
  ['a user administrator', '+--', '+--', '+--', '+--'],
  ['a key', '+++', '+++', '---', '---'],
  ['a key of device 2', '-+-', '-+-', '---', '---'],
  ['an operator key', '---', '+++', '---', '---'],
  ['an operator key of device 2', '---', '-+-', '---', '---'],
  ['a key of no device', '---', '---', '---', '---'],
]

/** List all events, delete events by filter, read all objects, create objects. */
const byTenant: readonly (readonly [Who, string])[] = [
  ['a user without roles', '----'],
  ['an event reader', '+---'],
  ['an event administrator', '-+--'],
  ['an inventory reader', '--+-'],
  ['an inventory creator', '---+'],
  ['an inventory administrator', '---+'],
  ['a managed object reader', '--+-'],
  ['a managed object creator', '---+'],
  ['a managed object administrator', '---+'],
  ['a tenant administrator', '----'],
  ['a user administrator', '----'],
  ['a key', '+---'],
  ['a key of device 2', '----'],
  ['an operator key', '----'],
  ['an operator key of device 2', '----'],
  ['a key of no device', '----'],
]

const signs = (answers: readonly boolean[]): string =>
  answers.map((answer) => (answer ? '+' : '-')).join('')

describe('what a principal may do with an object', () => {
  it.each(byObject)('%s: read %s, create %s, change %s, object %s', (who, ...expected) => {
    const principal = principals[who]
    const rules = [
      access.mayReadEventsOf,
      access.mayCreateEventsOf,
      access.mayChangeEventsOf,
      access.mayChangeManagedObject,
    ]
    const found = rules.map((rule) => signs(objects.map((object) => rule(principal, object))))
    expect(found).toEqual(expected)
  })
})

describe('what a principal may do in its tenant', () => {
  it.each(byTenant)('%s: %s', (who, expected) => {
    const rules = [
      access.mayReadAllEvents,
      access.mayDeleteEvents,
      access.mayReadAllManagedObjects,
      access.mayCreateManagedObjects,
    ]
    expect(signs(rules.map((rule) => rule(principals[who])))).toBe(expected)
  })
})

describe('the tables', () => {
  it('name every principal', () => {
    const all = Object.keys(principals)
    expect(byObject.map(([who]) => who)).toEqual(all)
    expect(byTenant.map(([who]) => who)).toEqual(all)
  })

  it('let nobody list all events who may not read each', () => {
    for (const principal of Object.values(principals)) {
      if (!access.mayReadAllEvents(principal)) continue
      expect(objects.every((object) => access.mayReadEventsOf(principal, object))).toBe(true)
    }
  })

  it('give a key no role and no ownership', () => {
    for (const principal of [key(false), key(true)]) {
      expect(access.hasRole(principal, ...access.roles)).toBe(false)
      expect(access.isOwner(principal, nobodys)).toBe(false)
    }
  })
})

describe('a role', () => {
  it('is had when any of those asked for is, and never for an empty question', () => {
    expect(access.hasRole(user('ROLE_EVENT_READ'), 'ROLE_SYSTEM', 'ROLE_EVENT_READ')).toBe(true)
    expect(access.hasRole(user('ROLE_EVENT_READ'), 'ROLE_SYSTEM')).toBe(false)
    expect(access.hasRole(user(...access.roles))).toBe(false)
  })
})

describe('linking a child', () => {
  const linkable = (principal: access.Principal): string =>
    [own, others]
      .flatMap((parent) => [own, others].map((child) => ({ parent, child })))
      .map(({ parent, child }) => (access.mayLinkChildren(principal, parent, child) ? '+' : '-'))
      .join('')

  it.each([
    ['a user without roles', '+---'],
    ['an inventory reader', '+---'],
    ['an inventory creator', '+-+-'],
    ['an inventory administrator', '++++'],
    ['a key', '----'],
  ] as const)('is for %s between own and others: %s', (who, expected) => {
    expect(linkable(principals[who])).toBe(expected)
  })
})
