import { setTimeout } from 'node:timers/promises'
import { createDevice, expectStatus, textOf } from '../api.ts'
import { adminAuthorization, startBelfry } from '../harness.ts'
import type { Belfry } from '../harness.ts'
import { createRandom } from '../random.ts'
import type { Random } from '../random.ts'
import { runClient } from './client.ts'
import type { Target } from './client.ts'
import { createLedger } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import { verifyLedger } from './verify.ts'

export type KillLoopOptions = {
  readonly rounds: number
  readonly seed: number
  readonly environment?: Readonly<Record<string, string>>
  readonly tell: (line: string) => void
}

export type KillLoopOutcome = {
  readonly acknowledged: number
  readonly events: number
  /** Empty when every promise held. */
  readonly problems: readonly string[]
}

/**
 * Starts, loads, kills with SIGKILL at a random moment, restarts on the same folder and compares, again and again.
 * Ends at the first round with a difference.
 */
export const runKillLoop = async (options: KillLoopOptions): Promise<KillLoopOutcome> => {
  const { rounds, seed, tell, environment = {} } = options
  const random = createRandom(seed)
  const ledger = createLedger()
  tell(`kill loop: ${rounds} rounds, seed ${seed}`)
  let belfry = await startBelfry({ environment })
  const prepared = await prepare(belfry)
  for (let round = 1; round <= rounds; round += 1) {
    await loadAndKill(belfry, { ...prepared, url: belfry.url }, ledger, {
      random,
      name: `s${seed}r${round}`,
    })
    belfry = await startBelfry({ folder: belfry.folder, environment })
    const problems = await verifyLedger({ ...prepared, url: belfry.url }, ledger)
    tell(`round ${round}: ${ledger.acknowledged} acknowledged, ${problems.length} differences`)
    if (problems.length > 0) return outcome(ledger, problems)
  }
  await belfry.kill('SIGTERM')
  return outcome(ledger, [])
}

const outcome = (ledger: Ledger, problems: readonly string[]): KillLoopOutcome => ({
  acknowledged: ledger.acknowledged,
  events: [...ledger.entries.values()].filter(({ possible }) => possible[0]?.present).length,
  problems,
})

const clients = 8
const loadMsMin = 30
const loadMsMax = 700

const loadAndKill = async (
  belfry: Belfry,
  target: Target,
  ledger: Ledger,
  { random, name }: { readonly random: Random; readonly name: string },
): Promise<void> => {
  const stop = new AbortController()
  const load = Array.from({ length: clients }, (_, index) =>
    runClient(`${name}c${index}`, target, ledger, { random, signal: stop.signal }),
  )
  const failure = Promise.all(load)
  await Promise.race([failure, setTimeout(loadMsMin + random.below(loadMsMax - loadMsMin))])
  await belfry.kill('SIGKILL')
  stop.abort()
  await failure
}

const prepare = async (belfry: Belfry): Promise<Omit<Target, 'url'>> => {
  const first = await createDevice(belfry, 'kill-0')
  const more = await Promise.all([1, 2, 3].map((index) => createDevice(belfry, `kill-${index}`)))
  const app = await expectStatus(belfry, 201, 'POST', '/belfry/v1/tenants/t1/apps', {
    json: { name: 'kill loop' },
  })
  const key = await expectStatus(belfry, 201, 'POST', '/belfry/v1/tenants/t1/keys', {
    json: { name: 'kill loop' },
  })
  return {
    tenant: 't1',
    authorization: adminAuthorization,
    apiKey: textOf(key.body, 'key'),
    appId: textOf(app.body, 'id'),
    devices: [first, ...more],
  }
}
