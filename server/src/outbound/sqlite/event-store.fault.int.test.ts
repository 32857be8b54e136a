import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, vi } from 'vitest'
import { toManagedObjectId } from '../../core/identity.ts'
import { deletionSliceEventsMax, queuedEventsMax, runningDeletionsMax } from '../../core/limits.ts'
import { createStepClock, sampleEvent, sampleTenant } from '../../ports/event-samples.contract.ts'
import { sampleUnique, valueOf } from '../../ports/event-samples.contract.ts'
import { openSqliteStores } from './open-stores.ts'
import { createReaderPool } from './reader-pool.ts'
import { openThreadChannel } from './thread-channel.ts'
import { countRows, poisonEvents } from './testing/event-file.ts'
import { deafMeter, scratchFolder, throwProblem } from './testing/scratch-store.contract.ts'
import type { Result } from '../../core/failure.ts'
import type { EventStore } from '../../ports/event-store.ts'
import type { SqliteConfig } from './open-stores.ts'

const open = async (config: Partial<SqliteConfig> = {}) => {
  const folder = config.folder ?? scratchFolder()
  const whole = { readers: 1, logProblem: throwProblem, ...config, folder }
  return { folder, store: (await openSqliteStores(whole, createStepClock(), deafMeter)).events }
}

const manyEvents = (count: number, text = 'one of many') =>
  Array.from({ length: count }, () => sampleEvent({ text }))

const countAll = async (store: EventStore) => valueOf(await store.count(sampleTenant, {}))

const reasonOf = (result: Result<unknown>): string | undefined =>
  !result.ok && result.failure.kind === 'unavailable' ? result.failure.reason : undefined

const untilNoDeletions = (store: EventStore) =>
  vi.waitUntil(async () => valueOf(await store.listDeletions(sampleTenant)).length === 0, {
    timeout: 20_000,
  })

describe('a full disk', () => {
  it('refuses what has no room, keeps the rest, and takes events in again when there is space', async () => {
    const problems: string[] = []
    const logProblem = (message: string) => problems.push(message)
    const { store } = await open({ eventsBytesMax: 1024 * 1024, logProblem })
    let stored = 0
    let refused: Result<unknown> | undefined
    while (refused === undefined) {
      const result = await store.append(sampleTenant, manyEvents(200, 'x'.repeat(500)))
      if (result.ok) stored += 200
      else refused = result
    }
    expect(reasonOf(refused)).toBe('disk-full')
    expect(store.health().state).toBe('degraded')
    expect(await countAll(store)).toBe(stored)
    valueOf(await store.deleteMatching(sampleTenant, {}))
    expect(await countAll(store)).toBe(0)
    await vi.waitUntil(() => store.health().state === 'ok', { timeout: 20_000 })
    expect((await store.append(sampleTenant, manyEvents(200))).ok).toBe(true)
    expect(problems).toEqual(['the storage is degraded'])
    await store.close()
  })
})

/** No disk has so much room. */
const allBytes = 2 ** 60

describe('the last of a full disk', () => {
  it('is left to calls that delete while a reader keeps the log, and no longer', async () => {
    const { store: roomy, folder } = await open()
    const receipts = valueOf(await roomy.append(sampleTenant, manyEvents(100)))
    await roomy.close()
    const problems: string[] = []
    const logProblem = (message: string) => problems.push(message)
    const { store } = await open({ folder, diskReserveBytes: allBytes, logProblem })
    const reader = new Database(join(folder, 'events', 'head.db'), { readonly: true })
    reader.exec('begin; select * from counter')
    for (const { id } of receipts.slice(0, 20)) valueOf(await store.delete(sampleTenant, id))
    valueOf(await store.deleteMatching(sampleTenant, {}))
    // After each call the writer would do a step of what is left to do.
    for (let calls = 0; calls < 20; calls += 1) {
      expect((await store.append(sampleTenant, manyEvents(1))).ok).toBe(false)
    }
    expect(valueOf(await store.listDeletions(sampleTenant))).toMatchObject([{ removedEvents: 0 }])
    reader.exec('commit')
    await untilNoDeletions(store)
    reader.close()
    expect(problems).toEqual(['the storage is degraded'])
    await store.close()
  })
})

