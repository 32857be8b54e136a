import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { waitFor } from './harness.ts'

/**
 * Whether a test that needs strace is left out: where it is not installed or may not trace (it comes from the system's
 * packages, which npm does not install). Never in CI, where a missing one fails.
 */
export const isStraceMissing = (): boolean =>
  process.env['CI'] === undefined && spawnSync('strace', ['-e', 'trace=none', 'true']).status !== 0

/** A running strace on all threads of a process. */
export type Tracer = {
  /** Lets go of the process, which runs on if it still does, and answers the lines that were written. */
  readonly detach: () => Promise<readonly string[]>
}

/**
 * Attaches to a process. `flags` say what to trace and what to inject, for example
 * `['-e', 'trace=fdatasync', '-e', 'inject=fdatasync:error=EIO']`.
 */
export const attachStrace = async (
  pid: number,
  logFile: string,
  flags: readonly string[],
): Promise<Tracer> => {
  const tracer = spawn('strace', ['-f', '-y', '-o', logFile, ...flags, '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(tracer, 'exit')
  let said = ''
  tracer.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await waitFor(`strace to attach: ${said}`, () => said.includes('attached'))
  return {
    detach: async () => {
      tracer.kill('SIGINT')
      await ended
      const lines = (await readFile(logFile, 'utf8')).split('\n')
      await rm(logFile)
      return lines
    },
  }
}
