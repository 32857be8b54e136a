import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import { queuedReadsMax, queuedScansMax, quickReadMs } from '../../core/limits.ts'
import { scanMsMax, shortReadMs } from '../../core/limits.ts'
import { createReaderPool } from './reader-pool.ts'
import { tooLong } from './thread-channel.ts'
import type { ThreadChannel } from './thread-channel.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** A thread that answers its calls in order, when it is told to. */
const createThread = () => {
  const begun: string[] = []
  const budgets: (number | undefined)[] = []
  const open: ((result: Result<unknown>) => void)[] = []
  const channel: ThreadChannel = {
    call: (name, _args, budgetMs) => {
      begun.push(name)
      budgets.push(budgetMs)
      return new Promise((resolve) => open.push(resolve))
    },
    openCalls: () => open.length,
    isAlive: () => true,
    close: () => {
      begun.push('close')
      return Promise.resolve()
    },
  }
  const answer = (result: Result<unknown> = success(undefined)): Promise<void> => {
    open.shift()?.(result)
    return flush()
  }
  return { begun, budgets, channel, answer }
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

it('begins a read anew on another thread when the quick one gives it up', async () => {
  const [quick, patient] = [createThread(), createThread()]
  const pool = createReaderPool([quick.channel, patient.channel], 1)
  const scan = pool.call('scan', [])
  await vi.advanceTimersByTimeAsync(quickReadMs)
  await quick.answer(tooLong)
  expect([patient.begun, patient.budgets]).toEqual([['scan'], [scanMsMax]])
  await vi.advanceTimersByTimeAsync(shortReadMs)
  // However many come meanwhile, they are not sent behind the scan.
  const others = ['a', 'b', 'c'].map((name) => pool.call(name, []))
  for (let answered = 0; answered < others.length; answered += 1) await quick.answer()
  expect(quick.begun).toEqual(['scan', 'a', 'b', 'c'])
  expect(quick.budgets).toEqual([1, 2, 3, 4].map(() => quickReadMs))
  await patient.answer(tooLong)
  expect(await scan).toBe(tooLong)
  expect(pool.openCalls()).toBe(0)
})

it('lets so many long reads wait, and refuses the next', async () => {
  const [quick, patient] = [createThread(), createThread()]
  const pool = createReaderPool([quick.channel, patient.channel], 100)
  const scans = Array.from({ length: queuedScansMax + 1 }, async () => {
    const scan = pool.call('scan', [])
    await vi.advanceTimersByTimeAsync(shortReadMs)
    return scan
  })
  await vi.advanceTimersByTimeAsync(quickReadMs)
  while (quick.channel.openCalls() > 0) await quick.answer(tooLong)
  expect(patient.channel.openCalls()).toBe(queuedScansMax)
  while (patient.channel.openCalls() > 0) await patient.answer()
  const refused = (await Promise.all(scans)).filter(({ ok }) => !ok)
  expect(refused).toMatchObject([{ failure: { kind: 'unavailable', reason: 'busy' } }])
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
