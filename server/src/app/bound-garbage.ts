import { getHeapStatistics, setFlagsFromString } from 'node:v8'

/** In percent of what the old generation of a heap held after it was last looked through as a whole. */
const garbagePercentMax = 60

/** With less than this V8 alone lets heaps grow by 30 to 100 % only. */
const largeHeapBytes = 2 * 1024 ** 3

/**
 * How much garbage the heaps of this process may gather, of all its threads, before they are looked through as a whole.
 * Where there is memory, V8 alone lets a heap grow to four times what lives in it, and a server has a heap for each
 * thread. `bench/measurements/memory.ts` shows the memory, `bench/measurements/post-single.ts` what a request costs. For
 * a process that is a server and nothing else. After the start: threads that begin later start more slowly, because
 * code that Node has compiled ahead is for the flags that it was compiled with.
 */
export const boundGarbage = (): void => {
  if (getHeapStatistics().heap_size_limit < largeHeapBytes) return
  setFlagsFromString(`--heap-growing-percent=${garbagePercentMax}`)
}
