import { expect, it } from 'vitest'
import type { Principal } from '../core/access.ts'
import { managementTenant } from '../core/identity.ts'
import { appsMax, groupsMax, inventoryRolesMax } from '../core/limits.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import { createSecrets } from '../outbound/system/secrets.ts'
import { admin, t1, valueOf } from '../ports/registry-samples.contract.ts'
import { createInTurn } from './in-turn.ts'
import { createManageApplications } from './manage-applications.ts'
import { createManageApps } from './manage-apps.ts'
import { createManageGroups } from './manage-groups.ts'
import { createManageInventoryRoles } from './manage-inventory-roles.ts'
import type { Result } from '../core/failure.ts'

/** Several at once never have more than the bound, wherever they come from. */

const keeper: Principal = {
  ...{ kind: 'user', tenant: t1, user: admin },
  roles: new Set([
    'ROLE_USER_MANAGEMENT_ADMIN',
    'ROLE_USER_MANAGEMENT_READ',
    'ROLE_APPLICATION_MANAGEMENT_ADMIN',
  ]),
}
const operator: Principal = {
  ...{ kind: 'user', tenant: managementTenant, user: admin },
  roles: new Set(['ROLE_TENANT_MANAGEMENT_ADMIN']),
}

const open = async () => {
  const registry = createMemoryRegistry({ nowMs: () => Date.UTC(2026, 0, 1) })
  const tenant = { id: t1, name: 't1', domain: 't1', state: 'active' } as const
  valueOf(await registry.accounts.createTenant(tenant, []))
  return { ...registry, secrets: createSecrets(), inTurn: createInTurn() }
}

/** All but one of the places are taken one after the other, and the last by one of `atOnce`. */
const expectOnePlace = async (
  max: number,
  create: (at: number) => Promise<Result<unknown>>,
): Promise<void> => {
  for (let at = 1; at < max; at += 1) valueOf(await create(at))
  const atOnce = 4
  const tried = await Promise.all(Array.from({ length: atOnce }, (_, at) => create(max + at)))
  expect(tried.filter(({ ok }) => ok)).toHaveLength(1)
  for (const result of tried.filter(({ ok }) => !ok)) {
    expect(result).toMatchObject({ failure: { kind: 'invalid' } })
  }
}

it('the last group is created once', async () => {
  const ports = await open()
  const groups = createManageGroups(ports)
  const rest = { description: '', devicePermissions: {}, customProperties: '{}' }
  await expectOnePlace(groupsMax, (at) => groups.create(keeper, t1, { name: `g${at}`, ...rest }))
  expect(valueOf(await ports.accounts.listGroups(t1))).toHaveLength(groupsMax)
})

it('the last inventory role is created once', async () => {
  const ports = await open()
  const roles = createManageInventoryRoles(ports)
  const rest = { description: '', permissions: [] }
  const predefined = valueOf(await roles.list(keeper)).length
  const places = inventoryRolesMax - predefined
  await expectOnePlace(places, (at) => roles.create(keeper, { name: `r${at}`, ...rest }))
  expect(valueOf(await roles.list(keeper))).toHaveLength(inventoryRolesMax)
})

it('the last application is created once, also by operators and in both dialects', async () => {
  const ports = await open()
  const apps = createManageApps(ports)
  const applications = createManageApplications(ports)
  const draft = { kind: 'EXTERNAL', contextPath: undefined } as const
  await expectOnePlace(appsMax, (at) =>
    at % 2 === 0
      ? apps.create(operator, t1, `a${at}`)
      : applications.create(keeper, { name: `a${at}`, key: `k${at}`, ...draft }),
  )
  expect(valueOf(await ports.accounts.listApps(t1))).toHaveLength(appsMax)
})
