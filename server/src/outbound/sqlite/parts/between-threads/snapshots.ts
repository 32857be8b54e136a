/**
 * Which versions readers are looking at: one number for each reader thread, in shared memory. What a version may
 * still need, a file or a slot of columns, is let go of only when no reader looks at it or at an older one.
 */
export type SnapshotMemory = SharedArrayBuffer

const idle = -1n

export const createSnapshotMemory = (readers: number): SnapshotMemory => {
  const memory = new SharedArrayBuffer(Math.max(1, readers) * BigInt64Array.BYTES_PER_ELEMENT)
  new BigInt64Array(memory).fill(idle)
  return memory
}

export type SnapshotMark = {
  /** Before the snapshot begins: from now on nothing is let go of. */
  readonly begin: () => void
  /** The snapshot has this version. */
  readonly hold: (version: number) => void
  readonly end: () => void
}

export const openSnapshotMark = (memory: SnapshotMemory, reader: number): SnapshotMark => {
  const slots = new BigInt64Array(memory)
  const store = (value: bigint): void => {
    Atomics.store(slots, reader, value)
  }
  return {
    begin: () => store(0n),
    hold: (version) => store(BigInt(version)),
    end: () => store(idle),
  }
}

/** For a reader whose thread has died: what it looked at needs no keeping any more. */
export const releaseMark = (memory: SnapshotMemory, reader: number): void =>
  openSnapshotMark(memory, reader).end()

/** Whether every reader looks at `version`, at a later one, or at none. */
export const isPast = (memory: SnapshotMemory, version: number): boolean => {
  const slots = new BigInt64Array(memory)
  for (let reader = 0; reader < slots.length; reader += 1) {
    const held = Atomics.load(slots, reader)
    if (held !== idle && held < BigInt(version)) return false
  }
  return true
}
