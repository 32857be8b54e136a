import { setFlagsFromString } from 'node:v8'

/** In percent of what a heap held after it was last looked through as a whole. */
const garbagePercentMax = 60

/**
 * How much garbage the heaps of this process may gather, of all its threads, before they are looked through as a whole.
 * V8 alone lets a heap grow to four times what lives in it as long as there is memory, and a server has a heap for each
 * thread. `bench/measurements/memory.ts` shows the memory, `bench/measurements/post-single.ts` that it costs nothing.
 */
export const boundGarbage = (): void => {
  setFlagsFromString(`--heap-growing-percent=${garbagePercentMax}`)
}
