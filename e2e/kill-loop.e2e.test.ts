import { afterEach, expect, it } from 'vitest'
import { cleanUp } from './harness.ts'
import { runKillLoop } from './kill-loop/run.ts'
import type { KillLoopOutcome } from './kill-loop/run.ts'
import { isStraceMissing } from './strace.ts'

afterEach(cleanUp)

/** How much of what there is to see is still to be seen. */
const unseenOf = (outcome: KillLoopOutcome): readonly string[] => {
  const { acknowledged, parts, merges, things } = outcome
  return [
    ...(acknowledged > 100 ? [] : ['acknowledged events']),
    ...Object.entries(things).flatMap(([kind, count]) => (count > 0 ? [] : [kind])),
    ...(parts.sealed > 0 ? [] : ['sealed parts']),
    ...(parts.rewritten > 0 ? [] : ['rewritten parts']),
    ...(parts.gone > 0 ? [] : ['parts that are gone']),
    ...(merges > 0 ? [] : ['parts that became one']),
  ]
}

const run = async (forcedEvery: number) => {
  const seed = Date.now() % 1_000_000
  const hasSeenAll = (outcome: KillLoopOutcome): boolean =>
    unseenOf(outcome).length === 0 && (forcedEvery === 0 || outcome.stepsMet > 0)
  const until = { hasSeenAll, roundsMax: 50 }
  const outcome = await runKillLoop({ rounds: 10, until, seed, forcedEvery, tell: console.log })
  console.log(JSON.stringify(outcome))
  expect(outcome.problems).toEqual([])
  expect(unseenOf(outcome)).toEqual([])
  return outcome
}

const slow = { timeout: 600_000 }

it('what was acknowledged survives kill -9 under mixed load', slow, async () => {
  await run(0)
})

it.skipIf(isStraceMissing())(
  'what was acknowledged survives kill -9 between any two steps of sealing, rewriting, merging and unlinking',
  slow,
  async () => {
    expect((await run(1)).stepsMet).toBeGreaterThan(0)
  },
)
