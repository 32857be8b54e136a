import type { Command } from 'commander'
import { createLog } from '../app/create-log.ts'
import { decodeConfig } from '../app/decode-config.ts'
import { resetPassword } from '../app/reset-password.ts'
import { decodeTenantId, decodeUserName } from '../core/decode-identity.ts'
import { splitAccount } from './connect.ts'
import { done, misused, printing, refused, withExample } from './outcome.ts'
import type { CommandContext, Outcome } from './outcome.ts'

type ResetOptions = { readonly dataDir?: string; readonly passwordStdin?: true }

/** `belfry user reset-password`: offline, for the password that nobody knows any more. */
export const addResetPasswordCommand = (parent: Command, context: CommandContext): void => {
  const command = parent
    .command('reset-password')
    .description('Give a user a new password, on the data folder of a stopped server.')
    .argument('<tenant/name>', 'Its tenant and name.')
    .option('--data-dir <folder>', 'The data folder. (BELFRY_DATA_DIR; default ./belfry-data)')
    .option('--password-stdin', 'Read the password from standard input instead of making one.')
    .option('--json', 'Print one JSON document.')
  withExample(command, 'belfry user reset-password t1/admin --data-dir /var/lib/belfry')
  command.action(
    printing(context, command, (account: string, options: ResetOptions) =>
      reset(context, account, options),
    ),
  )
}

const reset = async (
  { terminal }: CommandContext,
  named: string,
  { dataDir, passwordStdin }: ResetOptions,
): Promise<Outcome> => {
  const account = decodeAccount(named)
  if (account === undefined) return misused(`${named} must be tenant/name`)
  const decoded = decodeConfig({ environment: terminal.environment, flags: { dataDir } })
  if (!decoded.ok) return refused(decoded.problems.join('\nbelfry: '))
  const chosen = passwordStdin ? (await terminal.readInput()).replace(/\r?\n$/, '') : undefined
  const log = createLog(decoded.config.logLevel)
  const given = await resetPassword(decoded.config.dataDir, account, chosen, (message, cause) => {
    log.error({ cause }, message)
  })
  if (!given.ok) return refused(given.line)
  if (chosen !== undefined) return done({ id: account.name }, `${named} has the new password`)
  const text = `new password of ${named}, shown only this once: ${given.password}`
  return done({ id: account.name, password: given.password }, text)
}

const decodeAccount = (named: string) => {
  const parts = splitAccount(named, undefined)
  const tenant = parts && decodeTenantId(parts.tenant)
  const name = parts && decodeUserName(parts.name)
  return tenant === undefined || name === undefined ? undefined : { tenant, name }
}
