import type { Command } from 'commander'
import { withClientOptions, withServer, type ClientOptions } from './connect.ts'
import { listAt, textAt } from './decode-answer.ts'
import { done, printing, table, withExample } from './outcome.ts'
import type { CommandContext } from './outcome.ts'

/** `belfry app …`: the apps of a tenant, whose id every event of the tenant-device dialect names. */
export const addAppCommand = (program: Command, context: CommandContext): void => {
  const app = program.command('app').description('Create and list the apps of a tenant.')
  addCreate(app, context)
  addList(app, context)
  withExample(app, 'belfry app create --tenant t1 --name kiosk --user t1/admin')
}

const addCreate = (parent: Command, context: CommandContext): void => {
  const command = withClientOptions(
    parent
      .command('create')
      .description('Create an app and print its id and key.')
      .requiredOption('--name <name>', 'What people call it.')
      .option('--tenant <id>', 'The tenant; yours without it.'),
  )
  withExample(command, 'belfry app create --tenant t1 --name kiosk --user t1/admin')
  command.action(
    printing(context, command, (options: ClientOptions & { readonly name: string }) =>
      withServer(context, options, async (server) => {
        const path = appsPath(options.tenant ?? server.tenant)
        const answer = await server.call('POST', path, { name: options.name })
        if (!answer.ok) return answer
        const { body } = answer
        return done(body, `id: ${textAt(body, 'id')}\nkey: ${textAt(body, 'key')}`)
      }),
    ),
  )
}

const addList = (parent: Command, context: CommandContext): void => {
  const command = withClientOptions(
    parent
      .command('list')
      .description('List the apps of a tenant.')
      .option('--tenant <id>', 'The tenant; yours without it.'),
  )
  withExample(command, 'belfry app list --user t1/admin')
  command.action(
    printing(context, command, (options: ClientOptions) =>
      withServer(context, options, async (server) => {
        const answer = await server.call('GET', appsPath(options.tenant ?? server.tenant))
        if (!answer.ok) return answer
        const apps = listAt(answer.body, 'apps')
        const rows = apps.map((app) => [textAt(app, 'id'), textAt(app, 'key'), textAt(app, 'name')])
        return done(apps, table(['ID', 'KEY', 'NAME'], rows))
      }),
    ),
  )
}

const appsPath = (tenant: string): string => `/belfry/v1/tenants/${encodeURIComponent(tenant)}/apps`
