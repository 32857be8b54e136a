import { expect, it } from 'vitest'
import {
  addThreadlessRows,
  deleteThreadlessType,
  openThreadlessStore,
  workOn,
} from '../../testing/threadless-store.fixture.ts'
import { threadlessNowMs as nowMs } from '../../testing/threadless-store.fixture.ts'
import { threadlessPartRows as partRows } from '../../testing/threadless-store.fixture.ts'
import type { InstantRange } from '../../../../core/event-query.ts'
import { createJanitor } from '../files/janitor.ts'

/** Two parts in files and a deletion of a tenth of their rows, which the janitor has just looked for in the first. */
const openDeletion = () => {
  const store = openThreadlessStore()
  const { folder, state, maintenance, pace } = store
  const work = workOn(store)
  for (let parts = 0; parts < 2; parts += 1) {
    state.commit(() => addThreadlessRows(state, partRows, 'an event'))
    work.toTheEnd()
  }
  deleteThreadlessType(state, 'rare')
  const match = work.upTo('match')
  pace.called()
  maintenance.receive(createJanitor(folder)(match))
  const deadRows = (): number =>
    state.parts.catalogue().parts.reduce((sum, part) => sum + part.deadRows, 0)
  return { ...store, work, deadRows }
}

const stepSomeTimes = ({ maintenance }: ReturnType<typeof openDeletion>): void => {
  for (let steps = 0; steps < 10; steps += 1) expect(maintenance.step(nowMs)).toBe('later')
}

it('while calls come, a deletion rests after each of its steps and then goes on', () => {
  const deletion = openDeletion()
  const { maintenance, asked, clock, pace, deadRows, work, state } = deletion
  stepSomeTimes(deletion)
  expect(deadRows()).toBe(0)
  clock.ms += 10_000
  pace.called()
  expect(maintenance.step(nowMs)).toBe('now')
  expect(deadRows()).toBe(partRows / 10)
  stepSomeTimes(deletion)
  expect(asked).toEqual([])
  clock.ms += 10_000
  work.toTheEnd()
  expect(state.jobs.list()).toEqual([])
  const { parts } = state.parts.catalogue()
  const living = parts.reduce((sum, part) => sum + part.rows - part.deadRows, 0)
  expect(living).toBe(2 * 0.9 * partRows)
})

it('while a deletion rests, a full part gets its file', () => {
  const deletion = openDeletion()
  const { state, asked, seal, deadRows } = deletion
  state.commit(() => addThreadlessRows(state, partRows, 'an event'))
  expect(deletion.maintenance.step(nowMs)).toBe('now')
  stepSomeTimes(deletion)
  expect(asked).toMatchObject([{ kind: 'seal', part: 3 }])
  seal()
  expect(deadRows()).toBe(0)
})

it('on a full disk a deletion does not rest', () => {
  const { maintenance, disk, deadRows, reserve } = openDeletion()
  disk.freeBytes = 0
  expect(() => reserve.check()).toThrow()
  expect(maintenance.step(nowMs)).toBe('now')
  expect(deadRows()).toBe(partRows / 10)
})

it('parts whose events were all created at another time are not looked at', () => {
  const store = openThreadlessStore()
  const work = workOn(store)
  const { state } = store
  state.commit(() => addThreadlessRows(state, partRows, 'an event'))
  work.toTheEnd()
  const deleteCreated = (creation: InstantRange): readonly string[] => {
    state.commit(() => {
      const job = state.table.takeId(nowMs)
      state.jobs.add(job, state.table.tenant('t1'), JSON.stringify({ creation }), nowMs)
    })
    return work.toTheEnd()
  }
  expect(deleteCreated({ toMs: nowMs })).toEqual([])
  expect(deleteCreated({ fromMs: nowMs + 1 })).toEqual([])
  expect(deleteCreated({ fromMs: nowMs, toMs: nowMs + 1 })).toEqual(['match', 'unlink'])
})
