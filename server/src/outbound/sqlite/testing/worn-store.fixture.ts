import { addThreadlessRows, openThreadlessStore } from './threadless-store.fixture.ts'
import { threadlessNowMs, threadlessPartRows } from './threadless-store.fixture.ts'
import type { ThreadlessStore } from './threadless-store.fixture.ts'

/** Half of the first part is dead, and the janitor is asked to write the rest anew. */
export const openWornStore = (folder?: string): ThreadlessStore & { readonly into: number } => {
  const store = openThreadlessStore(folder === undefined ? {} : { folder })
  const { state, maintenance, disk, asked, seal } = store
  disk.freeBytes = 2 ** 40
  state.commit(() => addThreadlessRows(state, threadlessPartRows, 'an event'))
  maintenance.step(threadlessNowMs)
  maintenance.step(threadlessNowMs)
  seal()
  const { commit, parts, table } = state
  const first = parts.catalogue().byNumber.get(1)?.minId ?? 0
  commit(() => {
    for (let id = first; id < first + threadlessPartRows / 2; id += 1) {
      const located = table.find(table.tenant('t1'), id)
      if (located) table.remove(located)
    }
  })
  while (asked.length === 0) maintenance.step(threadlessNowMs)
  const [task] = asked.splice(0)
  if (task?.kind !== 'rewrite') throw new Error('the janitor is asked to write the rest anew')
  return { ...store, into: task.into }
}
