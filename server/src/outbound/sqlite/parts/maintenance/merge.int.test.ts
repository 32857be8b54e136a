import { cpSync, existsSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { EventFilter } from '../../../../core/event-query.ts'
import { valueOf } from '../../../../ports/event-samples.contract.ts'
import { openForReading } from '../../open-database.ts'
import { countHeadRows, refuseParts } from '../../testing/head-rows.ts'
import { scratchFolder } from '../../testing/scratch-store.contract.ts'
import { listRows, openSmallParts, removeEvent } from '../../testing/small-parts.fixture.ts'
import { reopenSmallParts, smallFragments } from '../../testing/small-parts.fixture.ts'
import { smallPartRows, smallTypes } from '../../testing/small-parts.fixture.ts'
import { threadlessNowMs as nowMs } from '../../testing/threadless-store.fixture.ts'
import { threadlessReserveBytes as reserveBytes } from '../../testing/threadless-store.fixture.ts'
import { verifyFolder } from '../../testing/verify-folder.ts'
import { createStatements } from '../tables/cached-statements.ts'
import { findEvent } from '../reading/find-event.ts'
import { createJanitor } from '../files/janitor.ts'
import { eventsFolder, headPath, partBuildPath, partPath } from '../tables/part-files.ts'
import { createPartConnections } from '../tables/part-connections.ts'
import { endlessPatience } from '../tables/patience.ts'
import { createInSnapshot } from '../reading/read-snapshot.ts'
import { openSnapshotMark } from '../between-threads/snapshots.ts'
import type { Kept, SmallParts } from '../../testing/small-parts.fixture.ts'
import type { JanitorTask } from '../between-threads/janitor-messages.ts'

const sealedOf = ({ state }: SmallParts) =>
  state.parts.catalogue().parts.filter((part) => part.state === 'sealed')

const numbersOf = (store: SmallParts): readonly number[] =>
  sealedOf(store).map(({ number }) => number)

const partFiles = (folder: string): readonly string[] =>
  readdirSync(eventsFolder(folder)).filter((name) => name.includes('.part'))

/** Up to the moment in which the janitor has made one file of several, and the writer has not heard of it. */
const openMerged = (parts: number) => {
  const store = openSmallParts(parts)
  const task = store.work.upTo('merge')
  const built = createJanitor(store.folder)(task)
  if (built.kind !== 'built') throw new Error('the janitor builds the file')
  expect(new Set(task.parts)).toEqual(new Set(numbersOf(store)))
  return { ...store, task, built }
}

const deleteType = ({ state }: SmallParts, type: string): number => {
  const { commit, jobs, table } = state
  return commit(() => {
    const job = table.takeId(nowMs)
    jobs.add(job, table.tenant('t1'), JSON.stringify({ type }), nowMs)
    return job
  })
}

const filters: readonly EventFilter[] = [
  {},
  ...smallTypes.map((type) => ({ type })),
  ...smallFragments.map((fragmentType) => ({ fragmentType })),
  ...smallTypes.map((type) => ({ type, fragmentType: 'x' })),
]

const isWanted = ({ type, fragmentType }: EventFilter, { event }: Kept): boolean =>
  (type === undefined || event.type === type) &&
  (fragmentType === undefined || event.names === fragmentType)

/** What a page must show. */
const rowOf = ({ id, event }: Kept) => {
  const { source, type, text, timeMs, names, values } = event
  return [id, source, type, text, timeMs, names, values]
}

/** Lists, counts and the duplicate check all say that exactly these are there, under their old ids. */
const expectThere = (store: SmallParts, kept: readonly Kept[]): void => {
  const { reads, state } = store
  const rows = listRows(reads)
  const seen = rows.map((row) => [row[0], row[1], row[2], row[3], row[4], row[8], row[9]])
  expect(seen).toEqual(kept.map(rowOf))
  for (const filter of filters) {
    const wanted = kept.filter((each) => isWanted(filter, each))
    expect(valueOf(reads.countEvents('t1', filter))).toBe(wanted.length)
  }
  const { findEqual, tenant } = state.table
  const found = kept.map(({ event }) => findEqual(tenant('t1'), event)?.id)
  expect(found).toEqual(kept.map(({ id }) => id))
}

const expectSound = ({ folder }: SmallParts): void =>
  expect(verifyFolder(folder, new Set()).problems).toEqual([])

describe('small parts', () => {
  it('become one, sixteen at most, and nothing is lost', () => {
    const store = openSmallParts(20)
    const kinds = store.work.toTheEnd()
    expect(kinds.filter((kind) => kind === 'rewrite')).toHaveLength(20)
    expect(kinds.filter((kind) => kind === 'merge')).toHaveLength(2)
    const rows = sealedOf(store).map((part) => part.rows)
    expect(rows).toEqual([16 * smallPartRows, 4 * smallPartRows])
    expect(partFiles(store.folder)).toHaveLength(2)
    expect(countHeadRows(store.state, 'dead')).toBe(0)
    expectThere(store, store.kept)
    expectSound(store)
  })

  it('are merged when nothing else is to be done', () => {
    const store = openSmallParts(3)
    deleteType(store, 'a')
    const kinds = store.work.toTheEnd()
    const others = ['seal', 'match', 'rewrite'].map((kind) => kinds.lastIndexOf(kind))
    expect(kinds.indexOf('merge')).toBeGreaterThan(Math.max(...others))
    expectThere(
      store,
      store.kept.filter(({ event }) => event.type !== 'a'),
    )
  })

  it('that cannot be read stay as they are, are not tried again, and the store goes on', () => {
    const store = openSmallParts(3)
    store.work.upTo('merge')
    store.maintenance.receive({ kind: 'refused', isFull: false, cause: 'a damaged page' })
    expect(store.unmergeable).toEqual(['a damaged page'])
    expect(store.work.toTheEnd()).not.toContain('merge')
    expectThere(store, store.kept)
    expectSound(store)
  })

  it('stay as they are while the reserve of the disk is touched', () => {
    const store = openSmallParts(3)
    store.work.upTo('merge')
    const copy = copyFolder(store)
    const full = reopenSmallParts(copy, store.kept, reserveBytes / 2)
    expect(new Set(full.work.toTheEnd())).toEqual(new Set(['sift']))
    expect(sealedOf(full)).toHaveLength(3)
  })
})

/** From then on a merge that found no room is tried again. */
const mergeRestMs = 60_000

const stopTime = (): void => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
}

