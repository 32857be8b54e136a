import { Command, CommanderError } from 'commander'
import { addAppCommand } from './app-command.ts'
import { addBackupCommand } from './backup-command.ts'
import { addConfigCommand } from './config-command.ts'
import { readServerVersion } from '../app/server-version.ts'
import { addDemoCommand } from './demo-command.ts'
import { addDeviceCommand } from './device-command.ts'
import { addEventsCommand } from './events-command.ts'
import { addKeyCommand } from './key-command.ts'
import { withExample, type CommandContext } from './outcome.ts'
import { addRestoreCommand } from './restore-command.ts'
import { addTenantCommand } from './tenant-command.ts'
import { addServeCommand } from './serve-command.ts'
import type { Terminal } from './terminal.ts'
import { addUserCommand } from './user-command.ts'
import { addVerifyCommand } from './verify-command.ts'

/** Runs one command line and answers the exit code: 0 done, 1 refused or failed, 2 called wrongly. */
export const runBelfry = async (args: readonly string[], terminal: Terminal): Promise<number> => {
  let exitCode = 0
  const program = createProgram({
    terminal,
    exitWith: (code) => {
      exitCode = code
    },
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
}

const createProgram = (context: CommandContext): Command => {
  const { terminal } = context
  const program = new Command('belfry')
    .description('A device-event server that keeps what it acknowledges.')
    .version(readServerVersion())
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
  addServeCommand(program, context)
  addDemoCommand(program, context)
  addConfigCommand(program, context)
  addTenantCommand(program, context)
  addUserCommand(program, context)
  addDeviceCommand(program, context)
  addAppCommand(program, context)
  addKeyCommand(program, context)
  addEventsCommand(program, context)
  addBackupCommand(program, context)
  addRestoreCommand(program, context)
  addVerifyCommand(program, context)
  return withExample(program, 'belfry serve', 'belfry events list --user t1/admin')
}
