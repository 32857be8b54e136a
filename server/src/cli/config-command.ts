import type { Command } from 'commander'
import { decodeConfig, type SettingTexts } from '../app/decode-config.ts'
import { encodeConfig, type ShownSetting } from '../app/encode-config.ts'
import { done, printing, refused, table, withExample } from './outcome.ts'
import type { CommandContext } from './outcome.ts'
import { withSettingOptions } from './setting-options.ts'

/** `belfry config`: the configuration that `serve` would run with, or everything that is wrong with it. */
export const addConfigCommand = (program: Command, context: CommandContext): void => {
  const command = withSettingOptions(
    program
      .command('config')
      .description('Show the effective configuration, secrets masked, and where it is from.')
      .option('--check', 'Only check it.')
      .option('--json', 'Print one JSON document.'),
  )
  withExample(command, 'BELFRY_PORT=9090 belfry config', 'belfry config --check')
  command.action(
    printing(context, command, (options: SettingTexts & { readonly check?: true }) => {
      const { environment } = context.terminal
      const decoded = decodeConfig({ environment, flags: options })
      if (!decoded.ok) return Promise.resolve(refused(decoded.problems.join('\nbelfry: ')))
      const shown = encodeConfig(decoded.config, decoded.origins)
      const outcome = options.check
        ? done({ ok: true }, 'the configuration is good')
        : describe(shown)
      return Promise.resolve(outcome)
    }),
  )
}

const describe = (shown: readonly ShownSetting[]) => {
  const document = Object.fromEntries(shown.map(({ key, value }) => [key, value]))
  const rows = shown.map(({ environment, value, origin }) => [
    environment,
    value === null ? '-' : String(value),
    origin,
  ])
  return done(document, table(['NAME', 'VALUE', 'FROM'], rows))
}
