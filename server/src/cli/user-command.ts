import type { Command } from 'commander'
import { roles } from '../core/access.ts'
import { splitAccount, withClientOptions, withServer, type ClientOptions } from './connect.ts'
import type { Connection } from './connect.ts'
import { listAt, textAt } from './decode-answer.ts'
import { listPages } from './list-pages.ts'
import { done, misused, printing, refused, table, withExample } from './outcome.ts'
import type { CommandContext } from './outcome.ts'
import { addResetPasswordCommand } from './reset-password-command.ts'

/** `belfry user …`: the users of a tenant, over the Cumulocity dialect; a lost password, offline. */
export const addUserCommand = (program: Command, context: CommandContext): void => {
  const user = program.command('user').description('Create and manage the users of a tenant.')
  addCreate(user, context)
  addList(user, context)
  addDelete(user, context)
  addResetPasswordCommand(user, context)
  withExample(user, 'belfry user create t1/reader --role ROLE_EVENT_READ --user t1/admin')
}

type CreateOptions = ClientOptions & {
  readonly passwordStdin?: boolean
  readonly role: readonly string[]
  readonly email?: string
}

const addCreate = (parent: Command, context: CommandContext): void => {
  const command = withClientOptions(
    parent
      .command('create')
      .description('Create a user.')
      .argument('<tenant/name>', 'Its tenant and name.')
      .option('--password-stdin', 'Read its password from standard input instead of asking.')
      .option('--role <role>', 'A role it gets; may be repeated. None without it.', append, [])
      .option('--email <address>', 'Its e-mail address.'),
  )
  withExample(
    command,
    'belfry user create t1/reader --role ROLE_EVENT_READ --role ROLE_INVENTORY_READ --user t1/admin',
  )
  command.action(
    printing(context, command, async (account: string, options: CreateOptions) => {
      const created = splitAccount(account, undefined)
      if (created === undefined) return misused(`${account} must be tenant/name`)
      const unknown = options.role.filter((role) => !roles.some((known) => known === role))
      if (unknown.length > 0) {
        return misused(`no such role: ${unknown.join(', ')}; there are ${roles.join(', ')}`)
      }
      const password = await readPassword(context, account, options.passwordStdin === true)
      if (password === undefined || password === '') {
        return misused('a password is needed: --password-stdin reads it from standard input')
      }
      return withServer(context, options, async (server) => {
        const answer = await server.call('POST', usersPath(created.tenant), {
          userName: created.name,
          password,
          email: options.email,
          roles: { references: options.role.map((id) => ({ role: { id } })) },
        })
        if (!answer.ok) return answer
        return done({ id: created.name, ...encodeUser(answer.body) }, `user ${account} created`)
      })
    }),
  )
}

const append = (value: string, previous: readonly string[]): readonly string[] => [
  ...previous,
  value,
]

const readPassword = async (
  { terminal }: CommandContext,
  account: string,
  fromInput: boolean,
): Promise<string | undefined> =>
  fromInput
    ? (await terminal.readInput()).replace(/\r?\n$/, '')
    : terminal.askSecret(`New password of ${account}: `)

const encodeUser = (user: unknown) => ({
  userName: textAt(user, 'userName'),
  enabled: textAt(user, 'enabled') === 'true',
  roles: listAt(user, 'roles', 'references').map((reference) => textAt(reference, 'role', 'id')),
})

const addList = (parent: Command, context: CommandContext): void => {
  const command = withClientOptions(
    parent
      .command('list')
      .description('List the users of a tenant.')
      .option('--tenant <id>', 'The tenant; yours without it.'),
  )
  withExample(command, 'belfry user list --user t1/admin')
  command.action(
    printing(context, command, (options: ClientOptions) =>
      withServer(context, options, async (server) => {
        const listed = await listPages(server, usersPath(options.tenant ?? server.tenant), 'users')
        if (!listed.ok) return listed
        const users = listed.elements.map(encodeUser)
        const rows = users.map((user) => [
          user.userName,
          user.enabled ? 'enabled' : 'disabled',
          user.roles.join(' '),
        ])
        return done(users, table(['NAME', 'STATE', 'ROLES'], rows))
      }),
    ),
  )
}

const addDelete = (parent: Command, context: CommandContext): void => {
  const command = withClientOptions(
    parent
      .command('delete')
      .description('Delete a user.')
      .argument('<tenant/name>', 'Its tenant and name.'),
  )
  withExample(command, 'belfry user delete t1/reader --user t1/admin')
  command.action(
    printing(context, command, async (account: string, options: ClientOptions) => {
      const gone = splitAccount(account, undefined)
      if (gone === undefined) return misused(`${account} must be tenant/name`)
      return withServer(context, options, (server) => deleteUser(server, gone))
    }),
  )
}

const deleteUser = async (
  server: Connection,
  { tenant, name }: { readonly tenant: string; readonly name: string },
) => {
  if (server.tenant === tenant && server.user === name) {
    return refused('a user does not delete itself: it would lock you out')
  }
  const answer = await server.call('DELETE', `${usersPath(tenant)}/${encodeURIComponent(name)}`)
  return answer.ok ? done({ id: name, deleted: true }, `user ${tenant}/${name} deleted`) : answer
}

const usersPath = (tenant: string): string => `/user/${encodeURIComponent(tenant)}/users`
