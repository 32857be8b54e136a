import { expect, it } from 'vitest'
import { countHeadRows } from '../../testing/head-rows.ts'
import { addThreadlessRows, openThreadlessStore } from '../../testing/threadless-store.fixture.ts'
import { threadlessNowMs as nowMs } from '../../testing/threadless-store.fixture.ts'
import { threadlessPartRows as partRows } from '../../testing/threadless-store.fixture.ts'
import { createReadCatalogue } from '../tables/catalogue.ts'
import type { Catalogue } from '../tables/catalogue.ts'
import type { ThreadlessStore } from '../../testing/threadless-store.fixture.ts'

const openWithSealedPart = (): ThreadlessStore => {
  const store = openThreadlessStore()
  const { state, maintenance, disk, seal } = store
  disk.freeBytes = 2 ** 40
  state.commit(() => addThreadlessRows(state, partRows, 'an event'))
  maintenance.step(nowMs)
  maintenance.step(nowMs)
  seal()
  return store
}

const removeOld = ({ state }: ThreadlessStore, rows: number): void => {
  const { commit, table, parts } = state
  const tenant = table.tenant('t1')
  const first = parts.catalogue().byNumber.get(1)?.minId ?? 0
  const ids = Array.from({ length: 2 * partRows }, (_, at) => first + at)
  commit(() => {
    const found = ids.flatMap((id) => table.find(tenant, id) ?? [])
    for (const located of found.slice(0, rows)) table.remove(located)
  })
}

it('rows that die in one commit change the catalogue once', () => {
  const store = openWithSealedPart()
  const { counter, parts } = store.state
  const before = counter.catalogue()
  removeOld(store, 5)
  expect(counter.catalogue()).toBe(before + 1)
  expect(parts.catalogue().byNumber.get(1)?.deadRows).toBe(5)
  expect(() =>
    store.state.commit(() => {
      counter.noteDeaths()
      throw new Error('too late')
    }),
  ).toThrow('too late')
  removeOld(store, 0)
  expect(counter.catalogue()).toBe(before + 1)
})

it('what is known of a part with a file outlives changes of the catalogue', () => {
  const store = openWithSealedPart()
  const { parts } = store.state
  const before = parts.catalogue().byNumber.get(1)
  removeOld(store, 1)
  const after = parts.catalogue().byNumber.get(1)
  expect(after).not.toBe(before)
  expect(after?.outliers).toBe(before?.outliers)
})

it('while rows die, what is known of the parts is what a fresh look says', () => {
  const store = openWithSealedPart()
  const { head, counter, parts } = store.state
  const lookAnew = (): Catalogue => createReadCatalogue(head)(counter.catalogue())
  for (const rows of [1, 3]) {
    removeOld(store, rows)
    expect(parts.catalogue()).toEqual(lookAnew())
  }
  expect(parts.catalogue().byNumber.get(1)?.deadRows).toBe(4)
  const t1 = store.state.table.tenant('t1')
  store.state.commit(() => {
    store.state.dead.addTenant(1, t1, partRows - 4, counter.version())
    counter.changeCatalogue()
  })
  expect(parts.catalogue()).toEqual(lookAnew())
  expect(parts.catalogue().byNumber.get(1)?.goneTenants).toEqual(new Set([t1]))
})

it('the list of the dead goes with its part, also long after nothing was left over', () => {
  const store = openWithSealedPart()
  const { state, maintenance } = store
  const stepUntilIdle = (): void => {
    while (maintenance.step(nowMs) === 'now') continue
  }
  stepUntilIdle()
  removeOld(store, partRows / 2)
  stepUntilIdle()
  expect(countHeadRows(state, 'dead')).toBe(partRows / 2)
  state.commit(() => state.parts.remove(1))
  stepUntilIdle()
  expect(countHeadRows(state, 'dead')).toBe(0)
  expect(countHeadRows(state, 'dead_tenant')).toBe(0)
})
