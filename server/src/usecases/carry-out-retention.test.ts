import { beforeEach, describe, expect, it } from 'vitest'
import { roles } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import { failed, invalid } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import { toJobId, toTenantId, toUserName } from '../core/identity.ts'
import type { ManagedObjectId, TenantId } from '../core/identity.ts'
import { retentionDeletionsMax, retentionEveryMs } from '../core/limits.ts'
import { defaultRetentionRule } from '../core/retention.ts'
import type { RetentionRun } from '../core/retention.ts'
import { createMemoryEventStore } from '../outbound/memory/event-store.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import type { Registry } from '../outbound/memory/registry.ts'
import { valueOf } from '../ports/event-samples.contract.ts'
import type { DeletionJob, EventStore } from '../ports/event-store.ts'
import { createCarryOutRetention } from './carry-out-retention.ts'
import type { CarryOutRetention } from './carry-out-retention.ts'
import { createPreviewRetention } from './preview-retention.ts'
import type { PreviewRetention } from './preview-retention.ts'

const dayMs = 24 * 60 * 60 * 1000
const t1 = toTenantId('t1')
const t2 = toTenantId('t2')
const name = toUserName('admin')

const admin = (tenant: TenantId): Principal => ({
  kind: 'user',
  tenant,
  user: name,
  roles: new Set(roles),
})

let clock: { ms: number; readonly nowMs: () => number }
let registry: Registry
let events: EventStore
let running: readonly DeletionJob[]
let runs: (readonly [TenantId, RetentionRun])[]
let retention: CarryOutRetention
let preview: PreviewRetention
let door: ManagedObjectId

beforeEach(async () => {
  const now = { ms: Date.UTC(2026, 0, 1), nowMs: () => now.ms }
  clock = now
  registry = createMemoryRegistry(clock)
  running = []
  events = {
    ...createMemoryEventStore(clock),
    listDeletions: () => Promise.resolve({ ok: true, value: running }),
  }
  runs = []
  const noteRun = (tenant: TenantId, run: RetentionRun): void => void runs.push([tenant, run])
  const ports = { accounts: registry.accounts, events, clock, noteRun }
  retention = createCarryOutRetention(ports)
  preview = createPreviewRetention(ports)
  for (const id of [t1, t2]) {
    const tenant = { id, name: id, domain: id, state: 'active' } as const
    valueOf(await registry.accounts.createTenant(tenant, []))
  }
  const draft = { name: 'Door', type: undefined, fragments: [], externalIds: [] }
  const [made] = valueOf(await registry.inventory.createObjects(t1, name, [draft]))
  if (made === undefined) throw new Error('one draft makes one object')
  door = made.id
})

const add = async (type: string, tenant = t1, fragments: readonly string[] = []) => {
  const event = {
    source: door,
    type,
    text: '',
    time: { ms: 0, offsetMinutes: 0 },
    fragments: fragments.map((each) => ({ name: each, value: '{}' })),
    digest: undefined,
  }
  valueOf(await events.append(tenant, [event]))
}

const countOf = async (tenant = t1) => valueOf(await events.count(tenant, {}))

const setRule = async (over: object) =>
  valueOf(
    await registry.accounts.createRetentionRule({ ...defaultRetentionRule, tenant: t1, ...over }),
  )

