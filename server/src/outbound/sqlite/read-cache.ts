import { success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'

/**
 * Answers of reads, kept on the main thread. The promise: whoever asks after a write was answered never gets
 * what was true before it. `forget` is called when a write's answer arrives; it drops the entry and begins a new
 * generation. A read under way since an earlier generation is answered to those who waited for it already, but
 * neither kept nor joined by anybody who asks later.
 * Bounds: `entriesMax`, the oldest out. Only values are kept, never absence, so that asking for made-up names
 * cannot push real ones out.
 */
export type ReadCache<T, Key = string> = {
  readonly read: (key: Key, load: () => Promise<Result<T>>) => Promise<Result<T>>
  readonly get: (key: Key) => T | undefined
  /** The generation to name when the loaded value is kept. */
  readonly generation: () => number
  /** Keeps the value unless something was forgotten since `loadedIn`. */
  readonly keep: (key: Key, value: T, loadedIn: number) => void
  readonly forget: (key: Key) => void
  readonly forgetAll: () => void
}

export const createReadCache = <T, Key = string>(entriesMax: number): ReadCache<T, Key> => {
  const entries = new Map<Key, T>()
  const loads = new Map<Key, Promise<Result<T>>>()
  let generation = 0
  const keep = (key: Key, value: T, loadedIn: number): void => {
    if (loadedIn !== generation) return
    entries.set(key, value)
    if (entries.size > entriesMax) dropOldest(entries)
  }
  const beginAnew = (): void => {
    generation += 1
    loads.clear()
  }
  const load = async (key: Key, loadValue: () => Promise<Result<T>>): Promise<Result<T>> => {
    const loadedIn = generation
    try {
      const result = await loadValue()
      if (result.ok) keep(key, result.value, loadedIn)
      return result
    } finally {
      if (loadedIn === generation) loads.delete(key)
    }
  }
  return {
    read: (key, loadValue) => {
      const known = entries.get(key)
      if (known !== undefined) return Promise.resolve(success(known))
      const underWay = loads.get(key)
      if (underWay !== undefined) return underWay
      const begun = load(key, loadValue)
      loads.set(key, begun)
      return begun
    },
    get: (key) => entries.get(key),
    generation: () => generation,
    keep,
    forget: (key) => {
      entries.delete(key)
      beginAnew()
    },
    forgetAll: () => {
      entries.clear()
      beginAnew()
    },
  }
}

const dropOldest = (entries: Map<unknown, unknown>): void => {
  for (const key of entries.keys()) {
    entries.delete(key)
    return
  }
}
