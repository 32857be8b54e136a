import type { Command } from 'commander'
import { decodeConfig } from '../app/decode-config.ts'
import { restoreData } from '../app/restore-data.ts'
import { done, printing, refused, withExample } from './outcome.ts'
import type { CommandContext, Outcome } from './outcome.ts'

type RestoreOptions = { readonly dataDir?: string }

/** `belfry restore`: offline, a backup into an empty data folder. */
export const addRestoreCommand = (program: Command, context: CommandContext): void => {
  const command = program
    .command('restore')
    .description('Check a backup and put it into an empty data folder.')
    .argument('<dir>', 'The folder of the backup.')
    .option('--data-dir <folder>', 'The data folder. (BELFRY_DATA_DIR; default ./belfry-data)')
    .option('--json', 'Print one JSON document.')
  withExample(command, 'belfry restore /var/backups/belfry-monday --data-dir /var/lib/belfry')
  command.action(
    printing(context, command, (folder: string, options: RestoreOptions) =>
      Promise.resolve(restore(context, folder, options)),
    ),
  )
}

const restore = (
  { terminal }: CommandContext,
  backup: string,
  { dataDir }: RestoreOptions,
): Outcome => {
  const decoded = decodeConfig({ environment: terminal.environment, flags: { dataDir } })
  if (!decoded.ok) return refused(decoded.problems.join('\nbelfry: '))
  const restored = restoreData(backup, decoded.config.dataDir)
  if (!restored.ok) return refused(restored.lines.join('\nbelfry: '))
  const { ok: _ok, ...document } = restored
  const { folder, taken, files, bytes } = document
  return done(
    document,
    `restored into ${folder}, as everything was at ${taken}: ${files} files, ${bytes} bytes`,
  )
}
