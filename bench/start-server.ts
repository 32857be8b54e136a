import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { atExit } from './at-exit.ts'
import { exitOf } from './process-exit.ts'
import { repositoryFolder } from './repository-folder.ts'

/** A server in a process of its own. */
export type RunningServer = {
  readonly url: string
  readonly pid: number
  /** Ends the process. Fails when it did not end cleanly. */
  readonly stop: () => Promise<void>
  /** Ends the process as a power cut would, without a word. */
  readonly kill: () => Promise<void>
}

const password = 'bench-password'

/** Basic credentials of the first user of a server that `startBelfry` started. */
export const authorization = `Basic ${Buffer.from(`t1/admin:${password}`).toString('base64')}`

/** What a command line needs to talk to a server that `startBelfry` started. */
export const clientEnvironment = (url: string): Readonly<Record<string, string>> => ({
  BELFRY_URL: url,
  BELFRY_USER: 't1/admin',
  BELFRY_PASSWORD: password,
})

/**
 * A new folder in the clone, because the system's folder for temporary files may be in memory, where an fsync costs
 * nothing. A benchmark that fails leaves none behind.
 */
export const createScratchFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(repositoryFolder, '.belfry-bench-'))
  atExit(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

/** The built command on a fresh data folder, which is gone after the stop. */
export const startBelfry = async (nodeOptions: readonly string[] = []): Promise<RunningServer> => {
  const folder = await createScratchFolder()
  return removeAfter(await startBelfryOn(folder, nodeOptions), folder)
}

/** The built command on a folder that stays. */
export const startBelfryOn = (
  folder: string,
  nodeOptions: readonly string[] = [],
): Promise<RunningServer> =>
  start([...nodeOptions, 'server/bin/belfry.js', 'serve'], {
    BELFRY_PORT: '0',
    BELFRY_DATA_DIR: folder,
    BELFRY_BOOTSTRAP_PASSWORD: password,
    BELFRY_LOG_LEVEL: 'warn',
  })

/** A program of `bench/rivals/`. */
export const startRival = (
  name: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningServer> => start(['--import', 'tsx', `bench/rivals/${name}.ts`], environment)

/** The clients of `bench/query-clients.ts`, which ask until they are stopped. */
export const startQueryClients = (
  server: RunningServer,
  sources: readonly string[],
): Promise<RunningServer> =>
  start(['--import', 'tsx', 'bench/query-clients.ts', server.url], {
    BENCH_SOURCES: sources.join(','),
  })

/** The same server, which takes the folder with it when it stops. */
export const removeAfter = (server: RunningServer, folder: string): RunningServer => ({
  ...server,
  stop: async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  },
})

const start = async (
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<RunningServer> => {
  const child = spawn(process.execPath, args, {
    cwd: repositoryFolder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // A benchmark that fails leaves no server behind.
  atExit(() => child.kill('SIGKILL'))
  const url = await readAddress(child)
  if (child.pid === undefined) throw new Error('a running process has an id')
  return { url, pid: child.pid, stop: () => stop(child), kill: () => kill(child) }
}

/** Every server prints `… ready on http://…` when it takes requests. */
const readAddress = async ({ stdout }: ChildProcess): Promise<string> => {
  if (stdout === null) throw new Error('the output of the server is piped')
  for await (const line of createInterface({ input: stdout })) {
    const [, url] = / ready on (http:\S+)/.exec(line) ?? []
    if (url === undefined) continue
    stdout.resume()
    return url
  }
  throw new Error('the server ended before it was ready')
}

const stop = async (child: ChildProcess): Promise<void> => {
  const ended = exitOf(child)
  child.kill('SIGTERM')
  const code = await ended
  if (code !== 0) throw new Error(`the server ended with code ${String(code)}`)
}

const kill = async (child: ChildProcess): Promise<void> => {
  const ended = exitOf(child)
  child.kill('SIGKILL')
  await ended
}
