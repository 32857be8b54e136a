import { expect, it } from 'vitest'
import { deadRowsSliceMax } from '../../../../core/limits.ts'
import { sealPart } from '../files/build-part.ts'
import { countHeadRows, tableRunsOf } from '../../testing/head-rows.ts'
import { addThreadlessRows, openThreadlessStore } from '../../testing/threadless-store.fixture.ts'
import { threadlessNowMs as nowMs } from '../../testing/threadless-store.fixture.ts'
import type { ThreadlessStore } from '../../testing/threadless-store.fixture.ts'

const openRoomy = (): ThreadlessStore => {
  const store = openThreadlessStore()
  store.disk.freeBytes = 2 ** 40
  return store
}

/** Fills the hot part, which is closed then, and its file asked for. */
const closePart = ({ state, maintenance }: ThreadlessStore, rows: number): void => {
  state.commit(() => addThreadlessRows(state, rows, 'an event'))
  maintenance.step(nowMs)
  maintenance.step(nowMs)
}

const hasTables = ({ state }: ThreadlessStore, part: number): boolean =>
  countHeadRows(state, `sqlite_schema where name = 'event_${part}'`) > 0

it('tables of a part that has its file go in one step', () => {
  const store = openRoomy()
  closePart(store, 3 * deadRowsSliceMax)
  store.seal()
  expect(hasTables(store, 1)).toBe(true)
  store.maintenance.step(nowMs)
  expect(hasTables(store, 1)).toBe(false)
})

it('tables for which commits would wait long go slice by slice', () => {
  const store = openRoomy()
  closePart(store, 3 * deadRowsSliceMax)
  store.asked.pop()
  const built = sealPart({ folder: store.folder }, 1)
  const summary = { ...built.summary, bytes: 2 ** 30 }
  store.maintenance.receive({ kind: 'built', ...built, summary })
  for (let slice = 1; slice < 3; slice += 1) {
    store.maintenance.step(nowMs)
    const removed = 3 * deadRowsSliceMax - countHeadRows(store.state, 'event_1')
    expect(removed).toBe(slice * (deadRowsSliceMax + 1))
  }
  store.maintenance.step(nowMs)
  expect(hasTables(store, 1)).toBe(false)
})

it('a part lies in one piece of the head, however many came before while tables went', () => {
  const store = openRoomy()
  const { state, maintenance, asked } = store
  const text = 'an event of the usual length '.repeat(10)
  const write = (): void => {
    state.commit(() => addThreadlessRows(state, 20, text))
  }
  const parts = 12
  for (let part = 1; part <= parts; part += 1) {
    for (let n = 0; n < 100; n += 1) write()
    while (asked.length === 0) maintenance.step(nowMs)
    for (let n = 0; n < 15; n += 1) write()
    store.seal()
    while (maintenance.step(nowMs) !== 'idle') write()
  }
  expect(tableRunsOf(state, `event_${parts + 1}`)).toBeLessThan(10)
})
