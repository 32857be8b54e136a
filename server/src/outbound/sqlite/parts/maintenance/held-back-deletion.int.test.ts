import { expect, it, vi } from 'vitest'
import { countHeadRows } from '../../testing/head-rows.ts'
import { readPartContent } from '../../testing/part-file.ts'
import { addThreadlessRows, openThreadlessStore } from '../../testing/threadless-store.fixture.ts'
import { threadlessNowMs as nowMs } from '../../testing/threadless-store.fixture.ts'
import { threadlessPartRows as partRows } from '../../testing/threadless-store.fixture.ts'
import { threadlessReserveBytes as reserveBytes } from '../../testing/threadless-store.fixture.ts'
import { partPath } from '../tables/part-files.ts'
import type { StoreState } from '../head/store-state.ts'

const addRows = (state: StoreState): void =>
  state.commit(() => addThreadlessRows(state, partRows, 'an event'))

const deleteGone = ({ commit, table, jobs }: StoreState): void =>
  commit(() => {
    const filter = JSON.stringify({ type: 'gone' })
    jobs.add(table.takeId(nowMs), table.tenant('t1'), filter, nowMs)
  })

it('a deletion takes rows out of the tables of a closed part whose file has no room', async () => {
  const { folder, state, maintenance, disk, asked, seal } = openThreadlessStore()
  addRows(state)
  maintenance.step(nowMs)
  expect(state.parts.closed().map(({ number }) => number)).toEqual([1])
  deleteGone(state)
  await vi.waitUntil(() => {
    maintenance.step(nowMs)
    return state.jobs.list().length === 0
  })
  expect(asked).toEqual([])
  expect(countHeadRows(state, 'event_1')).toBe(partRows / 2)
  expect(
    countHeadRows(state, "event_1 e join type_1 t on t.id = e.type where t.text = 'gone'"),
  ).toBe(0)
  expect(countHeadRows(state, 'dead')).toBe(0)

  disk.freeBytes = 100 * reserveBytes
  const isAsked = (): boolean => {
    maintenance.step(nowMs)
    return asked.length > 0
  }
  await vi.waitUntil(isAsked, 10_000)
  seal()
  expect(state.parts.catalogue().byNumber.get(1)).toMatchObject({ state: 'sealed', rows: 50 })
  expect(readPartContent(partPath(folder, 1)).rows).toHaveLength(partRows / 2)
})

it('events leave the space of a file alone while it is built', () => {
  const { state, maintenance, disk, reserve, asked, seal } = openThreadlessStore()
  const text = 'x'.repeat(reserveBytes / partRows)
  state.commit(() => addThreadlessRows(state, partRows, text))
  disk.freeBytes = 2 * reserveBytes
  maintenance.step(nowMs)
  maintenance.step(nowMs)
  expect(asked).toMatchObject([{ kind: 'seal', part: 1 }])
  expect(reserve.missingBytes()).toBe(0)
  disk.freeBytes = 1.25 * reserveBytes
  expect(reserve.missingBytes()).toBeGreaterThan(0)
  seal()
  expect(reserve.missingBytes()).toBe(0)
})

it('a deletion leaves the tables of a closed part alone while its file is built', () => {
  const { state, maintenance, disk, asked } = openThreadlessStore()
  disk.freeBytes = 100 * reserveBytes
  addRows(state)
  maintenance.step(nowMs)
  maintenance.step(nowMs)
  expect(asked).toEqual([{ kind: 'seal', part: 1 }])
  disk.freeBytes = 0
  deleteGone(state)
  for (let steps = 0; steps < 10; steps += 1) maintenance.step(nowMs)
  expect(countHeadRows(state, 'event_1')).toBe(partRows)
  expect(state.jobs.list()).toHaveLength(1)
})
