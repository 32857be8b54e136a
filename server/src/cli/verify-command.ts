import type { Command } from 'commander'
import { decodeConfig } from '../app/decode-config.ts'
import { verifyData } from '../app/verify-data.ts'
import { done, printing, refused, withExample } from './outcome.ts'
import type { CommandContext, Outcome } from './outcome.ts'

type VerifyOptions = { readonly dataDir?: string; readonly json?: boolean }

/** `belfry verify`: looks through a data folder or a backup; exit code 1 when anything is wrong. */
export const addVerifyCommand = (program: Command, context: CommandContext): void => {
  const command = program
    .command('verify')
    .description('Look through a data folder, also of a running server, or through a backup.')
    .option('--data-dir <folder>', 'The folder. (BELFRY_DATA_DIR; default ./belfry-data)')
    .option('--json', 'Print one JSON document.')
  withExample(command, 'belfry verify --data-dir /var/backups/belfry-monday')
  command.action(
    printing(context, command, (options: VerifyOptions) =>
      Promise.resolve(verify(context, options)),
    ),
  )
}

const verify = (
  { terminal, exitWith }: CommandContext,
  { dataDir, json }: VerifyOptions,
): Outcome => {
  const decoded = decodeConfig({ environment: terminal.environment, flags: { dataDir } })
  if (!decoded.ok) return refused(decoded.problems.join('\nbelfry: '))
  const verified = verifyData(decoded.config.dataDir)
  const { folder, kind, problems } = verified
  if (problems.length === 0) return done({ ...verified, ok: true }, `${folder} is good (${kind})`)
  if (json !== true) return refused([`${folder} is not good:`, ...problems].join('\nbelfry: '))
  exitWith(1)
  return done({ ...verified, ok: false }, '')
}
