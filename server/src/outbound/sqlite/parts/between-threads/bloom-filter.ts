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

/** The same set in the memory of one that was made for so many hashes; undefined when it was made for fewer. */
export const shrinkFilter = (filter: BloomFilter, hashes: number): BloomFilter | undefined => {
  const length = bloomFilterBytes(hashes) / Uint32Array.BYTES_PER_ELEMENT
  if (length > filter.length) return undefined
  // What is beyond falls where it would have fallen: a look keeps the lower bits of its number.
  const shrunk = filter.slice(0, length)
  for (let at = length; at < filter.length; at += 1) {
    const place = at & (length - 1)
    shrunk[place] = (shrunk[place] ?? 0) | (filter[at] ?? 0)
  }
  return shrunk
}

/** Of other bits of the hash than the first look; odd, so that no two looks of a hash fall together. */
const stepOf = (hash: number): number => ((hash >>> 15) ^ (hash << 9)) | 1
