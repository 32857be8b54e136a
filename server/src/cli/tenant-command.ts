import type { Command } from 'commander'
import { withClientOptions, withServer, type ClientOptions } from './connect.ts'
import { listAt, textAt } from './decode-answer.ts'
import { done, misused, printing, table, withExample } from './outcome.ts'
import type { CommandContext } from './outcome.ts'

/** `belfry tenant …`: operators create, list, suspend, resume and delete tenants. */
export const addTenantCommand = (program: Command, context: CommandContext): void => {
  const tenant = program.command('tenant').description('Create and manage tenants (operators).')
  addCreate(tenant, context)
  addList(tenant, context)
  addStateChange(tenant, context, 'suspend')
  addStateChange(tenant, context, 'resume')
  addDelete(tenant, context)
  withExample(tenant, 'belfry tenant create plant-7 --user management/admin')
}

type CreateOptions = ClientOptions & {
  readonly name?: string
  readonly domain?: string
  readonly admin: string
  readonly passwordStdin?: boolean
}

const addCreate = (parent: Command, context: CommandContext): void => {
  const command = withClientOptions(
    parent
      .command('create')
      .description('Create a tenant with its first administrator.')
      .argument('<id>', 'Lower-case letters, digits, - and _.')
      .option('--name <name>', 'What people call it.')
      .option('--domain <label>', 'First label of its host names; the id without it.')
      .option('--admin <name>', 'The administrator, who gets every role in the tenant.', 'admin')
      .option(
        '--password-stdin',
        "Read the administrator's password from standard input; without it, one is made and printed once.",
      ),
  )
  withExample(command, 'belfry tenant create plant-7 --name "Plant 7" --user management/admin')
  command.action(
    printing(context, command, async (id: string, options: CreateOptions) => {
      const password = options.passwordStdin
        ? (await context.terminal.readInput()).replace(/\r?\n$/, '')
        : undefined
      return withServer(context, options, async (server) => {
        const answer = await server.call('POST', '/belfry/v1/tenants', {
          id,
          name: options.name,
          domain: options.domain,
          administrator: { name: options.admin, password },
        })
        return answer.ok ? done(answer.body, describeCreated(answer.body)) : answer
      })
    }),
  )
}

const describeCreated = (body: unknown): string => {
  const account = `${textAt(body, 'id')}/${textAt(body, 'administrator', 'name')}`
  const password = textAt(body, 'administrator', 'password')
  const created = `tenant ${textAt(body, 'id')} created with the administrator ${account}`
  return password === '' ? created : `${created}\npassword, shown only this once: ${password}`
}

const addList = (parent: Command, context: CommandContext): void => {
  const command = withClientOptions(parent.command('list').description('List all tenants.'))
  withExample(command, 'belfry tenant list --user management/admin')
  command.action(
    printing(context, command, (options: ClientOptions) =>
      withServer(context, options, async (server) => {
        const answer = await server.call('GET', '/belfry/v1/tenants')
        if (!answer.ok) return answer
        const tenants = listAt(answer.body, 'tenants')
        const rows = tenants.map((tenant) => [
          textAt(tenant, 'id'),
          textAt(tenant, 'state'),
          textAt(tenant, 'name'),
        ])
        return done(tenants, table(['ID', 'STATE', 'NAME'], rows))
      }),
    ),
  )
}

const addStateChange = (
  parent: Command,
  context: CommandContext,
  verb: 'suspend' | 'resume',
): void => {
  const what =
    verb === 'suspend'
      ? 'Refuse every request of a tenant until it is resumed; its data stay.'
      : 'Let a suspended tenant work again.'
  const command = withClientOptions(
    parent.command(verb).description(what).argument('<id>', 'The tenant.'),
  )
  withExample(command, `belfry tenant ${verb} plant-7 --user management/admin`)
  command.action(
    printing(context, command, (id: string, options: ClientOptions) =>
      withServer(context, options, async (server) => {
        const answer = await server.call('POST', `${tenantPath(id)}/${verb}`)
        if (!answer.ok) return answer
        return done(answer.body, `tenant ${id} is ${textAt(answer.body, 'state')}`)
      }),
    ),
  )
}

const addDelete = (parent: Command, context: CommandContext): void => {
  const command = withClientOptions(
    parent
      .command('delete')
      .description('Delete a tenant with everything in it.')
      .argument('<id>', 'The tenant.')
      .option('--yes', "Don't ask."),
  )
  withExample(command, 'belfry tenant delete plant-7 --yes --user management/admin')
  command.action(
    printing(context, command, async (id: string, options: ClientOptions & { yes?: boolean }) => {
      const question = `Delete tenant ${id} with all of its users, devices and events?`
      if (options.yes !== true && !(await context.terminal.confirm(question))) {
        return misused(`tenant ${id} not deleted; --yes deletes without asking`)
      }
      return withServer(context, options, async (server) => {
        const answer = await server.call('DELETE', tenantPath(id))
        return answer.ok ? done({ id, deleted: true }, `tenant ${id} deleted`) : answer
      })
    }),
  )
}

const tenantPath = (id: string): string => `/belfry/v1/tenants/${encodeURIComponent(id)}`
