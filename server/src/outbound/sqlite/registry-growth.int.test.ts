import { expect, it } from 'vitest'
import {
  admin,
  draft,
  noChange,
  serial,
  t1,
  valueOf,
} from '../../ports/registry-samples.contract.ts'
import { createStepClock } from '../../ports/event-samples.contract.ts'
import { openSqliteStores } from './open-stores.ts'
import { deafMeter, scratchFolder } from './testing/scratch-store.contract.ts'
import type { AuditNote } from '../../core/audit.ts'

const open = (folder: string, diskReserveBytes: number) =>
  openSqliteStores(
    { folder, diskReserveBytes, readers: 1, logProblem: () => undefined },
    createStepClock(),
    deafMeter,
  )

/** No disk has so much room. */
const allBytes = 2 ** 60

const full = { ok: false, failure: { kind: 'unavailable', reason: 'disk-full' } }

const note: AuditNote = {
  ...{ tenant: t1, user: admin, source: '1', type: 'Inventory' },
  ...{ activity: 'Managed object changed', text: 'tried' },
}

it('a full disk takes in no objects, but lets them go, and people in', async () => {
  const folder = scratchFolder()
  const roomy = await open(folder, 0)
  const tenant = { id: t1, name: 't1', domain: 't1', state: 'active' } as const
  valueOf(await roomy.accounts.createTenant(tenant, []))
  const created = valueOf(await roomy.inventory.createObjects(t1, admin, [draft(), draft()]))
  await roomy.close()
  const { inventory, accounts, events, close } = await open(folder, allBytes)
  const [one, other] = created.map(({ id }) => id)
  if (one === undefined || other === undefined) throw new Error('both were created')
  expect(await inventory.createObjects(t1, admin, [draft()])).toMatchObject(full)
  expect(await inventory.changeObject(t1, one, noChange)).toMatchObject(full)
  expect(await inventory.noting(note).changeObject(t1, one, noChange)).toMatchObject(full)
  expect(await inventory.bindExternalId(t1, one, serial('s'))).toMatchObject(full)
  expect(events.health().state).toBe('degraded')
  valueOf(await accounts.changeTenantState(t1, 'suspended'))
  valueOf(await inventory.deleteObject(t1, one))
  valueOf(await inventory.noting(note).deleteObject(t1, other))
  expect(valueOf(await inventory.countObjects(t1, {}))).toBe(0)
  await close()
})
