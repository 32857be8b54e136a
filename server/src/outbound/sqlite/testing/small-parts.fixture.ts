import { onTestFinished } from 'vitest'
import type { BatchEvent } from '../events/decode-batch.ts'
import type { EventRow } from '../events/decode-event.ts'
import { openForReading } from '../open-database.ts'
import { createEventReads } from '../parts/reading/event-reads.ts'
import type { EventReads } from '../parts/reading/event-reads.ts'
import { headPath } from '../parts/tables/part-files.ts'
import { removeStrangers } from '../parts/files/part-folder.ts'
import { endlessPatience } from '../parts/tables/patience.ts'
import { openSnapshotMark } from '../parts/between-threads/snapshots.ts'
import { openThreadlessStore, threadlessNowMs, workOn } from './threadless-store.fixture.ts'
import { threadlessPartRows } from './threadless-store.fixture.ts'
import type { ThreadlessStore, Work } from './threadless-store.fixture.ts'

/** A store in whose sealed parts a few events are left each, and what must be seen of it. */
export type SmallParts = ThreadlessStore & {
  readonly work: Work
  readonly reads: EventReads
  /** What is left, the oldest first; their parts are `smallPartRows` of each. */
  readonly kept: readonly Kept[]
}

export type Kept = { readonly id: number; readonly event: BatchEvent }

export const smallPartRows = 3
export const smallTypes = ['a', 'b', 'c'] as const
export const smallFragments = ['x', 'y', 'z'] as const
const textOf = (part: number, n: number): string => `event ${n} of part ${part}`

/** Types and fragments come in another order in each part, so that their numbers differ. */
const eventOf = (part: number, n: number): BatchEvent => ({
  source: 1 + (n % 5),
  type: smallTypes[(n + part) % smallTypes.length] ?? '',
  text: textOf(part, n),
  timeMs: threadlessNowMs + part * 60_000 + n,
  offsetMinutes: 0,
  names: smallFragments[(n + 2 * part) % smallFragments.length] ?? '',
  values: String(n),
  digest: `digest of ${n} of ${part}`,
})

/** Full parts are sealed first; then all but the first events of each are deleted, and nothing is done about it yet. */
export const openSmallParts = (parts: number): SmallParts => {
  const store = openThreadlessStore()
  const work = workOn(store)
  const { table, commit } = store.state
  const tenant = commit(() => table.tenant('t1'))
  const stored = Array.from({ length: parts }, (_, part) => {
    const events = commit(() =>
      Array.from({ length: threadlessPartRows }, (_row, n) => {
        const id = table.takeId(threadlessNowMs)
        table.insert(id, tenant, threadlessNowMs, eventOf(part, n))
        return { id, event: eventOf(part, n) }
      }),
    )
    work.toTheEnd()
    return events
  })
  commit(() => {
    for (const events of stored) {
      for (const { id } of events.slice(smallPartRows)) removeEvent(store, id)
    }
  })
  const kept = stored.flatMap((events) => events.slice(0, smallPartRows))
  return { ...store, work, reads: openReads(store), kept }
}

/** As a start would have it after a crash that left this folder. */
export const reopenSmallParts = (
  folder: string,
  kept: readonly Kept[],
  freeBytes?: number,
): SmallParts => {
  const store = openThreadlessStore({ folder })
  const { parts } = store.state.parts.catalogue()
  const sealed = parts.filter(({ state }) => state === 'sealed')
  removeStrangers(
    folder,
    sealed.map(({ number }) => number),
  )
  return { ...store, work: workOn(store, freeBytes), reads: openReads(store), kept }
}

export const removeEvent = ({ state: { table } }: ThreadlessStore, id: number): void => {
  const located = table.find(table.tenant('t1'), id)
  if (!located) throw new Error(`event ${id} is there`)
  table.remove(located)
}

const openReads = ({ folder, memory, snapshots }: ThreadlessStore): EventReads => {
  const head = openForReading(headPath(folder))
  onTestFinished(() => {
    head.close()
  })
  const mark = openSnapshotMark(snapshots, 0)
  return createEventReads({ head, folder, memory, mark, patience: endlessPatience })
}

/** Everything that the first tenant has, as a page shows it. */
export const listRows = (reads: EventReads): readonly EventRow[] => {
  const page = reads.readEventPage('t1', {
    filter: {},
    order: 'oldest-first',
    position: { from: 'start', skip: 0 },
    size: 10_000,
  })
  if (!page.ok) throw new Error(page.failure.kind)
  return page.value.rows
}
