import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { waitFor } from '../harness.ts'
import type { Belfry } from '../harness.ts'
import type { Random } from '../random.ts'
import { attachStrace } from '../strace.ts'

/**
 * A kind of system call that begins or ends a step of the store. The process dies as it makes the nth of them, which
 * then does not happen: everything before it has, nothing after it.
 */
type Step = {
  readonly name: string
  readonly calls: string
  /** Only those that touch one of these, in the folder of the events; all of them when empty. */
  readonly files: readonly string[]
  /** The nth is at most this one. */
  readonly nthMax: number
  /** While the server ends in an orderly way. */
  readonly atEnd?: true
}

const renames = '?rename,?renameat,?renameat2'
const unlinks = '?unlink,?unlinkat'
const log = 'head.db-wal'

/** Seal, rewrite, merge, unlink and the commits that put them into force, cut everywhere. */
const steps: readonly [Step, ...Step[]] = [
  { name: 'a file is opened', calls: 'openat', files: [], nthMax: 40 },
  { name: 'the file of a part is synced', calls: 'fsync', files: [], nthMax: 15 },
  { name: 'the file of a part gets its name', calls: renames, files: [], nthMax: 8 },
  { name: 'the folder is synced', calls: 'openat,fsync,close', files: ['.'], nthMax: 20 },
  { name: 'a file of a part is emptied', calls: 'ftruncate', files: [], nthMax: 4 },
  { name: 'a file of a part is removed', calls: unlinks, files: [], nthMax: 4 },
  { name: 'a commit', calls: 'pwrite64,fdatasync', files: [log], nthMax: 600 },
  {
    name: 'the log goes back into the head',
    calls: `pwrite64,fdatasync,ftruncate,${unlinks}`,
    files: ['head.db', log],
    nthMax: 40,
    atEnd: true,
  },
]

/** A step that has not come by then is not coming in this round. */
const deadlineMs = 2_000

type Load = { readonly ms: number; readonly stop: () => void }

/**
 * Kills a server at a step that chance picks, and answers what it was; at the latest after `deadlineMs`. It is under
 * load, or just rid of it: small parts are merged when nothing else is left to do.
 */
export const killAtStep = async (belfry: Belfry, random: Random, load: Load) => {
  const step = random.pick(steps)
  const nth = 1 + random.below(step.nthMax)
  const isQuiet = !step.atEnd && random.below(2) === 0
  if (step.atEnd || isQuiet) await setTimeout(load.ms)
  // Nothing must be done before somebody looks.
  if (isQuiet) process.kill(belfry.pid, 'SIGSTOP')
  if (isQuiet) load.stop()
  const tracer = await attachStrace(belfry.pid, join(belfry.folder, 'strace.log'), [
    ...['-e', `trace=${step.calls}`, '-e', `inject=${step.calls}:signal=SIGKILL:when=${nth}`],
    ...step.files.flatMap((file) => ['-P', join(belfry.folder, 'events', file)]),
  ])
  if (isQuiet) process.kill(belfry.pid, 'SIGCONT')
  const wasMet = step.atEnd
    ? (await belfry.kill('SIGTERM')) === null
    : await waitFor('the step', belfry.hasEnded, deadlineMs).then(
        () => true,
        () => false,
      )
  await belfry.kill('SIGKILL')
  await tracer.detach()
  return { wasMet, place: `${step.name}, ${nth}${isQuiet ? ', without load' : ''}` }
}
