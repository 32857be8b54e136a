import { expect, it } from 'vitest'
import { shelfRecordsMax } from '../core/audit.ts'
import { toAuditRecordId, toUserName } from '../core/identity.ts'
import { auditRecordsTrimmed } from '../core/limits.ts'
import { defaultRetentionRule } from '../core/retention.ts'
import { admin, noChange, t1, t2, t3, tenantOf, userOf } from './accounts-under-test.contract.ts'
import { missing, valueOf } from './registry-samples.contract.ts'
import type { AuditFilter, AuditNote, NewAuditRecord } from '../core/audit.ts'
import type { Result } from '../core/failure.ts'
import type { AccountsUnderTest } from './accounts-under-test.contract.ts'

const recordWith = (over: Partial<NewAuditRecord> = {}): NewAuditRecord => ({
  tenant: t1,
  shelf: 'client',
  type: 'User',
  activity: 'User created',
  text: 'made',
  source: 'a',
  time: { ms: 1_000, offsetMinutes: 60 },
  user: 'admin',
  application: 'app',
  severity: 'WARNING',
  fragments: [{ name: 'n', value: '1.50' }],
  ...over,
})

const noteWith = (over: Partial<AuditNote> = {}): AuditNote => ({
  tenant: t1,
  type: 'User',
  activity: 'User created',
  text: 'made',
  source: 'somebody',
  user: admin,
  ...over,
})

