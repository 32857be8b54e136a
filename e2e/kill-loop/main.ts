import { parseArgs } from 'node:util'
import { cleanUp } from '../harness.ts'
import { isStraceMissing } from '../strace.ts'
import { runKillLoop } from './run.ts'

/** `npm run test:kill -- --rounds 200 [--seed 1]`; without strace no kill is forced at a step. */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string' } },
})

/** The types of a report's events are named after seed, round and client, and may have 24 characters. */
const seedMax = 999_999

const started = Date.now()
const seed = Number(values.seed ?? started % (seedMax + 1))
if (!(seed >= 0 && seed <= seedMax)) throw new Error(`--seed takes a number up to ${seedMax}`)
try {
  const result = await runKillLoop({
    rounds: Number(values.rounds),
    seed,
    forcedEvery: isStraceMissing() ? 0 : 2,
    tell: console.log,
  })
  for (const problem of result.problems.slice(0, 50)) console.log(problem)
  console.log(
    `${result.acknowledged} acknowledged, ${result.events} events there, ` +
      `parts ${JSON.stringify(result.parts)}, ${result.merges} merges, ` +
      `steps met ${JSON.stringify(result.stepsMet)}, ` +
      `${result.startsCut} starts cut, ${result.cancelled} deletions cancelled, ` +
      `${result.spared} events spared, ${result.problems.length} differences, ${Math.round((Date.now() - started) / 1000)} s`,
  )
  process.exitCode = result.problems.length === 0 ? 0 : 1
} finally {
  await cleanUp()
}
