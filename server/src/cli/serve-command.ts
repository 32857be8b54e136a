import type { Command } from 'commander'
import { boundGarbage } from '../app/bound-garbage.ts'
import type { Config } from '../app/config.ts'
import { createLog, type Log } from '../app/create-log.ts'
import { decodeConfig, type SettingTexts } from '../app/decode-config.ts'
import { describeFirstStart } from '../app/describe-first-start.ts'
import { startServer, type RunningServer } from '../app/start-server.ts'
import { withExample, type CommandContext } from './outcome.ts'
import { withSettingOptions } from './setting-options.ts'
import { waitForStop } from './wait-for-stop.ts'

/** `belfry serve`: the server in the foreground until SIGTERM or SIGINT. */
export const addServeCommand = (program: Command, context: CommandContext): void => {
  const command = withSettingOptions(
    program.command('serve').description('Run the server in the foreground.'),
  )
  withExample(command, 'belfry serve --port 9090 --data-dir /var/lib/belfry')
  command.action(async (flags: SettingTexts) => {
    context.exitWith(await serve(context, flags, undefined))
  })
}

/** Something that accompanies a running server; answers how to end it. */
export type Companion = (
  server: RunningServer,
  config: Config,
  log: Log,
) => Promise<() => Promise<void>>

/**
 * Runs a server with the given flags until it is told to stop. Answers the exit code: 0 after a clean stop, 1 with one line on
 * stderr when it can't start or does not stop in time.
 */
export const serve = async (
  { terminal }: CommandContext,
  flags: SettingTexts,
  companion: Companion | undefined,
): Promise<number> => {
  const decoded = decodeConfig({ environment: terminal.environment, flags })
  if (!decoded.ok) {
    for (const problem of decoded.problems) terminal.err(`belfry: ${problem}\n`)
    return 1
  }
  const { config } = decoded
  const log = createLog(config.logLevel)
  const stop = waitForStop(config.stopDeadline)
  const started = await startServer(config, log)
  if (!started.ok) {
    terminal.err(`belfry: ${started.line}\n`)
    return 1
  }
  boundGarbage()
  const { server } = started
  if (server.firstStart !== undefined) {
    const lines = describeFirstStart(server.firstStart, config, server.url, new Date())
    for (const line of lines) terminal.out(`${line}\n`)
  }
  const endCompanion = await companion?.(server, config, log)
  terminal.out(`belfry ready on ${server.url}\n`)
  const signal = await stop.asked
  log.info({ signal }, 'stopping')
  const code = await stop.within(async () => {
    await endCompanion?.()
    await server.close()
  })
  if (code === 0) log.info('stopped')
  else
    terminal.err('belfry: not stopped within BELFRY_STOP_DEADLINE; some requests had no answer\n')
  return code
}
