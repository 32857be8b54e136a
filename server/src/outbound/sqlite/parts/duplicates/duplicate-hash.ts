/**
 * Finds the entries of a part that may equal an event, by source, time and digest. Chains of positions behind a
 * table of heads: nothing is allocated for an entry, and an entry that is taken back leaves no trace.
 */
export type DuplicateHash = {
  readonly add: (position: number, hash: number) => void
  /** Takes back the newest entry; entries go in the opposite order of their coming. */
  readonly takeBack: (position: number, hash: number) => void
  /** The newest position whose hash falls together with this one; -1 when there is none. */
  readonly newest: (hash: number) => number
  /** The next older position after one that was found; -1 at the end. */
  readonly older: (position: number) => number
}

/** Heads of chains: as many as a part has rows, about. */
const headsCount = 2 ** 18

const firstPositions = 16_384

export const createDuplicateHash = (): DuplicateHash => {
  /** Positions plus one, so that fresh memory says none. */
  const heads = new Int32Array(headsCount)
  let next = new Int32Array(firstPositions)
  return {
    add: (position, hash) => {
      if (position >= next.length) next = grown(next, position + 1)
      const slot = hash & (headsCount - 1)
      next[position] = heads[slot] ?? 0
      heads[slot] = position + 1
    },
    takeBack: (position, hash) => {
      heads[hash & (headsCount - 1)] = next[position] ?? 0
    },
    newest: (hash) => (heads[hash & (headsCount - 1)] ?? 0) - 1,
    older: (position) => (next[position] ?? 0) - 1,
  }
}

const grown = (array: Int32Array, lengthMin: number): Int32Array<ArrayBuffer> => {
  const larger = new Int32Array(Math.max(2 * array.length, lengthMin))
  larger.set(array)
  return larger
}

/** Characters of the digest that are hashed; it is random text, so a few tell events apart. */
const hashedCharacters = 6

export const hashOf = (source: number, timeMs: number, digest: string): number => {
  let hash = Math.imul((source % 2 ** 32) ^ (source / 2 ** 32), 0x9e3779b1)
  hash = Math.imul(hash ^ (timeMs % 2 ** 32) ^ (timeMs / 2 ** 32), 0x85ebca6b)
  for (let at = 0; at < hashedCharacters; at += 1) {
    hash = Math.imul(hash ^ digest.charCodeAt(at), 0xc2b2ae35)
  }
  return hash ^ (hash >>> 15)
}
