/**
 * A set of hashes that forgets none and may hold some that nobody added: of those it says `true` for at most about one
 * in fifty. In shared or transferred memory: nothing but numbers.
 */
export type BloomFilter = Uint32Array

/** At least; the size is the next power of two. */
const bitsPerHash = 8
const looks = 4

/** How large a filter for so many hashes is. */
export const bloomFilterBytes = (hashes: number): number =>
  2 ** Math.ceil(Math.log2(Math.max(hashes * bitsPerHash, 32))) / 8

export const createBloomFilter = (hashes: number): BloomFilter =>
  new Uint32Array(bloomFilterBytes(hashes) / Uint32Array.BYTES_PER_ELEMENT)

export const addHash = (filter: BloomFilter, hash: number): void => {
  const mask = filter.length * 32 - 1
  const step = stepOf(hash)
  for (let look = 0, at = hash; look < looks; look += 1, at += step) {
    const bit = at & mask
    filter[bit >>> 5] = (filter[bit >>> 5] ?? 0) | (1 << (bit & 31))
  }
}

export const mayHaveHash = (filter: BloomFilter, hash: number): boolean => {
  const mask = filter.length * 32 - 1
  const step = stepOf(hash)
  for (let look = 0, at = hash; look < looks; look += 1, at += step) {
    const bit = at & mask
    if (((filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false
  }
  return true
}

/** Of other bits of the hash than the first look; odd, so that no two looks of a hash fall together. */
const stepOf = (hash: number): number => ((hash >>> 15) ^ (hash << 9)) | 1
