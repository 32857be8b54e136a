import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { countHeadRows, countRemoved } from '../../testing/head-rows.ts'
import { readPartContent } from '../../testing/part-file.ts'
import { addThreadlessRows, deleteThreadlessType } from '../../testing/threadless-store.fixture.ts'
import { openThreadlessStore, workOn } from '../../testing/threadless-store.fixture.ts'
import { threadlessNowMs as nowMs } from '../../testing/threadless-store.fixture.ts'
import { threadlessPartRows as partRows } from '../../testing/threadless-store.fixture.ts'
import { threadlessReserveBytes as reserveBytes } from '../../testing/threadless-store.fixture.ts'
import { removeFirst, sealFirstPart } from '../../testing/worn-store.fixture.ts'
import { createJanitor } from '../files/janitor.ts'
import { partPath } from '../tables/part-files.ts'

/** A part in a file, and a deletion of half of its rows. */
const openDeletion = (text = 'an event') => {
  const store = openThreadlessStore()
  const work = workOn(store)
  store.state.commit(() => addThreadlessRows(store.state, partRows, text))
  work.toTheEnd()
  const job = deleteThreadlessType(store.state, 'gone')
  return { ...store, work, job }
}

type Deletion = ReturnType<typeof openDeletion>

/** Up to the moment in which the janitor has made the file without the rows, and the writer has not heard of it. */
const openRewritten = () => {
  const deletion = openDeletion()
  const task = deletion.work.upTo('rewrite')
  const built = createJanitor(deletion.folder)(task)
  expect(existsSync(partPath(deletion.folder, task.into))).toBe(true)
  return { ...deletion, task, built }
}

const sealed = ({ state }: Deletion) =>
  state.parts.catalogue().parts.filter((part) => part.state === 'sealed')

it('a part of which much is covered is written anew without it, and nothing is listed', () => {
  const deletion = openDeletion()
  const { folder, state, work } = deletion
  const { into } = work.upTo('rewrite')
  expect(countHeadRows(state, 'dead')).toBe(0)
  const again = openDeletion()
  expect(again.work.toTheEnd()).toEqual(['match', 'rewrite', 'unlink', 'match'])
  expect(again.state.jobs.list()).toEqual([])
  expect(sealed(again)).toMatchObject([{ number: into, rows: partRows / 2, deadRows: 0 }])
  expect(readPartContent(partPath(again.folder, into)).rows).toHaveLength(partRows / 2)
  expect(existsSync(partPath(again.folder, 1))).toBe(false)
  expect(existsSync(partPath(folder, 1))).toBe(true)
})

it('the commit that puts the file in place counts the rows as removed', () => {
  const deletion = openRewritten()
  const { maintenance, built } = deletion
  expect(countRemoved(deletion.state)).toBe(0)
  maintenance.receive(built)
  expect(countRemoved(deletion.state)).toBe(partRows / 2)
  expect(deletion.state.jobs.list()).toMatchObject([{ donePart: 1 }])
})

it('what dies while the file is made is dead in it too, and counted once', () => {
  const deletion = openRewritten()
  const { state, maintenance, built, task } = deletion
  const { commit, table, parts } = state
  const first = parts.catalogue().byNumber.get(1)?.minId ?? 0
  commit(() => {
    const located = table.find(table.tenant('t1'), first)
    if (!located) throw new Error('the first event is kept')
    table.remove(located)
  })
  maintenance.receive(built)
  expect(sealed(deletion)).toMatchObject([{ number: task.into, rows: partRows / 2, deadRows: 1 }])
  expect(countRemoved(deletion.state)).toBe(partRows / 2)
  expect(table.find(table.tenant('t1'), first)).toBeUndefined()
})

it('after a deletion was cancelled the file without its rows is of no use', () => {
  const deletion = openRewritten()
  const { folder, state, maintenance, built, task, job, work } = deletion
  state.commit(() => state.jobs.remove(state.table.tenant('t1'), job))
  maintenance.receive(built)
  expect(sealed(deletion)).toMatchObject([{ number: 1, rows: partRows, deadRows: 0 }])
  work.toTheEnd()
  expect(existsSync(partPath(folder, task.into))).toBe(false)
  expect(existsSync(partPath(folder, 1))).toBe(true)
})

