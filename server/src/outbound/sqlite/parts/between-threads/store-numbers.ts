/**
 * What operators watch of the parts. The writer thread keeps the numbers up to date in shared memory, where the main
 * thread finds them when the metrics are asked for; nothing waits for anything.
 */
export type StoreNumbers = {
  readonly set: (name: StoreNumberName, value: number) => void
  readonly add: (name: StoreNumberName, value: number) => void
  readonly get: (name: StoreNumberName) => number
}

/** Whole numbers below 2^53. Those of done work are counted from the start of the process. */
const names = [
  'runningDeletions',
  'removedEvents',
  'deletionRestMicroseconds',
  'closedParts',
  'sealedParts',
  'partBytes',
  'deadRows',
  'seals',
  'sealMicroseconds',
  'rewrites',
  'rewriteMicroseconds',
  'merges',
  'mergeMicroseconds',
] as const

export type StoreNumberName = (typeof names)[number]

export type StoreNumberMemory = SharedArrayBuffer

export const createStoreNumberMemory = (): StoreNumberMemory =>
  new SharedArrayBuffer(names.length * BigInt64Array.BYTES_PER_ELEMENT)

export const openStoreNumbers = (memory: StoreNumberMemory): StoreNumbers => {
  const values = new BigInt64Array(memory)
  const places = new Map(names.map((name, place) => [name, place]))
  const placeOf = (name: StoreNumberName): number => places.get(name) ?? 0
  return {
    set: (name, value) => {
      Atomics.store(values, placeOf(name), BigInt(Math.round(value)))
    },
    add: (name, value) => {
      Atomics.add(values, placeOf(name), BigInt(Math.round(value)))
    },
    get: (name) => Number(Atomics.load(values, placeOf(name))),
  }
}