/** What every keeper of audit records promises, negative cases first. */
export const auditRecordCases = (test: AccountsUnderTest): void => {
  const listed = async (filter: AuditFilter = {}, tenant = t1) =>
    valueOf(await test.accounts.listAuditRecords(tenant, filter, 0, 100)).records

  it('answers those of another tenant like ones that do not exist', async () => {
    const { accounts } = test
    const { id } = valueOf(await accounts.createAuditRecord(recordWith()))
    for (const other of [id, toAuditRecordId(7)]) {
      const gone = missing('audit-record', other)
      expect(await accounts.readAuditRecord(t2, other)).toEqual(gone)
    }
    expect(await listed({}, t2)).toEqual([])
    expect(valueOf(await accounts.countAuditRecords(t2, {}))).toBe(0)
    expect(valueOf(await accounts.deleteAuditRecords(t2, {}))).toBe(0)
    expect(await listed()).toHaveLength(1)
    const refused = await accounts.createAuditRecord(recordWith({ tenant: t3 }))
    expect(refused).toEqual(missing('tenant', t3))
  })

  it('keeps what a record says', async () => {
    const { accounts, clock } = test
    const record = recordWith()
    const created = valueOf(await accounts.createAuditRecord(record))
    expect(created).toEqual({ ...record, id: created.id, creationMs: clock.ms })
    expect(valueOf(await accounts.readAuditRecord(t1, created.id))).toEqual(created)
    const nothing = { user: undefined, application: undefined, severity: undefined, fragments: [] }
    const bare = valueOf(await accounts.createAuditRecord(recordWith(nothing)))
    expect(valueOf(await accounts.readAuditRecord(t1, bare.id))).toMatchObject(nothing)
  })

  it('lists those that match, newest first, page by page', async () => {
    const { accounts } = test
    const add = async (over: Partial<NewAuditRecord>) =>
      valueOf(await accounts.createAuditRecord(recordWith(over))).id
    const late = await add({ time: { ms: 2_000, offsetMinutes: 0 }, user: 'b', source: "b'" })
    const first = await add({ application: 'x' })
    const second = await add({ type: 'Group' })
    const idsOf = async (filter: AuditFilter) => (await listed(filter)).map(({ id }) => id)
    expect(await idsOf({})).toEqual([late, second, first])
    expect(await idsOf({ type: 'User' })).toEqual([late, first])
    expect(await idsOf({ user: 'b' })).toEqual([late])
    expect(await idsOf({ source: "b'" })).toEqual([late])
    expect(await idsOf({ application: 'x' })).toEqual([first])
    expect(await idsOf({ time: { fromMs: 1_000, toMs: 2_000 } })).toEqual([second, first])
    expect(await idsOf({ creation: { toMs: test.clock.ms } })).toEqual([])
    expect(valueOf(await accounts.countAuditRecords(t1, { type: 'User' }))).toBe(2)
    const page = valueOf(await accounts.listAuditRecords(t1, {}, 1, 1))
    expect(page).toMatchObject({ records: [{ id: second }], more: true })
    expect(valueOf(await accounts.listAuditRecords(t1, {}, 2, 1)).more).toBe(false)
  })

  it('deletes those that match, and says how many', async () => {
    const { accounts } = test
    for (const type of ['User', 'User', 'Group']) {
      valueOf(await accounts.createAuditRecord(recordWith({ type })))
    }
    const old = { type: 'User', creation: { toMs: test.clock.ms + 1 } }
    expect(valueOf(await accounts.deleteAuditRecords(t1, old))).toBe(2)
    expect(valueOf(await accounts.deleteAuditRecords(t1, old))).toBe(0)
    expect(await listed()).toMatchObject([{ type: 'Group' }])
  })

  it('writes a note with the change that it is about', async () => {
    const { accounts, registry, clock } = test
    const changes = [{ attribute: 'enabled', previousValue: 'true', newValue: 'false' }]
    const noting = accounts.noting(noteWith({ changes }))
    valueOf(await noting.createUser(userOf(t1, toUserName('somebody'))))
    const [record] = await listed()
    expect(record).toMatchObject({
      tenant: t1,
      type: 'User',
      source: 'somebody',
      user: admin,
      time: { ms: clock.ms, offsetMinutes: 0 },
    })
    expect(JSON.parse(record?.fragments[0]?.value ?? '')).toEqual([
      { ...changes[0], type: 'String', changeType: 'REPLACED' },
    ])
    const group = { tenant: t1, name: 'g', description: '', roles: [] }
    const grouped = accounts.noting(noteWith({ type: 'Group', source: undefined }))
    const made = await grouped.createGroup({
      ...group,
      devicePermissions: {},
      customProperties: '{}',
    })
    expect(await listed({ type: 'Group' })).toMatchObject([{ source: String(valueOf(made).id) }])
    const drafts = [{ name: 'Door', type: undefined, fragments: [], externalIds: [] }]
    const [door] = valueOf(await registry.inventory.createObjects(t1, admin, drafts))
    if (door === undefined) throw new Error('one draft makes one object')
    const note = noteWith({ type: 'Inventory', source: String(door.id) })
    valueOf(await registry.inventory.noting(note).deleteObject(t1, door.id))
    expect(await listed({ type: 'Inventory' })).toHaveLength(1)
    expect((await registry.inventory.readObject(t1, door.id)).ok).toBe(false)
  })

  it('writes none with a change that fails, or for a tenant that does not exist', async () => {
    const { accounts } = test
    const noting = accounts.noting(noteWith())
    expect((await noting.deleteUser(t1, toUserName('absent'))).ok).toBe(false)
    const elsewhere = accounts.noting(noteWith({ tenant: t3 }))
    valueOf(await elsewhere.createUser(userOf(t1, toUserName('somebody'))))
    expect(await listed()).toEqual([])
    expect(await listed({}, t3)).toEqual([])
  })

  it('writes none with a change that changes nothing', async () => {
    const { accounts, registry } = test
    const change = await prepareChanges(test)
    await change('a')
    valueOf(await accounts.deleteAuditRecords(t1, {}))
    await change('a')
    expect(await listed()).toEqual([])
    const changes = await change('bb')
    expect(await listed()).toHaveLength(changes)
    const drafts = [{ name: 'Door', type: undefined, fragments: [], externalIds: [] }]
    const doors = valueOf(await registry.inventory.createObjects(t1, admin, drafts))
    const noting = registry.inventory.noting(noteWith({ type: 'Inventory' }))
    for (let turn = 0; turn < 2; turn += 1) {
      valueOf(
        await noting.deleteObjects(
          t1,
          doors.map(({ id }) => id),
        ),
      )
    }
    expect(await listed({ type: 'Inventory' })).toHaveLength(1)
  })

  const atOnce = 500

  it('pushes out by what clients write nothing but what clients wrote first', async () => {
    const { accounts } = test
    valueOf(await accounts.noting(noteWith()).createUser(userOf(t1, admin)))
    const elsewhere = valueOf(await accounts.createAuditRecord(recordWith({ tenant: t2 })))
    const first = valueOf(await accounts.createAuditRecord(recordWith()))
    const max = shelfRecordsMax('client')
    for (let written = 0; written < max; written += atOnce) {
      const records = Array.from({ length: atOnce }, () => accounts.createAuditRecord(recordWith()))
      for (const record of await Promise.all(records)) valueOf(record)
    }
    const kept = max + 1 - auditRecordsTrimmed
    expect(valueOf(await accounts.countAuditRecords(t1, { user: 'admin' }))).toBe(kept + 1)
    expect(await listed({ source: 'somebody' })).toHaveLength(1)
    expect((await accounts.readAuditRecord(t1, first.id)).ok).toBe(false)
    expect((await accounts.readAuditRecord(t2, elsewhere.id)).ok).toBe(true)
    valueOf(await accounts.createAuditRecord(recordWith()))
    expect(valueOf(await accounts.countAuditRecords(t1, {}))).toBe(kept + 2)
  })

  it('pushes out by what users change of themselves nothing that others did', async () => {
    const { accounts } = test
    valueOf(await accounts.noting(noteWith()).createUser(userOf(t1, admin)))
    const own = accounts.noting(noteWith({ shelf: 'own', activity: 'User changed' }))
    const max = shelfRecordsMax('own')
    for (let turn = 0; turn <= max; turn += 1) {
      const profile = { firstName: String(turn) }
      valueOf(await own.changeUser(t1, admin, { ...noChange, profile }))
    }
    const kept = max + 1 - auditRecordsTrimmed
    expect(valueOf(await accounts.countAuditRecords(t1, {}))).toBe(kept + 1)
    const [oldest] = valueOf(await accounts.listAuditRecords(t1, {}, kept, 1)).records
    expect(oldest).toMatchObject({ activity: 'User created' })
  })

  it('forgets records with their tenant', async () => {
    const { accounts, registry } = test
    const { id } = valueOf(await accounts.createAuditRecord(recordWith()))
    valueOf(await accounts.deleteTenant(t1))
    expect((await accounts.readAuditRecord(t1, id)).ok).toBe(false)
    valueOf(await registry.inventory.finishPurges([{ tenant: t1, object: undefined }]))
    valueOf(await accounts.createTenant(tenantOf(t1), []))
    expect(await listed()).toEqual([])
  })
}