describe('retention', () => {
  it('counts from the creation, and keeps to the shortest rule that matches', async () => {
    await setRule({ type: 'short', maximumAge: 1 })
    await setRule({ type: 'short', maximumAge: 90 })
    await setRule({ dataType: 'MEASUREMENT', maximumAge: 1 })
    for (const type of ['short', 'long']) await add(type)
    await add('short', t2)
    clock.ms += dayMs + 1
    await add('short')
    const all = valueOf(await preview.all(admin(t1), t1))
    expect(all.total).toEqual({ events: 1, records: 0 })
    expect(all.rules.map(({ removable }) => removable.events)).toEqual([0, 1, 0, 0])
    const done = valueOf(await retention.run(admin(t1), t1))
    expect(done).toMatchObject({ removedEvents: 1, isComplete: true, startedMs: clock.ms })
    expect(await countOf()).toBe(2)
    expect(await countOf(t2)).toBe(1)
    clock.ms += 60 * dayMs
    expect(valueOf(await preview.all(admin(t1), t1)).total.events).toBe(2)
    expect(valueOf(await retention.run(admin(t1), t1)).removedEvents).toBe(2)
  })

  it('is counted together with each event once, also where rules name two fragments', async () => {
    await setRule({ fragmentType: 'f', maximumAge: 1 })
    await setRule({ fragmentType: 'g', maximumAge: 2 })
    for (const fragments of [['f', 'g'], ['g'], ['f'], []]) await add('door', t1, fragments)
    clock.ms += 3 * dayMs
    const all = valueOf(await preview.all(admin(t1), t1))
    expect(all.rules.map(({ removable }) => removable.events)).toEqual([0, 2, 2])
    expect(all.total.events).toBe(3)
    expect(valueOf(await retention.run(admin(t1), t1)).removedEvents).toBe(3)
    expect(await countOf()).toBe(1)
  })

  it('removes audit records by rules about them', async () => {
    const { accounts } = registry
    const time = { ms: clock.ms, offsetMinutes: 0 }
    const shelf = 'client' as const
    const record = { shelf, activity: 'a', text: '', source: 'x', time, fragments: [] }
    const unsaid = { user: undefined, application: undefined, severity: undefined }
    for (const type of ['User', 'Group']) {
      valueOf(await accounts.createAuditRecord({ tenant: t1, type, ...record, ...unsaid }))
    }
    await setRule({ dataType: 'AUDIT', type: 'User', maximumAge: 1 })
    clock.ms += 2 * dayMs
    expect(valueOf(await preview.all(admin(t1), t1)).total.records).toBe(1)
    expect(valueOf(await retention.run(admin(t1), t1))).toMatchObject({ removedRecords: 1 })
    expect(valueOf(await accounts.countAuditRecords(t1, {}))).toBe(1)
    expect(retention.totals()).toEqual({ runs: 1, removedEvents: 0, removedRecords: 1 })
  })

  it('of a rule that is not set is counted and changes nothing', async () => {
    await add('door')
    clock.ms += 2 * dayMs
    const draft = { ...defaultRetentionRule, maximumAge: 1 }
    expect(valueOf(await preview.one(admin(t1), t1, draft)).events).toBe(1)
    expect(await countOf()).toBe(1)
  })

  it('goes on where events cannot be counted in time, and stops where the store is out of order', async () => {
    await add('door')
    clock.ms += 61 * dayMs
    const runWith = (counted: Result<never>) => {
      const count = () => Promise.resolve(counted)
      const ports = { accounts: registry.accounts, events: { ...events, count }, clock }
      return createCarryOutRetention(ports).run(admin(t1), t1)
    }
    const failure = { kind: 'unavailable', reason: 'storage-failed', retryAfterS: 1 } as const
    expect(await runWith(failed(failure))).toEqual(failed(failure))
    expect(await countOf()).toBe(1)
    const tooLong = invalid('fragmentType', 'this takes longer than 30 s')
    expect(valueOf(await runWith(tooLong))).toMatchObject({ isComplete: true, removedEvents: 0 })
    expect(await countOf()).toBe(0)
  })

  it('waits while the tenant has many running deletions, and goes on from where it began', async () => {
    await setRule({ maximumAge: 1 })
    await add('door')
    clock.ms += 2 * dayMs
    const startedMs = clock.ms
    const job = { tenant: t1, filter: {}, startedMs, removedEvents: 0, partsLeft: 1 }
    const jobs = Array.from({ length: retentionDeletionsMax }, (_, id) => ({ ...job, id }))
    running = jobs.map((each) => ({ ...each, id: toJobId(each.id) }))
    expect(valueOf(await retention.run(admin(t1), t1))).toMatchObject({ isComplete: false })
    expect(await countOf()).toBe(1)
    expect(runs).toEqual([])
    running = []
    clock.ms += 1000
    valueOf(await retention.runDue())
    expect(runs).toContainEqual([t1, { startedMs, removedEvents: 1, removedRecords: 0 }])
    expect(await countOf()).toBe(0)
  })
})

describe('the daily run', () => {
  it('begins with the first look and then after a day, for each tenant on its own', async () => {
    valueOf(await retention.runDue())
    expect(runs.map(([tenant]) => tenant)).toEqual([t1, t2])
    clock.ms += retentionEveryMs - 1
    valueOf(await retention.run(admin(t1), t1))
    clock.ms += 1
    valueOf(await retention.runDue())
    expect(runs.map(([tenant]) => tenant)).toEqual([t1, t2, t1, t2])
    clock.ms += retentionEveryMs
    valueOf(await retention.runDue())
    expect(runs).toHaveLength(6)
  })

  it('is remembered over a restart', async () => {
    valueOf(await retention.runDue())
    const again = createCarryOutRetention({ accounts: registry.accounts, events, clock })
    valueOf(await again.runDue())
    expect(again.totals().runs).toBe(0)
    clock.ms += retentionEveryMs
    valueOf(await again.runDue())
    expect(again.totals().runs).toBe(2)
  })

  it('is not put off by a clock that was set back', async () => {
    valueOf(await retention.runDue())
    clock.ms -= 1
    valueOf(await retention.runDue())
    expect(runs).toHaveLength(4)
    valueOf(await retention.runDue())
    expect(runs).toHaveLength(4)
  })
})

describe('retention is refused', () => {
  it('to strangers and to who has no role, whether the tenant exists or not', async () => {
    const stranger = admin(t2)
    const nobody: Principal = { kind: 'user', tenant: t1, user: name, roles: new Set() }
    for (const tenant of [t1, toTenantId('absent')]) {
      for (const principal of [stranger, nobody]) {
        const denied = { ok: false, failure: { kind: 'forbidden' } }
        expect(await retention.run(principal, tenant)).toMatchObject(denied)
        expect(await preview.all(principal, tenant)).toMatchObject(denied)
        expect(await preview.one(principal, tenant, defaultRetentionRule)).toMatchObject(denied)
      }
    }
  })
})
