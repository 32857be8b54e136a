import { expect, it } from 'vitest'
import { leastIdOf } from '../../testing/head-rows.ts'
import { addThreadlessRows, openThreadlessStore } from '../../testing/threadless-store.fixture.ts'
import { threadlessNowMs as nowMs } from '../../testing/threadless-store.fixture.ts'
import { threadlessPartRows as partRows } from '../../testing/threadless-store.fixture.ts'
import { rowOverheadBytes } from '../tables/part-rollups.ts'
import type { ThreadlessStore } from '../../testing/threadless-store.fixture.ts'
import type { StoreState } from './store-state.ts'

const text = 'größer'
const rowBytes = Buffer.byteLength(`kept${text}`) + rowOverheadBytes

/** A part's rows, and what they weigh. */
const fullBytes = partRows * rowBytes

const isFull = ({ tenantSizes, table }: StoreState): boolean | undefined =>
  tenantSizes?.isFull(table.tenant('t1'))

const tenantBytes = ({ parts, table }: StoreState): readonly number[] =>
  [parts.hot(), ...parts.closed()].map((part) => part.tenantBytes(table.tenant('t1')))

const addRows = (state: StoreState, rows: number): void =>
  state.commit(() => addThreadlessRows(state, rows, text))

const removeOne = (state: StoreState, part: number): void => {
  const { commit, table } = state
  const located = table.find(table.tenant('t1'), leastIdOf(state, part))
  if (!located) throw new Error('the row is there')
  commit(() => table.remove(located))
}

const openWithClosedPart = (tenantBytesMax: number): ThreadlessStore => {
  const store = openThreadlessStore({ tenantBytesMax })
  store.disk.freeBytes = 2 ** 40
  addRows(store.state, partRows)
  store.maintenance.step(nowMs)
  store.maintenance.step(nowMs)
  expect(tenantBytes(store.state)).toEqual([0, fullBytes])
  return store
}

it('rows weigh in the head what they will weigh in a file, to the byte', () => {
  const exact = openWithClosedPart(fullBytes)
  expect(isFull(exact.state)).toBe(true)
  exact.seal()
  expect(tenantBytes(exact.state)).toEqual([0])
  expect(isFull(exact.state)).toBe(true)
  const more = openWithClosedPart(fullBytes + 1)
  expect(isFull(more.state)).toBe(false)
  more.seal()
  expect(isFull(more.state)).toBe(false)
  addRows(more.state, 1)
  expect(isFull(more.state)).toBe(true)
})

it('a row that is deleted makes room, wherever it lies', () => {
  const { state, seal } = openWithClosedPart(fullBytes)
  removeOne(state, 1)
  expect(tenantBytes(state)).toEqual([0, fullBytes - rowBytes])
  expect(isFull(state)).toBe(false)
  addRows(state, 1)
  expect(isFull(state)).toBe(true)
  seal()
  expect(isFull(state)).toBe(true)
  removeOne(state, 2)
  expect(tenantBytes(state)).toEqual([0])
  expect(isFull(state)).toBe(false)
  addRows(state, 1)
  expect(isFull(state)).toBe(true)
  const { commit, dead, counter, table } = state
  const row = { tenant: table.tenant('t1'), timeMs: nowMs, id: 2, source: 1, type: 1, shape: 1 }
  commit(() => {
    dead.add(1, [row], counter.version())
    counter.changeCatalogue()
  })
  expect(isFull(state)).toBe(false)
})

it('what a transaction has added and removed is forgotten when it fails', () => {
  const { state, seal } = openWithClosedPart(fullBytes)
  const { commit, table, dead, counter } = state
  addRows(state, 2)
  const hot = leastIdOf(state, 2)
  const tenant = table.tenant('t1')
  expect(() =>
    commit(() => {
      addThreadlessRows(state, 3, text)
      const located = table.find(tenant, hot)
      if (located) table.remove(located)
      throw new Error('too late')
    }),
  ).toThrow('too late')
  expect(tenantBytes(state)).toEqual([2 * rowBytes, fullBytes])
  seal()
  expect(() =>
    commit(() => {
      dead.addTenant(1, tenant, partRows, counter.version())
      counter.changeCatalogue()
      expect(isFull(state)).toBe(false)
      throw new Error('too late')
    }),
  ).toThrow('too late')
  expect(isFull(state)).toBe(true)
})

it('a start finds what living rows weigh, dead ones of a closed part aside', () => {
  const { folder, state } = openWithClosedPart(fullBytes)
  removeOne(state, 1)
  addRows(state, 2)
  const again = openThreadlessStore({ folder, tenantBytesMax: fullBytes })
  expect(tenantBytes(again.state)).toEqual([2 * rowBytes, fullBytes - rowBytes])
  expect(isFull(again.state)).toBe(true)
})

it('without a limit nothing is weighed', () => {
  const { state } = openThreadlessStore()
  addRows(state, 2)
  expect(tenantBytes(state)).toEqual([0])
  expect(state.tenantSizes).toBeUndefined()
})