/** In a part of two reserves, as the disk would be with so much room beside the reserve. */
const matchWithRoom = (roomBytes: number): Deletion => {
  const deletion = openDeletion('x'.repeat((2 * reserveBytes) / partRows))
  const { folder, maintenance, disk, work } = deletion
  const match = work.upTo('match')
  disk.freeBytes = reserveBytes + roomBytes
  maintenance.receive(createJanitor(folder)(match))
  return deletion
}

const stepUntilDeleted = ({ folder, state, maintenance, asked }: Deletion): readonly string[] => {
  const kinds: string[] = []
  for (let steps = 0; state.jobs.list().length > 0; steps += 1) {
    if (steps > 1_000) throw new Error('the deletion never ends')
    maintenance.step(nowMs)
    const task = asked.shift()
    if (!task) continue
    kinds.push(task.kind)
    maintenance.receive(createJanitor(folder)(task))
  }
  return kinds
}

it('where there is no room for the file, the rows are listed', () => {
  const deletion = matchWithRoom(0.1 * reserveBytes)
  expect(stepUntilDeleted(deletion)).toEqual(['match'])
  expect(countHeadRows(deletion.state, 'dead')).toBe(partRows / 2)
  expect(sealed(deletion)).toMatchObject([{ number: 1, deadRows: partRows / 2 }])
})

it('on a full disk the rows are named at once, however many', () => {
  const deletion = openDeletion()
  expect(openDeletion().work.upTo('match').namedMax).toBe(partRows / 4)
  deletion.disk.freeBytes = 0
  // So much that the disk is looked at anew.
  deletion.reserve.wrote(2 ** 40)
  expect(deletion.work.upTo('match').namedMax).toBe(partRows)
})

it('when the file does not fit, the rows are listed, and no other file is tried', () => {
  const deletion = matchWithRoom(0.5 * reserveBytes)
  const { state, maintenance, asked } = deletion
  maintenance.step(nowMs)
  expect(asked.splice(0)).toMatchObject([{ kind: 'rewrite', part: 1 }])
  maintenance.receive({ kind: 'refused', isFull: true, cause: 'no room' })
  expect(stepUntilDeleted(deletion)).toEqual(['match'])
  expect(countHeadRows(state, 'dead')).toBe(partRows / 2)
})

it('when the file cannot take the place of the part, the rows are listed there', () => {
  const deletion = openRewritten()
  const { state, maintenance, built, task } = deletion
  const { commit, dead, table, counter } = state
  commit(() => dead.addTenant(1, table.tenant('t2'), 0, counter.version()))
  maintenance.receive(built)
  const removed = deletion.work.upTo('unlink')
  expect(removed).toEqual({ kind: 'unlink', parts: [task.into] })
  maintenance.receive(createJanitor(deletion.folder)(removed))
  maintenance.receive(createJanitor(deletion.folder)(deletion.work.upTo('match')))
  maintenance.step(nowMs)
  expect(sealed(deletion)).toMatchObject([{ number: 1, rows: partRows, deadRows: partRows / 2 }])
  expect(countRemoved(state)).toBe(partRows / 2)
})

const sealParts = (store: Deletion, parts: number): void => {
  for (let part = 0; part < parts; part += 1) {
    store.state.commit(() => addThreadlessRows(store.state, partRows, 'an event'))
    store.work.toTheEnd()
  }
}

it('tenants that delete take turns, however many deletions each of them has', () => {
  const store = openThreadlessStore()
  const { folder, state, maintenance } = store
  const work = workOn(store)
  sealFirstPart(store, partRows)
  sealParts({ ...store, work, job: 0 }, 3)
  const [one, other] = ['t1', 't2'].map((tenant) => state.table.tenant(tenant))
  deleteThreadlessType(state, 'rare')
  deleteThreadlessType(state, 'kept')
  deleteThreadlessType(state, 'rare', 't2')
  const turns = Array.from({ length: 4 }, () => {
    const task = work.upTo('match')
    maintenance.receive(createJanitor(folder)(task))
    return task.covered.tenant
  })
  expect(turns).toEqual([one, other, one, other])
})

it('between two parts of a deletion a worn part is written anew', () => {
  const store = openThreadlessStore()
  const work = workOn(store)
  sealFirstPart(store, partRows)
  sealParts({ ...store, work, job: 0 }, 2)
  removeFirst(store, 0.3 * partRows)
  deleteThreadlessType(store.state, 'rare')
  const kinds = work.toTheEnd()
  expect(kinds.slice(0, 4)).toEqual(['match', 'rewrite', 'unlink', 'match'])
})