/** Every kind of change that leaves a record, to something that is there; answers how many they are. */
const prepareChanges = async ({
  accounts,
}: AccountsUnderTest): Promise<(text: string) => Promise<number>> => {
  valueOf(await accounts.createUser(userOf(t1, admin)))
  const named = { tenant: t1, name: 'n', description: '' }
  const more = { roles: [], devicePermissions: {}, customProperties: '{}' }
  const group = valueOf(await accounts.createGroup({ ...named, ...more }))
  const role = valueOf(await accounts.createInventoryRole({ ...named, permissions: [] }))
  const rule = valueOf(await accounts.createRetentionRule({ ...defaultRetentionRule, tenant: t1 }))
  valueOf(await accounts.createApp({ tenant: t1, id: 'app', name: 'n', key: 'k' }))
  const request = { tenant: t1, id: 'serial', type: undefined, groupId: undefined }
  valueOf(await accounts.createDeviceRequest(request))
  const noting = accounts.noting(noteWith())
  return async (text) => {
    const changes: readonly (() => Promise<Result<unknown>>)[] = [
      () => noting.changeUser(t1, admin, { ...noChange, profile: { email: text } }),
      () => noting.changeGroup(t1, group.id, { description: text }),
      () => noting.changeInventoryRole(t1, role.id, { description: text }),
      () => noting.changeRetentionRule(t1, rule.id, { maximumAge: text.length }),
      () => noting.changeTenant(t1, { name: text }),
      () => noting.changeTenantState(t1, text === 'a' ? 'active' : 'suspended'),
      () => noting.changeApp(t1, 'app', { name: text }),
      () => noting.changeDeviceRequest(t1, 'serial', { tokenHash: text }),
      () => noting.putOptions(t1, [{ category: 'c', key: 'k', value: text }]),
    ]
    for (const change of changes) valueOf(await change())
    return changes.length
  }
}
