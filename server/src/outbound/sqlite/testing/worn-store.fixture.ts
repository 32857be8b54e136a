import { addThreadlessRows, openThreadlessStore } from './threadless-store.fixture.ts'
import { threadlessNowMs, threadlessPartRows } from './threadless-store.fixture.ts'
import type { ThreadlessStore } from './threadless-store.fixture.ts'

export type WornStore = ThreadlessStore & { readonly into: number }

/** Half of the first part is dead, and the janitor is asked to write the rest anew. */
export const openWornStore = ({ folder, rows = threadlessPartRows }: Wanted = {}): WornStore => {
  const store = openThreadlessStore(folder === undefined ? {} : { folder })
  const { maintenance, asked } = store
  sealFirstPart(store, rows)
  removeFirst(store, rows / 2)
  while (asked.length === 0) maintenance.step(threadlessNowMs)
  const [task] = asked.splice(0)
  if (task?.kind !== 'rewrite') throw new Error('the janitor is asked to write the rest anew')
  return { ...store, into: task.into }
}

type Wanted = { readonly folder?: string; readonly rows?: number }

/** On a disk with room, a first part of so many events. */
export const sealFirstPart = (store: ThreadlessStore, rows: number): void => {
  const { state, maintenance, disk, seal } = store
  disk.freeBytes = 2 ** 40
  state.commit(() => addThreadlessRows(state, rows, 'an event'))
  maintenance.step(threadlessNowMs)
  maintenance.step(threadlessNowMs)
  seal()
}

/** The oldest events of the first part, behind those that are gone already. */
export const removeFirst = ({ state }: ThreadlessStore, rows: number): void => {
  const { commit, parts, table } = state
  const part = parts.catalogue().byNumber.get(1)
  if (!part) throw new Error('the first part is in force')
  const from = part.minId + part.deadRows
  commit(() => {
    for (let id = from; id < from + rows; id += 1) {
      const located = table.find(table.tenant('t1'), id)
      if (!located) throw new Error(`event ${id} is there`)
      table.remove(located)
    }
  })
}
