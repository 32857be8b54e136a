import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { waitFor } from '../harness.ts'
import type { Belfry } from '../harness.ts'
import { attachStrace } from '../strace.ts'
import { listPartPaths, toBuildPath } from './part-paths.ts'

/**
 * Stops a server (SIGSTOP) in the middle of a merge, as it looks for the second of the parts that are to become one;
 * answers whether that came to be. Whoever builds a part from others looks for the file of each before it is opened:
 * when two are looked for and no new file has got its name in between, it is a merge. `litter` is called once somebody
 * watches, to make something that can be merged.
 */
export const stopAtMerge = async (belfry: Belfry, litter: () => void): Promise<boolean> => {
  const logFile = join(belfry.folder, 'strace.log')
  const tracer = await attachStrace(belfry.pid, logFile, [
    ...['-e', `trace=${looks},${renames}`, '-e', `inject=${looks}:signal=SIGSTOP`],
    ...(await listPartPaths(belfry.folder)).flatMap((path) => [
      '-P',
      path,
      '-P',
      toBuildPath(path),
    ]),
  ])
  litter()
  let seen = 0
  const isThere = async (): Promise<boolean> => {
    const lines = (await readFile(logFile, 'utf8')).split('\n')
    const calls = lines.filter((line) => callPattern.test(line))
    if (belfry.hasEnded() || (isLook(calls.at(-1)) && isLook(calls.at(-2)))) return true
    if (calls.length > seen && isLook(calls.at(-1))) process.kill(belfry.pid, 'SIGCONT')
    seen = calls.length
    return false
  }
  const wasMet = await waitFor('a merge', isThere, deadlineMs).then(
    () => true,
    () => false,
  )
  await tracer.detach()
  return wasMet && !belfry.hasEnded()
}

const looks = '?access,?faccessat,?faccessat2'
const renames = '?rename,?renameat,?renameat2'

const deadlineMs = 8_000

const callPattern = / (?:f?access|rename)\w*\(/
const isLook = (call: string | undefined): boolean => / f?access/.test(call ?? '')
