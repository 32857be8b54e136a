import { describe, expect, it } from 'vitest'
import { notFound, success } from '../../core/failure.ts'
import { createReadCache } from './read-cache.ts'
import type { Result } from '../../core/failure.ts'

/** A read that answers when the test says so. */
const createLoad = <T>() => {
  const answers: ((result: Result<T>) => void)[] = []
  return {
    load: (): Promise<Result<T>> =>
      new Promise((resolve) => {
        answers.push(resolve)
      }),
    /** Answers the load that began as the nth, from 0. */
    answer: (nth: number, result: Result<T>): void => answers[nth]?.(result),
    begun: () => answers.length,
  }
}

describe('a read cache', () => {
  it('loads a value once', async () => {
    const cache = createReadCache<string>(10)
    let loads = 0
    const load = (): Promise<Result<string>> => {
      loads += 1
      return Promise.resolve(success('v'))
    }
    for (let nth = 0; nth < 3; nth += 1) expect(await cache.read('k', load)).toEqual(success('v'))
    expect(loads).toBe(1)
  })

  it('shares a load among all who ask while it is under way', async () => {
    const cache = createReadCache<string>(10)
    const { load, answer, begun } = createLoad<string>()
    const reads = [cache.read('k', load), cache.read('k', load)]
    expect(begun()).toBe(1)
    answer(0, success('v'))
    expect(await Promise.all(reads)).toEqual([success('v'), success('v')])
  })

  it('does not keep what was loaded across a write, nor give it to who asks after the write', async () => {
    const cache = createReadCache<string>(10)
    const { load, answer, begun } = createLoad<string>()
    const before = cache.read('k', load)
    cache.forget('k')
    const after = cache.read('k', load)
    expect(begun()).toBe(2)
    answer(0, success('old'))
    expect(await before).toEqual(success('old'))
    answer(1, success('new'))
    expect(await after).toEqual(success('new'))
    expect(cache.get('k')).toBe('new')
  })

  it('never lets a slow old load replace a newer value', async () => {
    const cache = createReadCache<string>(10)
    const { load, answer } = createLoad<string>()
    const slow = cache.read('k', load)
    cache.forget('k')
    const quick = cache.read('k', load)
    answer(1, success('new'))
    await quick
    answer(0, success('old'))
    await slow
    expect(cache.get('k')).toBe('new')
  })

  it('keeps neither absence nor failure', async () => {
    const cache = createReadCache<string>(10)
    expect(await cache.read('k', () => Promise.resolve(notFound('user', 'k')))).toEqual(
      notFound('user', 'k'),
    )
    expect(await cache.read('k', () => Promise.resolve(success('v')))).toEqual(success('v'))
  })

  it('lets nothing behind when a load throws', async () => {
    const cache = createReadCache<string>(10)
    const broken = (): Promise<Result<string>> => Promise.reject(new Error('a bug'))
    await expect(cache.read('k', broken)).rejects.toThrow('a bug')
    expect(await cache.read('k', () => Promise.resolve(success('v')))).toEqual(success('v'))
  })

  it('holds no more than its bound, the oldest out', async () => {
    const cache = createReadCache<string>(2)
    for (const key of ['a', 'b', 'c']) {
      await cache.read(key, () => Promise.resolve(success(key)))
    }
    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([undefined, 'b', 'c'])
  })

  it('keeps a value put by hand only in the generation it was loaded in', () => {
    const cache = createReadCache<string>(2)
    const loadedIn = cache.generation()
    cache.forgetAll()
    cache.keep('k', 'old', loadedIn)
    expect(cache.get('k')).toBeUndefined()
    cache.keep('k', 'new', cache.generation())
    expect(cache.get('k')).toBe('new')
  })
})
