import { afterEach, expect, it } from 'vitest'
import { cleanUp } from './harness.ts'
import { runKillLoop } from './kill-loop/run.ts'
import type { KillLoopOutcome } from './kill-loop/run.ts'
import { isStraceMissing } from './strace.ts'

afterEach(cleanUp)

/** How much of what there is to see is still to be seen. */
const unseenOf = (outcome: KillLoopOutcome): readonly string[] => {
  const { acknowledged, parts, merges, things, startsCut, cancelled, spared } = outcome
  return [
    ...(acknowledged > 100 ? [] : ['acknowledged events']),
    ...Object.entries(things).flatMap(([kind, count]) => (count > 0 ? [] : [kind])),
    ...(parts.sealed > 0 ? [] : ['sealed parts']),
    ...(parts.rewritten > 0 ? [] : ['rewritten parts']),
    ...(parts.gone > 0 ? [] : ['parts that are gone']),
    ...(startsCut > 0 ? [] : ['starts that were cut']),
    ...(cancelled > 0 && spared > 0 ? [] : ['cancelled deletions']),
    ...(merges > 0 ? [] : ['parts that became one']),
  ]
}

/** What crashes that are forced are to show beside that. */
const uncutOf = ({ stepsMet, parts }: KillLoopOutcome): readonly string[] => [
  ...Object.entries(stepsMet).flatMap(([step, count]) => (count > 0 ? [] : [step])),
  ...(parts.mergesCutBefore > 0 ? [] : ['merges cut before their commit']),
  ...(parts.mergesCutAfter > 0 ? [] : ['merges cut after their commit']),
]

type Run = { readonly rounds: number; readonly isForced: boolean }

const run = async ({ rounds, isForced }: Run): Promise<void> => {
  const seed = Date.now() % 1_000_000
  const missingIn = (outcome: KillLoopOutcome): readonly string[] => [
    ...unseenOf(outcome),
    ...(isForced ? uncutOf(outcome) : []),
  ]
  const hasSeenAll = (outcome: KillLoopOutcome): boolean => missingIn(outcome).length === 0
  const until = { hasSeenAll, roundsMax: 60 }
  const forcedEvery = isForced ? 1 : 0
  const outcome = await runKillLoop({ rounds, until, seed, forcedEvery, tell: console.log })
  console.log(JSON.stringify(outcome))
  expect(outcome.problems).toEqual([])
  expect(missingIn(outcome)).toEqual([])
}

const slow = { timeout: 600_000 }

it('what was acknowledged survives kill -9 under mixed load', slow, async () => {
  await run({ rounds: 6, isForced: false })
})

it.skipIf(isStraceMissing())(
  'what was acknowledged survives kill -9 between any two steps of sealing, rewriting, merging and unlinking',
  slow,
  async () => {
    await run({ rounds: 20, isForced: true })
  },
)
