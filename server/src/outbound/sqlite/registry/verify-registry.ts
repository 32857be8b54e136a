import type { Database } from 'better-sqlite3'

/**
 * Looks whether what rows of the registry refer to is there. All of it holds in any snapshot, because what refers goes in
 * the same transaction; only a deleted tenant's rows go later, in no order (leaving-tenants.ts). An object's owner may be
 * a user who is gone. Answers a sentence for each problem.
 */
export const verifyRegistry = (registry: Database): readonly string[] => [
  ...rules.flatMap(([from, problem]) => {
    const count = Number(registry.prepare(`select count(*) from ${from}`).pluck().get())
    return count === 0 ? [] : [`${problem} (${count} of them)`]
  }),
  ...(registry.prepare('pragma foreign_key_check').all().length === 0
    ? []
    : ['a row names a tenant that is not there']),
]

const isStaying = 'tenant not in (select tenant from leaving_tenant)'

const isOfNoTenant = `tenant not in (select tenant from tenant) and ${isStaying}`

/** That the object in `column` of `row` is none of its tenant. */
const hasNoObject = (row: string, column: string): string =>
  `${row}.${isStaying} and not exists
    (select 1 from managed_object o where o.id = ${row}.${column} and o.tenant = ${row}.tenant)`

/** Each as rows that must not be there. */
const rules: readonly (readonly [from: string, problem: string])[] = [
  [`user where ${isOfNoTenant}`, 'a user is of no tenant'],
  [`managed_object where ${isOfNoTenant}`, 'a managed object is of no tenant'],
  [
    `external_id e where ${hasNoObject('e', 'object')}`,
    'an external id names a managed object that is not there',
  ],
  [
    `child_reference r where ${hasNoObject('r', 'parent')}`,
    'a child is of a managed object that is not there',
  ],
  [
    `child_reference r where ${hasNoObject('r', 'child')}`,
    'a managed object has a child that is not there',
  ],
  [
    `managed_object_fragment f where ${hasNoObject('f', 'object')}`,
    'a fragment is of a managed object that is not there',
  ],
  [
    `user u, json_each(u.group_ids) g where u.${isStaying} and not exists
      (select 1 from user_group where id = g.value and tenant = u.tenant)`,
    'a user is in a group that is not there',
  ],
]