describe('while small parts are merged', () => {
  it('what is changed or deleted is so in the new part, under its own numbers', () => {
    const store = openMerged(4)
    const { table, commit, parts } = store.state
    const [changed, ...deleted] = [4, 7, 9, 11].map((at) => store.kept[at])
    const text = 'changed meanwhile'
    commit(() => {
      for (const each of deleted) if (each) removeEvent(store, each.id)
      const located = changed && table.find(table.tenant('t1'), changed.id)
      if (!located) throw new Error('the event is there')
      const { names, values } = changed.event
      const numbers = { changed: table.takeId(nowMs), lastUpdatedMs: nowMs }
      table.update(located, { ...numbers, text, names, values })
    })
    const left = store.kept
      .filter((each) => !deleted.includes(each))
      .map((each) => (each === changed ? { ...each, event: { ...each.event, text } } : each))
    expectThere(store, left)
    store.maintenance.receive(store.built)
    expect(parts.catalogue().byNumber.get(store.task.into)?.deadRows).toBe(4)
    expectThere(store, left)
    store.work.toTheEnd()
    expectThere(store, left)
    expectSound(store)
  })

  it('a deletion that begins hides at once and removes afterwards', () => {
    const store = openMerged(4)
    deleteType(store, 'b')
    const left = store.kept.filter(({ event }) => event.type !== 'b')
    expectThere(store, left)
    store.maintenance.receive(store.built)
    expectThere(store, left)
    store.work.toTheEnd()
    expect(store.state.jobs.list()).toEqual([])
    expectThere(store, left)
    expectSound(store)
  })

  it('a deletion that is cancelled afterwards hides nothing any more', () => {
    const store = openMerged(4)
    const { commit, jobs, table } = store.state
    const job = deleteType(store, 'b')
    store.maintenance.receive(store.built)
    commit(() => jobs.remove(table.tenant('t1'), job))
    expectThere(store, store.kept)
  })

  it('a tenant that leaves one of them altogether has them merged anew', () => {
    const store = openMerged(4)
    const { commit, dead, counter, table } = store.state
    const [gone = 0] = store.task.parts
    commit(() => {
      dead.addTenant(gone, table.tenant('t1'), smallPartRows, counter.version())
      counter.changeCatalogue()
    })
    store.maintenance.receive(store.built)
    expect(new Set(numbersOf(store))).toEqual(new Set(store.task.parts.slice(1)))
    expectThere(store, store.kept.slice(smallPartRows))
    expect(store.work.toTheEnd()).toContain('merge')
    expect(existsSync(partPath(store.folder, store.task.into))).toBe(false)
    expectThere(store, store.kept.slice(smallPartRows))
    expectSound(store)
  })

  it('a commit that finds no room leaves them in force, and the new file goes', () => {
    stopTime()
    const store = openMerged(4)
    const takePartsAgain = refuseParts(store.state)
    expect(() => {
      store.maintenance.receive(store.built)
    }).toThrow('no room')
    takePartsAgain()
    expect(new Set(numbersOf(store))).toEqual(new Set(store.task.parts))
    expectThere(store, store.kept)
    expect(store.work.toTheEnd()).toEqual(['unlink'])
    expect(new Set(numbersOf(store))).toEqual(new Set(store.task.parts))
    vi.advanceTimersByTime(mergeRestMs)
    expect(store.work.toTheEnd()[0]).toBe('merge')
    expect(numbersOf(store)).toEqual([store.task.into + 1])
    expect(partFiles(store.folder)).toHaveLength(1)
    expectThere(store, store.kept)
  })

  it('a reader that began before has its files until it ends', () => {
    const store = openMerged(4)
    const { folder, task, maintenance, asked, kept } = store
    const connections = createPartConnections(folder, endlessPatience)
    const head = openForReading(headPath(folder))
    onTestFinished(() => {
      connections.close()
      head.close()
    })
    const isThere = (): boolean => task.parts.every((part) => existsSync(partPath(folder, part)))
    const statements = createStatements(head, 10)
    createInSnapshot(
      head,
      openSnapshotMark(store.snapshots, 0),
    )(({ catalogue }) => {
      maintenance.receive(store.built)
      expect(tasksOf(store, 100)).not.toContain('unlink')
      expect(isThere()).toBe(true)
      const parts = { head: statements, connections, catalogue }
      const texts = kept.map(({ id }) => findEvent(parts, { tenant: 1, covers: [] }, id)?.[3])
      expect(texts).toEqual(kept.map(({ event }) => event.text))
    })
    expect(asked).toEqual([])
    expect(store.work.toTheEnd()).toContain('unlink')
    expect(isThere()).toBe(false)
    expectThere(store, kept)
  })
})