describe('a call that breaks its transaction', () => {
  it('is rejected alone; an accepted event is marked rejected and does not block the journal', async () => {
    const problems: string[] = []
    const { store, folder } = await open({ logProblem: (message) => problems.push(message) })
    poisonEvents(folder)
    const [first, poisoned, last] = await Promise.allSettled([
      store.append(sampleTenant, manyEvents(2)),
      store.append(sampleTenant, [sampleEvent({ text: 'fine' }), sampleEvent({ text: 'poison' })]),
      store.append(sampleTenant, manyEvents(3)),
    ])
    expect([first, poisoned, last].map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(await countAll(store)).toBe(5)
    const [bad, good] = await Promise.all([
      store.accept(sampleTenant, sampleUnique({ text: 'poison' })),
      store.accept(sampleTenant, sampleUnique()),
    ])
    await vi.waitFor(async () => {
      const state = valueOf(await store.readAccepted(sampleTenant, valueOf(good)))
      expect(state.status).toBe('stored')
    })
    const state = valueOf(await store.readAccepted(sampleTenant, valueOf(bad)))
    expect(state.status).toBe('rejected')
    expect(problems).toHaveLength(1)
    await store.close()
  })
})

describe('an unclean stop', () => {
  /** What a power cut would leave: the files as they are, without the shared memory beside them. */
  const imageOf = (folder: string): string => {
    const image = scratchFolder()
    mkdirSync(join(image, 'events'))
    for (const name of ['events/head.db', 'events/head.db-wal', 'registry.db', 'registry.db-wal']) {
      copyFileSync(join(folder, name), join(image, name))
    }
    return image
  }

  it('keeps what was acknowledged, accepted events and running deletions included', async () => {
    const { store, folder } = await open()
    const doomed = valueOf(await store.append(sampleTenant, manyEvents(2_000)))
    const kept = valueOf(await store.append(sampleTenant, [sampleEvent({ type: 'kept' })]))
    const [, receipt] = await Promise.all([
      store.deleteMatching(sampleTenant, { type: 'c8y_LocationUpdate' }),
      store.accept(sampleTenant, sampleUnique({ type: 'accepted' })),
    ])
    const image = imageOf(folder)
    await store.close()
    const again = (await open({ folder: image })).store
    expect(await countAll(again)).toBe(2)
    const state = valueOf(await again.readAccepted(sampleTenant, valueOf(receipt)))
    expect(state.status).toBe('stored')
    const duplicate = await again.appendUnique(sampleTenant, sampleUnique({ type: 'accepted' }))
    expect(valueOf(duplicate).outcome).toBe('duplicate')
    for (const { id } of kept) expect((await again.read(sampleTenant, id)).ok).toBe(true)
    await untilNoDeletions(again)
    const [later] = valueOf(await again.append(sampleTenant, manyEvents(1)))
    expect(later?.id).toBeGreaterThan(doomed.at(-1)?.id ?? 0)
    expect(await countAll(again)).toBe(3)
    await again.close()
    expect(countRows(image)).toEqual({ events: 3, jobs: 0 })
  })
})

describe('a deletion of many slices', () => {
  it('walks through equal times and one source after the other, and stops where it should', async () => {
    const { store, folder } = await open()
    const ofSource = (id: number) => {
      const event = sampleEvent({ source: toManagedObjectId(id) })
      return Array.from({ length: 3 * deletionSliceEventsMax }, () => event)
    }
    for (const id of [1, 2, 3]) valueOf(await store.append(sampleTenant, ofSource(id)))
    const sources = [1, 2, 4].map(toManagedObjectId)
    valueOf(await store.deleteMatching(sampleTenant, { sources }))
    await untilNoDeletions(store)
    await store.close()
    expect(countRows(folder)).toEqual({ events: 3 * deletionSliceEventsMax, jobs: 0 })
  })

  it('is cancelled in between: the rest is there again, also after a restart', async () => {
    const { store, folder } = await open()
    const slices = 40
    for (let n = 0; n < slices / 2; n += 1) {
      valueOf(await store.append(sampleTenant, manyEvents(2 * deletionSliceEventsMax)))
    }
    const all = slices * deletionSliceEventsMax
    const job = valueOf(await store.deleteMatching(sampleTenant, { type: 'c8y_LocationUpdate' }))
    expect(await countAll(store)).toBe(0)
    const [running] = valueOf(await store.listDeletions(sampleTenant))
    expect(running).toMatchObject({ id: job, partsLeft: 1 })
    valueOf(await store.cancelDeletion(sampleTenant, job))
    const left = await countAll(store)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(all - (running?.removedEvents ?? 0))
    expect(valueOf(await store.listDeletions(sampleTenant))).toEqual([])
    await store.close()
    expect(countRows(folder)).toEqual({ events: left, jobs: 0 })
    const again = (await open({ folder })).store
    expect(await countAll(again)).toBe(left)
    await again.close()
  })

  it('gets past any number of later events that lie in its way', async () => {
    const { store } = await open()
    const events = manyEvents(2 * deletionSliceEventsMax)
    const time = { ms: 0, offsetMinutes: 0 }
    valueOf(await store.append(sampleTenant, events))
    await Promise.all([
      store.deleteMatching(sampleTenant, {}),
      store.append(
        sampleTenant,
        events.map((event) => ({ ...event, time })),
      ),
    ])
    await untilNoDeletions(store)
    expect(await countAll(store)).toBe(events.length)
    await store.close()
  })
})

describe('a storage thread that dies', () => {
  it('answers its open calls and all later ones with storage-failed, and says so once', async () => {
    const problems: string[] = []
    const states: string[] = []
    const entry = new URL('./testing/dying-thread.js', import.meta.url)
    const channel = await openThreadChannel(
      entry,
      { folder: '', eventsBytesMax: undefined },
      {
        clock: createStepClock(),
        logProblem: (message, cause) => problems.push(`${message}: ${cause}`),
        onHealth: (state) => states.push(state),
      },
    )
    const answers = await Promise.all([channel.call('a', []), channel.call('b', [])])
    expect(answers.map(reasonOf)).toEqual(['storage-failed', 'storage-failed'])
    expect(reasonOf(await channel.call('c', []))).toBe('storage-failed')
    await vi.waitUntil(() => states.length > 0)
    expect(states).toEqual(['failed'])
    expect(problems.join()).toContain('this thread dies as asked')
    expect(problems).toHaveLength(1)
    const pool = createReaderPool([channel], 1)
    expect(pool.isAlive()).toBe(false)
    expect(reasonOf(await pool.call('d', []))).toBe('storage-failed')
    await channel.close()
  })
})

describe('a file of a part that is damaged', () => {
  /** What the start looks at, and finds in order. */
  const partStartBytes = 8192

  it('fails the storage of the server that needs it, which can still be stopped', async () => {
    const problems: string[] = []
    const { store, folder } = await open({ partRows: 100 })
    valueOf(await store.append(sampleTenant, manyEvents(150)))
    const file = join(folder, 'events', '00000001.part')
    await vi.waitUntil(() => existsSync(file), { timeout: 20_000 })
    await store.close()
    const intact = readFileSync(file)
    writeFileSync(file, intact.fill(0xff, partStartBytes))
    const logProblem = (message: string) => problems.push(message)
    const again = (await open({ folder, partRows: 100, logProblem })).store
    valueOf(await again.deleteMatching(sampleTenant, { text: 'many' }))
    await vi.waitUntil(() => again.health().state === 'failed', { timeout: 20_000 })
    expect(problems).toEqual(['the storage is failed'])
    await again.close()
  })
})

describe('the write-ahead log', () => {
  it('of the registry does not grow with large objects', async () => {
    const folder = scratchFolder()
    const config = { folder, readers: 1, logProblem: throwProblem }
    const { accounts, inventory, close } = await openSqliteStores(
      config,
      createStepClock(),
      deafMeter,
    )
    const tenant = { id: sampleTenant, name: 't', domain: 't', state: 'active' } as const
    valueOf(await accounts.createTenant(tenant, []))
    const value = JSON.stringify('x'.repeat(8 * 1024 * 1024))
    const draft = { name: undefined, type: undefined, externalIds: [] }
    for (let n = 0; n < 12; n += 1) {
      const drafts = [{ ...draft, fragments: [{ name: 'f', value }] }]
      valueOf(await inventory.createObjects(sampleTenant, undefined, drafts))
    }
    expect(statSync(join(folder, 'registry.db-wal')).size).toBeLessThan(64 * 1024 * 1024)
    await close()
  })
})

describe('bounds', () => {
  it('a full queue answers busy at once, and what was taken in is stored', async () => {
    const { store } = await open()
    const bulk = manyEvents(1_000)
    const calls = Array.from({ length: queuedEventsMax / 1_000 + 2 }, () =>
      store.append(sampleTenant, bulk),
    )
    expect(store.health().queuedEvents).toBe(queuedEventsMax)
    const answers = await Promise.all(calls)
    expect(answers.map(reasonOf).filter((reason) => reason === 'busy')).toHaveLength(2)
    expect(await countAll(store)).toBe(queuedEventsMax)
    expect(store.health().queuedEvents).toBe(0)
    await store.close()
  })

  it('a tenant has at most runningDeletionsMax deletions at once', async () => {
    const { store } = await open()
    const calls = Array.from({ length: runningDeletionsMax + 1 }, () =>
      store.deleteMatching(sampleTenant, {}),
    )
    const refused = (await Promise.all(calls)).filter(({ ok }) => !ok)
    expect(refused).toMatchObject([{ failure: { kind: 'too-many' } }])
    await untilNoDeletions(store)
    expect((await store.deleteMatching(sampleTenant, {})).ok).toBe(true)
    await store.close()
  })
})

describe('opening', () => {
  it('with far fewer rows in a part than the folder was written with shows all of them', async () => {
    const { store, folder } = await open()
    for (let n = 0; n < 12; n += 1) valueOf(await store.append(sampleTenant, manyEvents(2_000)))
    const unique = valueOf(await store.appendUnique(sampleTenant, sampleUnique()))
    await store.close()
    const again = (await open({ folder, partRows: 100 })).store
    expect(await countAll(again)).toBe(24_001)
    const duplicate = valueOf(await again.appendUnique(sampleTenant, sampleUnique()))
    expect(duplicate).toEqual({ ...unique, outcome: 'duplicate' })
    await again.close()
  })

  it('refuses a folder that another server uses, by its name, until that one has closed', async () => {
    const { store, folder } = await open()
    await expect(open({ folder })).rejects.toThrow(folder)
    await store.close()
    await (await open({ folder })).store.close()
  })

  it('refuses a file of a format that it does not know', async () => {
    const { store, folder } = await open()
    await store.close()
    const db = new Database(join(folder, 'events', 'head.db'))
    db.pragma('user_version = 99')
    db.close()
    await expect(open({ folder })).rejects.toThrow(/head\.db has format 99/)
  })
})
