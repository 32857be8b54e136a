import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { passedBytesMax } from '../../core/limits.ts'

/** Is told how many bytes have passed through the process since the last call. */
export type FreeChunks = (bytes: number) => void

/**
 * Every chunk that a socket gives us is memory outside of JavaScript's heap, and V8 looks for chunks that nobody holds any
 * more only when there are 32 MB of them. A file that passes through would cost that much, however small the part
 * of it that is in use. So the young generation is collected whenever `passedBytesMax` have passed, which takes about a
 * millisecond.
 */
export const createFreeChunks = (): FreeChunks => {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('V8 shows no gc')
  let passed = 0
  return (bytes) => {
    passed += bytes
    if (passed < passedBytesMax) return
    passed = 0
    Reflect.apply(collect, undefined, [{ type: 'minor' }])
  }
}
