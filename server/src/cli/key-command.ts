import type { Command } from 'commander'
import { decodeDuration } from '../core/decode-duration.ts'
import { withClientOptions, withServer, type ClientOptions } from './connect.ts'
import { listAt, textAt } from './decode-answer.ts'
import { done, misused, printing, table, withExample } from './outcome.ts'
import type { CommandContext } from './outcome.ts'

/** `belfry key …`: API keys, with which devices and programs report and read events. */
export const addKeyCommand = (program: Command, context: CommandContext): void => {
  const key = program.command('key').description('Create, list and revoke API keys.')
  addCreate(key, context)
  addList(key, context)
  addRevoke(key, context)
  withExample(key, 'belfry key create --tenant t1 --name kiosks --expires 90d --user t1/admin')
}

type CreateOptions = ClientOptions & {
  readonly device: readonly string[]
  readonly expires?: string
  readonly name?: string
  readonly allTenants?: boolean
}

const addCreate = (parent: Command, context: CommandContext): void => {
  const command = withClientOptions(
    parent
      .command('create')
      .description('Create an API key and print it; it is never shown again.')
      .option('--tenant <id>', 'The tenant; yours without it.')
      .option('--device <id>', 'Only for this device; may be repeated.', append, [])
      .option('--expires <time>', 'How long it is valid, like 90d or 12h; for ever without it.')
      .option('--name <name>', 'What it is for.')
      .option('--all-tenants', 'Report for the devices of every tenant (operators).'),
  )
  withExample(
    command,
    'belfry key create --tenant t1 --device 17 --expires 90d --user t1/admin',
    'belfry key create --all-tenants --name gateway --user management/admin',
  )
  command.action(
    printing(context, command, async (options: CreateOptions) => {
      const lifeMs = options.expires === undefined ? undefined : decodeDuration(options.expires)
      if (options.expires !== undefined && (lifeMs === undefined || lifeMs < 1_000)) {
        return misused(`--expires must be a time like 90d or 12h, not ${options.expires}`)
      }
      const everywhere = options.allTenants === true
      if (everywhere && (options.tenant !== undefined || options.device.length > 0)) {
        return misused('--all-tenants goes with neither --tenant nor --device')
      }
      return withServer(context, options, async (server) => {
        const path = keysPath(everywhere ? 'management' : (options.tenant ?? server.tenant))
        const answer = await server.call('POST', path, {
          name: options.name,
          devices: options.device.length > 0 ? options.device : undefined,
          validForS: lifeMs === undefined ? undefined : Math.floor(lifeMs / 1_000),
          allTenants: everywhere || undefined,
        })
        return answer.ok ? done(answer.body, textAt(answer.body, 'key')) : answer
      })
    }),
  )
}

const append = (value: string, previous: readonly string[]): readonly string[] => [
  ...previous,
  value,
]

const addList = (parent: Command, context: CommandContext): void => {
  const command = withClientOptions(
    parent
      .command('list')
      .description('List the API keys of a tenant, without the keys themselves.')
      .option('--tenant <id>', 'The tenant; yours without it.'),
  )
  withExample(command, 'belfry key list --user t1/admin')
  command.action(
    printing(context, command, (options: ClientOptions) =>
      withServer(context, options, async (server) => {
        const answer = await server.call('GET', keysPath(options.tenant ?? server.tenant))
        if (!answer.ok) return answer
        const keys = listAt(answer.body, 'keys')
        const rows = keys.map((key) => [
          textAt(key, 'prefix'),
          textAt(key, 'expires') || 'never',
          textAt(key, 'allTenants') === 'true'
            ? 'all tenants'
            : listAt(key, 'devices').map(String).join(' ') || 'all devices',
          textAt(key, 'name'),
        ])
        return done(keys, table(['PREFIX', 'EXPIRES', 'COVERS', 'NAME'], rows))
      }),
    ),
  )
}

const addRevoke = (parent: Command, context: CommandContext): void => {
  const command = withClientOptions(
    parent
      .command('revoke')
      .description('Revoke an API key; its next request is refused.')
      .argument('<prefix>', 'The prefix that key list shows.')
      .option('--tenant <id>', 'The tenant; yours without it.'),
  )
  withExample(command, 'belfry key revoke bfk_a1b2c3 --user t1/admin')
  command.action(
    printing(context, command, (prefix: string, options: ClientOptions) =>
      withServer(context, options, async (server) => {
        const path = `${keysPath(options.tenant ?? server.tenant)}/${encodeURIComponent(prefix)}`
        const answer = await server.call('DELETE', path)
        return answer.ok ? done({ prefix, revoked: true }, `key ${prefix} revoked`) : answer
      }),
    ),
  )
}

const keysPath = (tenant: string): string => `/belfry/v1/tenants/${encodeURIComponent(tenant)}/keys`
