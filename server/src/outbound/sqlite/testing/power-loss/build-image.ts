import type { Random } from '../random-parts.fixture.ts'
import type { StorageStep } from './storage-steps.ts'

/**
 * The folder as a disk could have it after a power cut before line `cut` of the trace: each file as of its last sync,
 * with any of the later writes and changes of its size, whole or torn; names as of the last sync of the folder, with
 * any of the later changes: the first ones, or some of them, in order for each name. A sync counts when it had ended, and covers what had ended when it began.
 */
export const buildImage = (
  steps: readonly StorageStep[],
  cut: number,
  random: Random,
): ReadonlyMap<string, Buffer> => {
  const begun = steps.filter(({ from }) => from < cut)
  const luck: Luck = { random, share: random.pick([0, 0.1, 0.5, 0.9, 1]) }
  const contents = [...keptNames(begun, cut, random)].map(
    ([name, file]) => [name, contentOf(begun, cut, file, luck)] as const,
  )
  return new Map(contents)
}

type Luck = {
  readonly random: Random
  /** How much of what need not be there is. */
  readonly share: number
}

/** The line that everything which had ended before is safe at. */
const safeBefore = (syncs: readonly StorageStep[], cut: number): number =>
  Math.max(0, ...syncs.filter(({ to }) => to < cut).map(({ from }) => from))

const keptNames = (
  begun: readonly StorageStep[],
  cut: number,
  random: Random,
): ReadonlyMap<string, number> => {
  const safe = safeBefore(
    begun.filter(({ kind }) => kind === 'sync-folder'),
    cut,
  )
  const changes = begun.filter((step) => step.kind === 'name')
  const sure = changes.filter(({ to }) => to < safe).length
  const names = new Map<string, number>()
  const kept = [...changes.slice(0, sure), ...keptOf(changes.slice(sure), random)]
  for (const { name, file, old } of kept) {
    if (old !== undefined) names.delete(old)
    if (file === undefined) names.delete(name)
    else names.set(name, file)
  }
  return names
}

type NameStep = Extract<StorageStep, { kind: 'name' }>

/**
 * A file system that keeps a log of all changes has the first ones; another one may have a later change without an earlier
 * one, unless that was of the same name.
 */
const keptOf = (changes: readonly NameStep[], random: Random): readonly NameStep[] => {
  if (random.chance(0.4)) return changes.slice(0, random.below(changes.length + 1))
  const share = random.pick([0.3, 0.6, 0.9])
  const late = new Set<string>()
  return changes.filter(({ name, old = name }) => {
    const isKept = !late.has(name) && !late.has(old) && random.chance(share)
    if (!isKept) late.add(name).add(old)
    return isKept
  })
}

const contentOf = (
  begun: readonly StorageStep[],
  cut: number,
  file: number,
  luck: Luck,
): Buffer => {
  const own = begun.filter((step) => 'file' in step && step.file === file)
  const safe = safeBefore(
    own.filter(({ kind }) => kind === 'sync'),
    cut,
  )
  const content = Buffer.alloc(Math.max(0, ...own.map(endOf)))
  let bytes = 0
  for (const step of own) {
    const isSure = step.to < safe
    if (step.kind === 'resize' && (isSure || luck.random.chance(luck.share))) {
      content.fill(0, Math.min(bytes, step.bytes))
      bytes = step.bytes
    } else if (step.kind === 'write') {
      for (const { at, data } of isSure ? [step] : pieces(step, luck)) {
        data.copy(content, at)
        bytes = Math.max(bytes, at + data.length)
      }
    }
  }
  return content.subarray(0, bytes)
}

const endOf = (step: StorageStep): number => {
  if (step.kind === 'write') return step.at + step.data.length
  return step.kind === 'resize' ? step.bytes : 0
}

type Piece = { readonly at: number; readonly data: Buffer }

/** All of it, nothing, or now and then some of the blocks that the disk writes at once. */
const pieces = ({ at, data }: Piece, { random, share }: Luck): readonly Piece[] => {
  if (!random.chance(0.2)) return random.chance(share) ? [{ at, data }] : []
  const block = random.pick([512, 4_096])
  const starts: number[] = []
  for (let start = 0; start < data.length; start += block - ((at + start) % block))
    starts.push(start)
  return starts
    .filter(() => random.chance(0.5))
    .map((start) => ({
      at: at + start,
      data: data.subarray(start, start + block - ((at + start) % block)),
    }))
}
