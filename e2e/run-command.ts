import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { bootstrapPassword, type Belfry } from './harness.ts'

const command = fileURLToPath(new URL('../server/bin/belfry.js', import.meta.url))

export type CommandOptions = {
  readonly environment?: Readonly<Record<string, string>>
  readonly input?: string
}

export type CommandEnd = {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `belfry` with these arguments to its end. Of the BELFRY_ names it sees only those given. */
export const runCommand = (
  args: readonly string[],
  { environment = {}, input = '' }: CommandOptions = {},
): Promise<CommandEnd> => run(process.execPath, [command, ...args], { environment, input })

/** Runs a line in bash, the way a user pastes it. */
export const runShell = (line: string, options: CommandOptions = {}): Promise<CommandEnd> =>
  run('bash', ['--norc', '-c', line], options)

/** The environment of a client command that acts as this user with the first password. */
export const clientOf = ({ url }: Pick<Belfry, 'url'>, user = 't1/admin') => ({
  environment: { BELFRY_URL: url, BELFRY_USER: user, BELFRY_PASSWORD: bootstrapPassword },
})

const run = (
  file: string,
  args: readonly string[],
  { environment = {}, input = '' }: CommandOptions,
): Promise<CommandEnd> =>
  new Promise((settle, reject) => {
    const child = spawn(file, args, { env: { PATH: process.env['PATH'], ...environment } })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.once('error', reject)
    child.once('close', (code) => {
      settle({ code, stdout, stderr })
    })
    child.stdin.end(input)
  })
