import { expect, it, vi } from 'vitest'
import { failed, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import { retryPurges } from './retry-purges.ts'

it('goes on after a refusal and after a bug, one run at a time, until it is stopped', async () => {
  const answers: ((result: Result<void>) => void)[] = []
  const bugs: unknown[] = []
  let fail: (error: Error) => void = () => undefined
  const finishPurges = () =>
    new Promise<Result<void>>((resolve, reject) => {
      answers.push(resolve)
      fail = reject
    })
  const stop = retryPurges(finishPurges, 1, (error) => bugs.push(error))
  await vi.waitUntil(() => answers.length === 1)
  answers[0]?.(failed({ kind: 'too-many', retryAfterS: 1 }))
  await vi.waitUntil(() => answers.length === 2)
  fail(new Error('a bug'))
  await vi.waitUntil(() => answers.length === 3)
  expect(bugs).toHaveLength(1)
  let isStopped = false
  const stopped = stop().then(() => {
    isStopped = true
  })
  await new Promise(setImmediate)
  expect(isStopped).toBe(false)
  answers[2]?.(success(undefined))
  await stopped
  expect(answers).toHaveLength(3)
})
