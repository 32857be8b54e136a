import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createRandom } from '../random-parts.fixture.ts'
import type { Random } from '../random-parts.fixture.ts'
import { buildImage } from './build-image.ts'
import type { CutMerges } from '../find-cut-merges.ts'
import { checkImage } from './check-image.ts'
import type { CheckedImage } from './check-image.ts'
import { decodeLoadCounts } from './decode-told.ts'
import type { LoadCounts } from './decode-told.ts'
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
  /** Parts that were built anew without their dead rows, and times that several became one. */
  readonly rewrites: number
  readonly merges: number
  /** Images in which a merge was cut in two, before the commit that puts it into force and after it. */
  readonly cutMerges: CutMerges
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
    const load = await recordLoad(place, seed)
    const steps = load.steps.filter(({ kind }) => !isUnsynced || kind !== 'sync')
    const found = await tryImages(place, steps, { images, random: createRandom(seed) })
    return { ...summaryOf(steps), ...load.counts, ...found }
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

type Recorded = { readonly steps: readonly StorageStep[]; readonly counts: LoadCounts }

const recordLoad = async (place: string, seed: number): Promise<Recorded> => {
  const folder = join(place, 'load')
  const trace = join(place, 'trace')
  const flags = ['-f', '-y', '-xx', '-s', String(stringBytesMax), '-o', trace]
  const filter = ['--seccomp-bpf', '-e', `trace=${calls.join()}`, '-e', 'signal=none']
  const traced = [...flags, ...filter, process.execPath, program, folder, String(seed)]
  const { stdout } = await run('strace', traced)
  const steps = readStorageSteps(await readTrace(trace), join(folder, 'events'))
  rmSync(trace)
  return { steps, counts: decodeLoadCounts(stdout) }
}

type Found = Pick<PowerLossOutcome, 'cutMerges' | 'problems'>

/** Opening a store is mostly waiting for its threads. */
const imagesAtOnce = 4

/** Images are picked one after the other, so that a seed always gives the same ones; ends with the first problem. */
const tryImages = async (
  place: string,
  steps: readonly StorageStep[],
  { images, random }: { readonly images: number; readonly random: Random },
): Promise<Found> => {
  const problems: string[] = []
  const cutMerges = { before: 0, after: 0 }
  let tried = 0
  const tryOthers = async (): Promise<void> => {
    while (tried < images && problems.length === 0) {
      const image = tried
      tried += 1
      const cut = pickCut(steps, random)
      const found = await tryImage(join(place, `image-${image}`), steps, { cut, random })
      problems.push(...found.problems.map((problem) => `image ${image}, cut at ${cut}: ${problem}`))
      cutMerges.before += found.cutMerges.before
      cutMerges.after += found.cutMerges.after
    }
  }
  await Promise.all(Array.from({ length: imagesAtOnce }, tryOthers))
  return { cutMerges, problems }
}

/**
 * A quarter of them while a merge comes into force; of the others half anywhere, half at a change of names or sizes: there
 * is where a store can be cut in two.
 */
const pickCut = (steps: readonly StorageStep[], random: Random): number => {
  const swaps = findSwaps(steps)
  const swap = swaps[random.below(swaps.length)]
  if (swap && random.chance(0.25)) return swap.from + random.below(swap.to - swap.from + 2)
  const turning = steps.filter(({ kind }) => ['name', 'resize', 'sync-folder'].includes(kind))
  const at = turning[random.below(turning.length)]
  if (at && random.chance(0.5)) return random.chance(0.5) ? at.from : at.to + 1
  return random.below((steps.at(-1)?.to ?? 0) + 2)
}

type Span = Pick<StorageStep, 'from' | 'to'>

/** From where a part gets its name to where the last of several that go after it has gone: in most cases a merge. */
const findSwaps = (steps: readonly StorageStep[]): readonly Span[] => {
  const swaps: Span[] = []
  let named: { readonly from: number; gone: number } | undefined
  for (const { file, from, to } of namesOfParts(steps)) {
    if (file !== undefined) named = { from, gone: 0 }
    else if (named) {
      named.gone += 1
      if (named.gone > 1) swaps.push({ from: named.from, to })
    }
  }
  return swaps
}

const namesOfParts = (steps: readonly StorageStep[]) =>
  steps.filter((step) => step.kind === 'name').filter(({ name }) => name.endsWith('.part'))

const tryImage = async (
  folder: string,
  steps: readonly StorageStep[],
  { cut, random }: { readonly cut: number; readonly random: Random },
): Promise<CheckedImage> => {
  mkdirSync(join(folder, 'events'), { recursive: true })
  for (const [name, content] of buildImage(steps, cut, random)) {
    writeFileSync(join(folder, 'events', name), content)
  }
  const checked = await checkImage(folder, expectationAt(steps, cut))
  rmSync(folder, { recursive: true })
  return checked
}

const summaryOf = (steps: readonly StorageStep[]) => {
  const parts = namesOfParts(steps)
  return {
    steps: steps.length,
    told: steps.filter(({ kind }) => kind === 'told').length,
    named: parts.filter(({ file }) => file !== undefined).length,
    removed: parts.filter(({ file }) => file === undefined).length,
  }
}
