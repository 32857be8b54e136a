import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The built command as a user starts it, on a data folder of its own. */
export type Belfry = {
  /** `http://127.0.0.1:<port>`, as printed by the ready line. */
  readonly url: string
  readonly port: number
  readonly folder: string
  /** Of the server process itself. */
  readonly pid: number
  readonly stdout: () => string
  readonly stderr: () => string
  readonly hasEnded: () => boolean
  /** Sends the signal and waits for the end; answers the exit code, or null after a signal's death. */
  readonly kill: (signal: NodeJS.Signals) => Promise<number | null>
}

export type StartOptions = {
  /** Reuses a folder, to restart; a new one by default. */
  readonly folder?: string
  readonly environment?: Readonly<Record<string, string>>
}

export const bootstrapPassword = 'correct horse battery'

/** `Authorization` of the first administrator of tenant t1. */
export const adminAuthorization = basicAuthorization('t1/admin', bootstrapPassword)

/** `Authorization` of the operator, `management/admin`. */
export const operatorAuthorization = basicAuthorization('management/admin', bootstrapPassword)

export function basicAuthorization(account: string, password: string): string {
  return `Basic ${Buffer.from(`${account}:${password}`).toString('base64')}`
}

const command = fileURLToPath(new URL('../server/bin/belfry.js', import.meta.url))

/** Generous, since CI's machine has two cores and other work; a start takes well under a second alone. */
const readyDeadlineMs = 30_000

/** Starts `belfry serve` on a free port and waits for its ready line. Fails with what it printed. */
export const startBelfry = async (options: StartOptions = {}): Promise<Belfry> => {
  const folder = options.folder ?? (await createFolder())
  const child = spawnBelfry(folder, options.environment)
  const output = collectOutput(child)
  const url = await waitForReady(child, output)
  return {
    url,
    port: Number(new URL(url).port),
    folder,
    pid: child.pid ?? 0,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    hasEnded: () => hasEnded(child),
    kill: (signal) => killAndWait(child, signal),
  }
}

/** Kills a server with SIGKILL so long after its start; answers whether it had not been ready yet. */
export const crashStart = async (
  options: StartOptions & { readonly folder: string },
  afterMs: number,
): Promise<boolean> => {
  const child = spawnBelfry(options.folder, options.environment)
  const output = collectOutput(child)
  await setTimeout(afterMs)
  await killAndWait(child, 'SIGKILL')
  return !readyPattern.test(output.stdout)
}

/** A new data folder, removed by `cleanUp`. */
export const createFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'belfry-e2e-'))
  folders.add(folder)
  return folder
}

/** Kills what is still running and removes the folders: call it after each test or file. */
export const cleanUp = async (): Promise<void> => {
  await Promise.all([...running].map((child) => killAndWait(child, 'SIGKILL')))
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
  folders.clear()
}

/** Asks again until the condition holds; fails with `what` when the deadline has passed. */
export const waitFor = async (
  what: string,
  condition: () => Promise<boolean> | boolean,
  deadlineMs = readyDeadlineMs,
): Promise<void> => {
  const end = Date.now() + deadlineMs
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`)
    await setTimeout(10)
  }
}

const running = new Set<ChildProcess>()
const folders = new Set<string>()

const spawnBelfry = (folder: string, environment: StartOptions['environment']): ChildProcess => {
  const child = spawn(process.execPath, [command, 'serve'], {
    env: {
      ...withoutBelfryNames(process.env),
      BELFRY_PORT: '0',
      BELFRY_DATA_DIR: folder,
      BELFRY_BOOTSTRAP_PASSWORD: bootstrapPassword,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

type Output = { stdout: string; stderr: string }

const withoutBelfryNames = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('BELFRY_')))

const collectOutput = (child: ChildProcess): Output => {
  const output: Output = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()))
  return output
}

const waitForReady = async (child: ChildProcess, output: Output): Promise<string> => {
  await waitFor(
    `the ready line\n${output.stderr}`,
    () => readyPattern.test(output.stdout) || child.exitCode !== null,
  )
  const url = readyPattern.exec(output.stdout)?.[1]
  if (url === undefined) {
    throw new Error(
      `belfry ended with ${String(child.exitCode)}:\n${output.stdout}${output.stderr}`,
    )
  }
  return url
}

/** With its end: what has come so far may be half a line. */
const readyPattern = /^belfry ready on (https?:\/\/\S+)\n/m

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null

const killAndWait = async (child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> => {
  if (!hasEnded(child)) {
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  return child.exitCode
}