/** What the janitor is asked in so many steps; it does all of it. */
const tasksOf = ({ folder, maintenance, asked }: SmallParts, steps: number): readonly string[] => {
  const janitor = createJanitor(folder)
  const carryOut = (task: JanitorTask): string => {
    maintenance.receive(janitor(task))
    return task.kind
  }
  return Array.from({ length: steps }, () => {
    maintenance.step(nowMs)
    return asked.splice(0).map(carryOut)
  }).flat()
}

const copyFolder = ({ folder }: SmallParts): string => {
  const copy = scratchFolder()
  cpSync(folder, copy, { recursive: true })
  return copy
}

type Merged = ReturnType<typeof openMerged>

const receive = ({ maintenance, built }: Merged): void => maintenance.receive(built)

const pathOf = ({ folder, task }: Merged, at: number): string =>
  partPath(folder, task.parts[at] ?? 0)

/** In their order; each is done on top of those before it. */
const steps: readonly (readonly [name: string, run: (merged: Merged) => void])[] = [
  [
    'the file is under way',
    ({ folder, task }) => {
      rmSync(partPath(folder, task.into))
      writeFileSync(partBuildPath(folder, task.into), 'half of a file')
    },
  ],
  [
    'the file has its name',
    ({ folder, task }) => {
      rmSync(partBuildPath(folder, task.into))
      createJanitor(folder)(task)
    },
  ],
  ['the commit that swaps them', receive],
  ['a slice of what was dead in them goes', ({ maintenance }) => void maintenance.step(nowMs)],
  ['the first file is emptied', (merged) => truncateSync(pathOf(merged, 0))],
  ['the first file is removed', (merged) => rmSync(pathOf(merged, 0))],
  [
    'all files are removed',
    (merged) => merged.task.parts.forEach((_, at) => rmSync(pathOf(merged, at), { force: true })),
  ],
]

describe('a crash', () => {
  it.each(steps.map(([name], at) => ({ name, at })))(
    'right after this leaves everything as it was: $name',
    ({ at }) => {
      const merged = openMerged(5)
      for (const [, run] of steps.slice(0, at + 1)) run(merged)
      const again = reopenSmallParts(copyFolder(merged), merged.kept)
      expectThere(again, merged.kept)
      again.work.toTheEnd()
      expect(partFiles(again.folder)).toHaveLength(1)
      expect(countHeadRows(again.state, 'dead')).toBe(0)
      expect(countHeadRows(again.state, 'dead_tenant')).toBe(0)
      expectThere(again, merged.kept)
      expectSound(again)
    },
  )
})
