import { createLog } from './app/create-log.ts'
import { decodeConfig } from './app/decode-config.ts'
import type { Config } from './app/config.ts'
import { startServer } from './app/start-server.ts'

export type { Config } from './app/config.ts'

/** A server that runs in this process. */
export type Belfry = {
  /** Where it listens, with the real port: `http://127.0.0.1:8080`. */
  readonly url: string
  /** The first password, when this start made one: it is told only here. */
  readonly madePassword: string | undefined
  /** Stops accepting, finishes what was admitted, flushes, and lets go of the folder. */
  readonly close: () => Promise<void>
}

/**
 * Starts a server in this process: the front door for tests and programs that embed Belfry. What `config` leaves out has its
 * default; the environment is not looked at. Rejects with an error that says what to do when it can't start.
 */
export const start = async (config: Partial<Config> = {}): Promise<Belfry> => {
  const defaults = decodeConfig({ environment: {}, flags: {} })
  if (!defaults.ok) throw new Error(defaults.problems.join('; '))
  const whole: Config = { ...defaults.config, ...config }
  const started = await startServer(whole, createLog(whole.logLevel))
  if (!started.ok) throw new Error(started.line)
  const { url, firstStart, close } = started.server
  return { url, madePassword: firstStart?.madePassword, close }
}
