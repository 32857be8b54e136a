import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { runPowerLoss } from './testing/power-loss/run-power-loss.ts'

/** Where it is not installed or may not trace; never in CI, where a missing one fails. */
const isStraceMissing =
  process.env['CI'] === undefined && spawnSync('strace', ['-e', 'trace=none', 'true']).status !== 0

const withStrace = it.skipIf(isStraceMissing)
const slow = { timeout: 300_000 }

withStrace('whatever a power cut leaves of the files, every promise holds', slow, async () => {
  const seed = Date.now() % 1_000_000
  process.stderr.write(`power loss: seed ${seed}\n`)
  const outcome = await runPowerLoss({ images: 200, seed })
  expect(outcome.problems).toEqual([])
  expect(outcome.told).toBeGreaterThan(300)
  expect(outcome.named).toBeGreaterThan(5)
  expect(outcome.removed).toBeGreaterThan(0)
  expect(outcome.rewrites).toBeGreaterThan(0)
  expect(outcome.merges).toBeGreaterThan(0)
  expect(outcome.cutMerges.before).toBeGreaterThan(0)
  expect(outcome.cutMerges.after).toBeGreaterThan(0)
})

withStrace('a store that syncs nothing would be found out', slow, async () => {
  const { problems } = await runPowerLoss({ images: 20, seed: 1, isUnsynced: true })
  expect(problems.length).toBeGreaterThan(0)
})
