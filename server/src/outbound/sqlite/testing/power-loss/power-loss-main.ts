import { parseArgs } from 'node:util'
import { runPowerLoss } from './run-power-loss.ts'

/** `npm run test:power -- --images 200 [--seed 1]`; needs strace. */
const { values } = parseArgs({
  options: { images: { type: 'string', default: '200' }, seed: { type: 'string' } },
})

const started = Date.now()
const seed = Number(values.seed ?? started % 1_000_000)
process.stdout.write(`power loss: ${values.images} images, seed ${seed}\n`)
const outcome = await runPowerLoss({ images: Number(values.images), seed })
process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n${(Date.now() - started) / 1000} s\n`)
process.exitCode = outcome.problems.length === 0 ? 0 : 1
