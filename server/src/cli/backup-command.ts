import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Command } from 'commander'
import { withClientOptions, withServer, type ClientOptions, type Connection } from './connect.ts'
import { textAt } from './decode-answer.ts'
import { done, printing, refused, withExample } from './outcome.ts'
import type { CommandContext, Outcome } from './outcome.ts'

/** `belfry backup`: has the running server write a backup into a folder of its machine, and waits for it. */
export const addBackupCommand = (program: Command, context: CommandContext): void => {
  const command = withClientOptions(
    program
      .command('backup')
      .description('Back up a running server into a folder of its machine (operators there).')
      .argument('<dir>', 'A folder that is empty or not there yet; the server writes it.'),
  )
  withExample(command, 'belfry backup /var/backups/belfry-monday --user management/admin')
  command.action(
    printing(context, command, (folder: string, options: ClientOptions) =>
      withServer(context, options, (server) => backUp(server, resolve(folder))),
    ),
  )
}

const backUp = async (server: Connection, folder: string): Promise<Outcome> => {
  const begun = await server.call('POST', '/belfry/v1/backups', { folder })
  if (!begun.ok) return begun
  const path = `/belfry/v1/backups/${encodeURIComponent(textAt(begun.body, 'id'))}`
  for (;;) {
    const answer = await server.call('GET', path)
    if (!answer.ok) return answer
    if (textAt(answer.body, 'state') !== 'running') return describe(answer.body)
    await setTimeout(lookEveryMs)
  }
}

const lookEveryMs = 200

const describe = (backup: unknown): Outcome => {
  const [folder, taken] = [textAt(backup, 'folder'), textAt(backup, 'taken')]
  if (textAt(backup, 'state') !== 'done') {
    return refused(`the backup into ${folder} failed: ${textAt(backup, 'problem')}`)
  }
  const size = `${textAt(backup, 'files')} files, ${textAt(backup, 'bytes')} bytes`
  return done(backup, `backed up to ${folder}, as everything was at ${taken}: ${size}`)
}
