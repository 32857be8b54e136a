/** Bytes that come in pieces. */
export type GatheredBytes = {
  readonly add: (chunk: Buffer) => void
  /** All so far, in one piece; a view that the next `add` may leave behind. */
  readonly bytes: () => Buffer
}

/**
 * Puts pieces together as they come. To keep them until the end would take hundreds of bytes of memory for each, and a
 * sender may send every byte on its own. What is used is at most twice what came, or `expectedBytes` as far as it is
 * touched. A single piece is not copied.
 */
export const gatherBytes = (expectedBytes: number): GatheredBytes => {
  let memory: Buffer = Buffer.alloc(0)
  let length = 0
  return {
    add: (chunk) => {
      const needed = length + chunk.length
      if (length === 0) memory = chunk
      else {
        if (needed > memory.length) {
          const grown = Buffer.allocUnsafeSlow(Math.max(expectedBytes, 2 * length, needed))
          memory.copy(grown, 0, 0, length)
          memory = grown
        }
        chunk.copy(memory, length)
      }
      length = needed
    },
    bytes: () => memory.subarray(0, length),
  }
}
