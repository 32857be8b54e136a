import { expect, it } from 'vitest'
import {
  addThreadlessRows,
  deleteThreadlessType,
  openThreadlessStore,
  workOn,
} from '../../testing/threadless-store.fixture.ts'
import { threadlessNowMs as nowMs } from '../../testing/threadless-store.fixture.ts'
import { threadlessPartRows as partRows } from '../../testing/threadless-store.fixture.ts'
import type { ThreadlessStore } from '../../testing/threadless-store.fixture.ts'
import type { JanitorTask } from '../between-threads/janitor-messages.ts'
import { createJanitor } from '../files/janitor.ts'
import { removeFirst } from '../../testing/worn-store.fixture.ts'

/** Two parts in files, and one row in the hot part. */
const openParts = () => {
  const store = openThreadlessStore()
  const work = workOn(store)
  for (const rows of [partRows, partRows, 1]) {
    store.state.commit(() => addThreadlessRows(store.state, rows, 'an event'))
    work.toTheEnd()
  }
  return { ...store, work }
}

/** No part with a file has anything that was created so late. */
const deleteInHotPart = ({ commit, jobs, table }: ThreadlessStore['state']): void =>
  commit(() => {
    const filter = JSON.stringify({ creation: { fromMs: nowMs + 1 } })
    jobs.add(table.takeId(nowMs), table.tenant('t2'), filter, nowMs)
  })

const askedWhileDeleting = ({ state, maintenance, asked }: ThreadlessStore): JanitorTask => {
  for (let deletions = 0; deletions < 20; deletions += 1) {
    deleteInHotPart(state)
    expect(maintenance.step(nowMs)).toBe('now')
    const task = asked.shift()
    if (task) return task
  }
  throw new Error('the janitor is never asked for anything')
}

it('however many deletions begin that end in the hot part, a worn part is written anew', () => {
  const store = openParts()
  removeFirst(store, 0.3 * partRows)
  expect(askedWhileDeleting(store)).toMatchObject({ kind: 'rewrite', part: 1 })
})

it('however many deletions begin that end in the hot part, parts are looked through for others', () => {
  const store = openParts()
  deleteThreadlessType(store.state, 'rare')
  expect(askedWhileDeleting(store)).toMatchObject({ kind: 'match', part: 1 })
})

/** Of type `gone`. */
const removeEverySecond = ({ state }: ThreadlessStore): void => {
  const { commit, parts, table } = state
  const { minId = 0, maxId = -1 } = parts.catalogue().byNumber.get(1) ?? {}
  commit(() => {
    for (let id = minId + 1; id <= maxId; id += 2) {
      const located = table.find(table.tenant('t1'), id)
      if (!located) throw new Error(`event ${id} is there`)
      table.remove(located)
    }
  })
}

it('for as long as rows of a part are listed, no file is made of that part', () => {
  const store = openParts()
  const { folder, state, maintenance, asked, work } = store
  deleteThreadlessType(state, 'rare')
  maintenance.receive(createJanitor(folder)(work.upTo('match')))
  removeEverySecond(store)
  const deadRows = (): number => state.parts.catalogue().byNumber.get(1)?.deadRows ?? 0
  const diedBefore = deadRows()
  maintenance.step(nowMs)
  expect(asked).toEqual([])
  expect(deadRows()).toBeGreaterThan(diedBefore)
  maintenance.step(nowMs)
  expect(asked).toMatchObject([{ kind: 'rewrite', part: 1 }])
})

it('however many files a deletion leaves to be removed, a worn part is written anew', () => {
  const store = openThreadlessStore()
  const { folder, state, maintenance } = store
  const work = workOn(store)
  for (const text of ['kept', 'left', 'left', 'left']) {
    state.commit(() => addThreadlessRows(state, partRows, text))
    work.toTheEnd()
  }
  state.commit(() => {
    const filter = JSON.stringify({ text: 'left' })
    state.jobs.add(state.table.takeId(nowMs), state.table.tenant('t1'), filter, nowMs)
  })
  const janitor = createJanitor(folder)
  maintenance.receive(janitor(work.upTo('match')))
  const match = work.upTo('match')
  expect(match).toMatchObject({ part: 2 })
  removeEverySecond(store)
  maintenance.receive(janitor(match))
  expect(work.toTheEnd().slice(0, 2)).toEqual(['unlink', 'rewrite'])
})

it('in the hot part tenants that delete take turns, however many deletions each of them has', () => {
  const store = openThreadlessStore()
  const { state, maintenance } = store
  state.commit(() => addThreadlessRows(state, 10, 'an event'))
  for (const type of ['kept', 'gone', 'rare']) deleteThreadlessType(state, type)
  const other = deleteThreadlessType(state, 'rare', 't2')
  for (let steps = 0; state.jobs.isRunning(other); steps += 1) {
    expect(steps).toBeLessThan(4)
    maintenance.step(nowMs)
  }
  expect(state.jobs.list()).toHaveLength(2)
})
