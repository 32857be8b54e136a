import { readEnvironment } from '../app/config.ts'
import { runBelfry } from './run-belfry.ts'
import { createTerminal } from './terminal.ts'

// Ends even when something still waits: a server that misses its deadline, a connection kept open for the next call.
process.exit(await runBelfry(process.argv.slice(2), createTerminal(readEnvironment())))
