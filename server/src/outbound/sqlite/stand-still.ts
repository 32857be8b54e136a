import { standStillMs } from '../../core/limits.ts'

/**
 * How one moment is found at which neither the head nor the registry changes: the writer thread, which alone writes to
 * both, stands still while another thread begins a snapshot of each. Neither waits longer than `standStillMs`.
 *
 * - `idle`: nobody waits.
 * - `awaited`: the other thread waits for the writer.
 * - `still`: the writer waits for the snapshots.
 * - `taken`: they have begun; the writer goes on.
 */
export type StandStillMemory = SharedArrayBuffer

/** The name of the call that has the writer stand still; it is answered when the writer goes on. */
export const standStillCall = 'standStill'

const [idle, awaited, still, taken] = [0, 1, 2, 3] as const

export const createStandStillMemory = (): StandStillMemory =>
  new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)

/** On the writer thread: whether somebody took snapshots meanwhile. */
export const standStill = (memory: StandStillMemory): boolean => {
  const gate = new Int32Array(memory)
  Atomics.wait(gate, 0, idle, standStillMs)
  if (Atomics.compareExchange(gate, 0, awaited, still) !== awaited) return false
  Atomics.notify(gate, 0)
  Atomics.wait(gate, 0, still, standStillMs)
  const isTaken = Atomics.exchange(gate, 0, idle) === taken
  return isTaken
}

/** On the other thread: whether `run` ran while the writer stood still. It may have run in vain. */
export const runWhileStill = (memory: StandStillMemory, run: () => void): boolean => {
  const gate = new Int32Array(memory)
  Atomics.store(gate, 0, awaited)
  Atomics.notify(gate, 0)
  Atomics.wait(gate, 0, awaited, standStillMs)
  if (Atomics.compareExchange(gate, 0, awaited, idle) === awaited) return false
  run()
  const isTaken = Atomics.compareExchange(gate, 0, still, taken) === still
  Atomics.notify(gate, 0)
  return isTaken
}
