import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import { queuedReadsMax, shortReadMs } from '../../core/limits.ts'
import { createReaderPool } from './reader-pool.ts'
import type { ThreadChannel } from './thread-channel.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** A thread that answers its calls in order, when it is told to. */
const createThread = () => {
  const begun: string[] = []
  const open: ((result: Result<unknown>) => void)[] = []
  const channel: ThreadChannel = {
    call: (name) => {
      begun.push(name)
      return new Promise((resolve) => open.push(resolve))
    },
    openCalls: () => open.length,
    isAlive: () => true,
    close: () => {
      begun.push('close')
      return Promise.resolve()
    },
  }
  const answer = (): Promise<void> => {
    open.shift()?.(success(undefined))
    return flush()
  }
  return { begun, channel, answer }
}

const flush = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(0)
}

it('begins so many calls at once, and the next in order when one is answered', async () => {
  const [first, second] = [createThread(), createThread()]
  const pool = createReaderPool([first.channel, second.channel], 1)
  const answers = ['a', 'b', 'c'].map((name) => pool.call(name, []))
  expect([first.begun, second.begun]).toEqual([['a'], []])
  await first.answer()
  expect(first.begun).toEqual(['a', 'b'])
  await first.answer()
  await first.answer()
  expect(await Promise.all(answers)).toEqual([1, 2, 3].map(() => success(undefined)))
  expect(pool.openCalls()).toBe(0)
})

it('begins the next one beside a long read, on another thread', async () => {
  const [first, second] = [createThread(), createThread()]
  const pool = createReaderPool([first.channel, second.channel], 1)
  void pool.call('long', [])
  void pool.call('short', [])
  await vi.advanceTimersByTimeAsync(shortReadMs - 1)
  expect(second.begun).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect([first.begun, second.begun]).toEqual([['long'], ['short']])
  // The end of the long one, which had made way already, lets nothing more begin.
  void pool.call('later', [])
  await first.answer()
  expect(first.begun).toEqual(['long'])
  await second.answer()
  expect([...first.begun, ...second.begun]).toContain('later')
})

it('answers busy beyond its bound, and hands on what waits before it closes', async () => {
  const thread = createThread()
  const pool = createReaderPool([thread.channel], 1)
  for (let n = 0; n < queuedReadsMax; n += 1) void pool.call(`n${n}`, [])
  expect(pool.openCalls()).toBe(queuedReadsMax)
  expect(await pool.call('one too many', [])).toMatchObject({ failure: { reason: 'busy' } })
  await pool.close()
  expect(thread.begun).toHaveLength(queuedReadsMax + 1)
  expect(thread.begun.at(-1)).toBe('close')
})
