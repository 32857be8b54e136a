import type { StoreHealth } from '../../ports/event-store.ts'
import { unavailableReasonOf } from './storage-error.ts'
import type { UnavailableReason } from './storage-error.ts'

type State = StoreHealth['state']

/**
 * Whether the writer can be relied on. `ok`; `degraded` while the disk is full, until a probe gets through;
 * `failed` after any other storage error, for ever: what the engine believes and what the disk holds may
 * differ after it, and only a restart looks anew.
 */
export type WriterHealth = {
  readonly state: () => State
  /** Runs what may meet the limits of the storage; what it met is answered as `reason`. Bugs are thrown. */
  readonly guard: <T>(run: () => T) => Guarded<T>
  readonly diskIsFull: (cause: unknown) => void
  /** Storage that another thread writes to cannot be relied on. */
  readonly fail: (cause: unknown) => void
  readonly end: () => void
}

export type Guarded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: UnavailableReason }

export type WriterHealthListeners = {
  readonly onState: (state: State) => void
  readonly log: (message: string, cause: unknown) => void
  /** Throws while the disk is full. */
  readonly probe: () => void
}

/** How often a full disk is tried anew. */
const probeEveryMs = 250

export const createWriterHealth = ({
  onState,
  log,
  probe,
}: WriterHealthListeners): WriterHealth => {
  let state: State = 'ok'
  let probing: NodeJS.Timeout | undefined
  const end = (): void => clearInterval(probing)
  const enter = (next: State, cause: unknown): void => {
    if (next === state || state === 'failed') return
    state = next
    end()
    if (next !== 'ok') log(`the storage is ${next}`, cause)
    if (next === 'degraded') probing = setInterval(tryDisk, probeEveryMs)
    onState(next)
  }
  const guard = <T>(run: () => T): Guarded<T> => {
    try {
      return { ok: true, value: run() }
    } catch (error) {
      const reason = unavailableReasonOf(error)
      if (reason === undefined) throw error
      if (reason === 'disk-full') enter('degraded', error)
      if (reason === 'storage-failed') enter('failed', error)
      return { ok: false, reason }
    }
  }
  const tryDisk = (): void => {
    if (guard(probe).ok) enter('ok', undefined)
  }
  return {
    state: () => state,
    guard,
    diskIsFull: (cause) => enter('degraded', cause),
    fail: (cause) => enter('failed', cause),
    end,
  }
}
