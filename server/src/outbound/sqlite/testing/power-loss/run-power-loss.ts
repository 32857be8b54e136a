import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createRandom } from '../random-parts.fixture.ts'
import type { Random } from '../random-parts.fixture.ts'
import { buildImage } from './build-image.ts'
import { checkImage } from './check-image.ts'
import { expectationAt } from './expectation.ts'
import { readTrace } from './read-trace.ts'
import { readStorageSteps } from './storage-steps.ts'
import type { StorageStep } from './storage-steps.ts'

export type PowerLossOptions = {
  readonly images: number
  readonly seed: number
  /** As if the system had not been told to sync anything: what must be noticed. */
  readonly isUnsynced?: boolean
}

export type PowerLossOutcome = {
  readonly steps: number
  /** Lines of the load's account: two for each call. */
  readonly told: number
  /** Files of parts that got their name, and that lost it. */
  readonly named: number
  readonly removed: number
  readonly problems: readonly string[]
}

/**
 * Watches a store at work through strace, then builds disks as power cuts at random moments could have left them, and
 * checks each. Ends at the first that breaks a promise.
 */
export const runPowerLoss = async ({
  images,
  seed,
  isUnsynced = false,
}: PowerLossOptions): Promise<PowerLossOutcome> => {
  const place = mkdtempSync(join(tmpdir(), 'belfry-power-'))
  try {
    const random = createRandom(seed)
    const steps = (await recordLoad(place, seed)).filter(
      ({ kind }) => !isUnsynced || kind !== 'sync',
    )
    const problems: string[] = []
    for (let image = 0; image < images && problems.length === 0; image += 1) {
      const cut = pickCut(steps, random)
      const found = await tryImage(join(place, `image-${image}`), steps, { cut, random })
      problems.push(...found.map((problem) => `image ${image}, cut at ${cut}: ${problem}`))
    }
    return { ...summaryOf(steps), problems }
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

const calls = [
  ...['openat', 'write', 'pwrite64', 'pwritev', 'pwritev2', 'ftruncate', 'fsync', 'fdatasync'],
  ...['?truncate', '?rename', '?renameat', '?renameat2', '?unlink', '?unlinkat', 'fallocate'],
]

const program = fileURLToPath(new URL('./load-store-main.js', import.meta.url))
const run = promisify(execFile)

/** Longer than any one write. */
const stringBytesMax = 1_000_000

const recordLoad = async (place: string, seed: number): Promise<readonly StorageStep[]> => {
  const folder = join(place, 'load')
  const trace = join(place, 'trace')
  const flags = ['-f', '-y', '-xx', '-s', String(stringBytesMax), '-o', trace]
  const filter = ['--seccomp-bpf', '-e', `trace=${calls.join()}`, '-e', 'signal=none']
  await run('strace', [...flags, ...filter, process.execPath, program, folder, String(seed)])
  const steps = readStorageSteps(await readTrace(trace), join(folder, 'events'))
  rmSync(trace)
  return steps
}

/** Half of them anywhere, half of them at a change of names or sizes: there is where a store can be cut in two. */
const pickCut = (steps: readonly StorageStep[], random: Random): number => {
  const turning = steps.filter(({ kind }) => ['name', 'resize', 'sync-folder'].includes(kind))
  const at = turning[random.below(turning.length)]
  if (at && random.chance(0.5)) return random.chance(0.5) ? at.from : at.to + 1
  return random.below((steps.at(-1)?.to ?? 0) + 2)
}

const tryImage = async (
  folder: string,
  steps: readonly StorageStep[],
  { cut, random }: { readonly cut: number; readonly random: Random },
): Promise<readonly string[]> => {
  mkdirSync(join(folder, 'events'), { recursive: true })
  for (const [name, content] of buildImage(steps, cut, random)) {
    writeFileSync(join(folder, 'events', name), content)
  }
  const problems = await checkImage(folder, expectationAt(steps, cut))
  rmSync(folder, { recursive: true })
  return problems
}

const summaryOf = (steps: readonly StorageStep[]) => {
  const names = steps.filter((step) => step.kind === 'name')
  const parts = names.filter(({ name }) => name.endsWith('.part'))
  return {
    steps: steps.length,
    told: steps.filter(({ kind }) => kind === 'told').length,
    named: parts.filter(({ file }) => file !== undefined).length,
    removed: parts.filter(({ file }) => file === undefined).length,
  }
}
