import { existsSync } from 'node:fs'
import { expect, it, onTestFinished, vi } from 'vitest'
import { refuseParts } from '../testing/head-rows.ts'
import { threadlessNowMs as nowMs } from '../testing/threadless-store.fixture.ts'
import { openWornStore } from '../testing/worn-store.fixture.ts'
import { rewritePart } from './build-part.ts'
import { partPath } from './part-files.ts'
import { unlinkParts } from './part-folder.ts'

const rewrite = ({ folder, maintenance, into }: ReturnType<typeof openWornStore>): void => {
  maintenance.receive({ kind: 'built', ...rewritePart({ folder }, 1, into) })
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
    const built = rewritePart({ folder }, 1, into)
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
