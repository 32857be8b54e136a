import { expect, it } from 'vitest'
import { deadRowsSliceMax } from '../../../../core/limits.ts'
import { wholeBytesMax } from './leftovers.ts'
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
const closePart = (store: ThreadlessStore, rows: number, text = 'an event'): void => {
  const { state, maintenance } = store
  state.commit(() => addThreadlessRows(state, rows, text))
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

/** Each slice lets go of this many rows. */
const sliceRows = deadRowsSliceMax + 1

const expectSlices = (store: ThreadlessStore, rows: number): void => {
  for (let left = rows - sliceRows; left > 0; left -= sliceRows) {
    store.maintenance.step(nowMs)
    expect(countHeadRows(store.state, 'event_1')).toBe(left)
  }
  store.maintenance.step(nowMs)
  expect(hasTables(store, 1)).toBe(false)
}

it('tables for which commits would wait long go slice by slice', () => {
  const store = openRoomy()
  const rows = 2 * deadRowsSliceMax
  closePart(store, rows, 'x'.repeat(wholeBytesMax / rows))
  store.seal()
  expectSlices(store, rows)
})

it('tables that a start finds go slice by slice', () => {
  const store = openRoomy()
  const rows = 3 * deadRowsSliceMax
  closePart(store, rows)
  store.seal()
  expectSlices(openThreadlessStore({ folder: store.folder }), rows)
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
