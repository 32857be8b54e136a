import { expect, it } from 'vitest'
import { unlinkedTogetherMax } from '../../../../core/limits.ts'
import { addThreadlessRows, openThreadlessStore } from '../../testing/threadless-store.fixture.ts'
import { threadlessNowMs as nowMs } from '../../testing/threadless-store.fixture.ts'
import { threadlessPartRows as partRows } from '../../testing/threadless-store.fixture.ts'
import type { ThreadlessStore } from '../../testing/threadless-store.fixture.ts'

const fillPart = ({ state, maintenance }: ThreadlessStore): void => {
  state.commit(() => addThreadlessRows(state, partRows, 'an event'))
  maintenance.step(nowMs)
  maintenance.step(nowMs)
}

const removeAll = ({ commit, table, parts }: ThreadlessStore['state']): void =>
  commit(() => {
    for (const { state, minId, maxId } of parts.catalogue().parts) {
      if (state !== 'sealed') continue
      for (let id = minId; id <= maxId; id += 1) {
        const located = table.find(table.tenant('t1'), id)
        if (located) table.remove(located)
      }
    }
  })

it('of many files some are removed at a time, and a full part gets its file in between', () => {
  const store = openThreadlessStore()
  const { state, maintenance, asked, seal, disk } = store
  disk.freeBytes = 2 ** 40
  const gone = Array.from({ length: unlinkedTogetherMax + 1 }, (_, index) => index + 1)
  for (const part of gone) {
    fillPart(store)
    expect(asked).toMatchObject([{ kind: 'seal', part }])
    seal()
  }
  removeAll(state)
  fillPart(store)
  seal()
  while (asked.length === 0) maintenance.step(nowMs)
  expect(asked.splice(0)).toEqual([{ kind: 'unlink', parts: gone.slice(0, -1) }])

  fillPart(store)
  maintenance.receive({ kind: 'unlinked' })
  while (asked.length === 0) maintenance.step(nowMs)
  expect(asked).toMatchObject([{ kind: 'seal', part: gone.length + 2 }])
  seal()
  while (asked.length === 0) maintenance.step(nowMs)
  expect(asked).toEqual([{ kind: 'unlink', parts: gone.slice(-1) }])
})
