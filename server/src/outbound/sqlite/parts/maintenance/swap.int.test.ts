import { existsSync } from 'node:fs'
import { expect, it, onTestFinished, vi } from 'vitest'
import { deadRowsSliceMax } from '../../../../core/limits.ts'
import { refuseParts } from '../../testing/head-rows.ts'
import {
  deleteThreadlessType,
  openThreadlessStore,
  workOn,
} from '../../testing/threadless-store.fixture.ts'
import { threadlessNowMs as nowMs } from '../../testing/threadless-store.fixture.ts'
import { openWornStore, removeFirst, sealFirstPart } from '../../testing/worn-store.fixture.ts'
import { rewritePart } from '../files/build-part.ts'
import { createJanitor } from '../files/janitor.ts'
import { partPath } from '../tables/part-files.ts'
import { unlinkParts } from '../files/part-folder.ts'
import { carriedRowsMax } from './swap-parts.ts'
import type { WornStore } from '../../testing/worn-store.fixture.ts'

const rewrite = ({ folder, maintenance, into }: WornStore): void => {
  maintenance.receive({ kind: 'built', ...rewritePart({ folder }, { part: 1, into }) })
}

it('a part that is written anew takes the place of the old one, whose file goes', () => {
  const store = openWornStore()
  rewrite(store)
  expect([...store.state.parts.catalogue().byNumber.keys()]).toEqual([2, store.into])
  while (store.asked.length === 0) store.maintenance.step(nowMs)
  expect(store.asked).toEqual([{ kind: 'unlink', parts: [1] }])
})

it('what dies while a part is written anew is dead in the new part, and nothing else is', () => {
  const deadBeside = (losesOne: boolean): number | undefined => {
    const store = openWornStore()
    const { folder, state, maintenance, into } = store
    const built = rewritePart({ folder }, { part: 1, into })
    const { commit, parts, table } = state
    const last = parts.catalogue().byNumber.get(1)?.maxId ?? 0
    commit(() => {
      const located = losesOne ? table.find(table.tenant('t1'), last) : undefined
      if (located) table.remove(located)
    })
    maintenance.receive({ kind: 'built', ...built })
    expect(table.find(table.tenant('t1'), last) === undefined).toBe(losesOne)
    return parts.catalogue().byNumber.get(into)?.deadRows
  }
  expect([deadBeside(true), deadBeside(false)]).toEqual([1, 0])
})

it('more than one commit should carry over has the part written anew once more', () => {
  const rows = 2 * carriedRowsMax + 200
  const swapBeside = (dead: number): WornStore => {
    const store = openWornStore({ rows })
    const built = rewritePart({ folder: store.folder }, { part: 1, into: store.into })
    removeFirst(store, dead)
    store.maintenance.receive({ kind: 'built', ...built })
    return store
  }
  const numbersOf = ({ state }: WornStore) => [...state.parts.catalogue().byNumber.keys()]
  const swapped = swapBeside(carriedRowsMax)
  expect(numbersOf(swapped)).toEqual([2, swapped.into])

  const store = swapBeside(carriedRowsMax + 1)
  expect(numbersOf(store)).toEqual([1, 2])
  expect(workOn(store).toTheEnd()).toEqual(['unlink', 'rewrite', 'unlink'])
  expect(numbersOf(store)).toEqual([2, store.into + 1])
  const part = store.state.parts.catalogue().byNumber.get(store.into + 1)
  expect(part).toMatchObject({ rows: rows / 2 - carriedRowsMax - 1, deadRows: 0 })
})

it('no part is written anew while a deletion lists rows of it', () => {
  const store = openThreadlessStore()
  const { folder, state, maintenance, asked } = store
  const work = workOn(store)
  sealFirstPart(store, 15 * deadRowsSliceMax)
  const { commit, jobs, table, parts } = state
  const job = deleteThreadlessType(state, 'rare')
  maintenance.receive(createJanitor(folder)(work.upTo('match')))
  maintenance.step(nowMs)
  expect(parts.catalogue().byNumber.get(1)?.deadRows).toBe(deadRowsSliceMax)
  commit(() => {
    const { minId = 0 } = parts.catalogue().byNumber.get(1) ?? {}
    for (let id = minId; id < minId + 6 * deadRowsSliceMax; id += 1) {
      const located = table.find(table.tenant('t1'), id)
      if (located) table.remove(located)
    }
  })
  while (jobs.list().some(({ id, donePart }) => id === job && donePart < 1)) {
    expect(asked).toEqual([])
    maintenance.step(nowMs)
  }
  expect(work.upTo('rewrite')).toMatchObject({ part: 1 })
})

it('a file that the commit could not put in the place of another goes again', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const store = openWornStore()
  const { folder, state, maintenance, asked, into } = store
  const takePartsAgain = refuseParts(state)
  expect(() => {
    rewrite(store)
  }).toThrow('no room')
  takePartsAgain()
  expect(state.parts.catalogue().byNumber.get(1)?.state).toBe('sealed')
  expect(existsSync(partPath(folder, into))).toBe(true)
  while (asked.length === 0) maintenance.step(nowMs)
  expect(asked).toEqual([{ kind: 'unlink', parts: [into] }])
  unlinkParts(folder, [into])
  asked.length = 0
  maintenance.receive({ kind: 'unlinked' })
  let due = maintenance.step(nowMs)
  while (due === 'now') due = maintenance.step(nowMs)
  expect([due, asked]).toEqual(['later', []])
  vi.advanceTimersByTime(1_000)
  while (asked.length === 0) maintenance.step(nowMs)
  expect(asked).toEqual([{ kind: 'rewrite', part: 1, into: into + 1 }])
})
