import { afterEach, expect, it } from 'vitest'
import { cleanUp } from './harness.ts'
import { runKillLoop } from './kill-loop/run.ts'
import { isStraceMissing } from './strace.ts'

afterEach(cleanUp)

const run = async (forcedEvery: number) => {
  const seed = Date.now() % 1_000_000
  const outcome = await runKillLoop({ rounds: 10, seed, forcedEvery, tell: console.log })
  console.log(JSON.stringify(outcome))
  const { problems, acknowledged, parts, things } = outcome
  expect(problems).toEqual([])
  expect(acknowledged).toBeGreaterThan(100)
  for (const count of Object.values(things)) expect(count).toBeGreaterThan(0)
  expect(parts.sealed).toBeGreaterThan(0)
  expect(parts.rewritten).toBeGreaterThan(0)
  expect(parts.gone).toBeGreaterThan(parts.rewritten)
  return outcome
}

const slow = { timeout: 300_000 }

it('what was acknowledged survives kill -9 under mixed load', slow, async () => {
  await run(0)
})

it.skipIf(isStraceMissing())(
  'what was acknowledged survives kill -9 between any two steps of sealing, rewriting and unlinking',
  slow,
  async () => {
    expect((await run(1)).stepsMet).toBeGreaterThan(0)
  },
)
