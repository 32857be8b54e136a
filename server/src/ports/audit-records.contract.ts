import { expect, it } from 'vitest'
import { toAuditRecordId, toUserName } from '../core/identity.ts'
import { admin, t1, t2, t3, tenantOf, userOf } from './accounts-under-test.contract.ts'
import { missing, valueOf } from './registry-samples.contract.ts'
import type { AuditFilter, AuditNote, NewAuditRecord } from '../core/audit.ts'
import type { AccountsUnderTest } from './accounts-under-test.contract.ts'

const recordWith = (over: Partial<NewAuditRecord> = {}): NewAuditRecord => ({
  tenant: t1,
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
