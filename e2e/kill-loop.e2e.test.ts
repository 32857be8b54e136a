import { afterAll, expect, it } from 'vitest'
import { cleanUp } from './harness.ts'
import { runKillLoop } from './kill-loop/run.ts'

afterAll(cleanUp)

it('what was acknowledged survives kill -9 under mixed load', { timeout: 300_000 }, async () => {
  const seed = Date.now() % 1_000_000
  const { problems, acknowledged } = await runKillLoop({ rounds: 10, seed, tell: console.log })
  expect(problems).toEqual([])
  expect(acknowledged).toBeGreaterThan(200)
})
