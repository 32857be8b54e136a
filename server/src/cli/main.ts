import { readEnvironment } from '../app/config.ts'
import { runBelfry } from './run-belfry.ts'
import { createTerminal } from './terminal.ts'

process.exitCode = await runBelfry(process.argv.slice(2), createTerminal(readEnvironment()))
