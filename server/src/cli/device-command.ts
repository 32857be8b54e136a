import type { Command } from 'commander'
import { withClientOptions, withServer, type ClientOptions, type Connection } from './connect.ts'
import { textAt } from './decode-answer.ts'
import { listPages } from './list-pages.ts'
import { done, misused, printing, refused, table, withExample } from './outcome.ts'
import type { CommandContext, Outcome } from './outcome.ts'

/** `belfry device …`: the devices of your tenant, over the Cumulocity dialect. */
export const addDeviceCommand = (program: Command, context: CommandContext): void => {
  const device = program.command('device').description('Create and list devices.')
  addCreate(device, context)
  addList(device, context)
  withExample(device, 'belfry device create --tenant t1 --name door-12 --user t1/admin')
}

type CreateOptions = ClientOptions & {
  readonly name: string
  readonly type?: string
  readonly idType: string
  readonly externalId?: string
}

const addCreate = (parent: Command, context: CommandContext): void => {
  const command = withClientOptions(
    parent
      .command('create')
      .description('Create a device and print its id.')
      .requiredOption('--name <name>', 'What people call it.')
      .option('--tenant <id>', 'Its tenant, which must be yours.')
      .option('--type <type>', 'What kind of thing it is.')
      .option('--id-type <type>', 'The type of its external id.', 'c8y_Serial')
      .option('--external-id <id>', 'A name that the outside world has for it.'),
  )
  withExample(
    command,
    'belfry device create --tenant t1 --name door-12 --external-id SN4711 --user t1/admin',
  )
  command.action(
    printing(context, command, async (options: CreateOptions) => {
      if (options.name === '') return misused('--name must not be empty')
      return withServer(context, options, async (server) => {
        const elsewhere = refuseElsewhere(server, options.tenant)
        return elsewhere ?? createDevice(server, options)
      })
    }),
  )
}

/** Devices belong to the tenant that one is logged in to: there is no address for another one's. */
const refuseElsewhere = (server: Connection, tenant: string | undefined): Outcome | undefined =>
  tenant === undefined || tenant === server.tenant
    ? undefined
    : refused(`you are in tenant ${server.tenant}; for devices of ${tenant} use --user ${tenant}/…`)

const createDevice = async (server: Connection, options: CreateOptions): Promise<Outcome> => {
  const { externalId, idType } = options
  const externalIds = externalId === undefined ? undefined : [{ type: idType, externalId }]
  const answer = await server.call('POST', '/inventory/managedObjects', {
    name: options.name,
    type: options.type,
    c8y_IsDevice: {},
    externalIds,
  })
  if (!answer.ok) return answer
  const id = textAt(answer.body, 'id')
  const { name, type } = options
  return done({ id, name, type, externalIds }, id)
}

const addList = (parent: Command, context: CommandContext): void => {
  const command = withClientOptions(
    parent
      .command('list')
      .description('List the devices of your tenant.')
      .option('--tenant <id>', 'The tenant, which must be yours.')
      .option('--text <words>', 'Only devices with these words in their id, name or type.'),
  )
  withExample(command, 'belfry device list --user t1/admin')
  command.action(
    printing(context, command, (options: ClientOptions & { readonly text?: string }) =>
      withServer(context, options, async (server) => {
        const elsewhere = refuseElsewhere(server, options.tenant)
        return elsewhere ?? listDevices(server, options.text)
      }),
    ),
  )
}

const listDevices = async (server: Connection, text: string | undefined): Promise<Outcome> => {
  const words = text === undefined ? '' : `&text=${encodeURIComponent(text)}`
  const path = `/inventory/managedObjects?fragmentType=c8y_IsDevice${words}`
  const listed = await listPages(server, path, 'managedObjects')
  if (!listed.ok) return listed
  const rows = listed.elements.map((device) => [
    textAt(device, 'id'),
    textAt(device, 'name'),
    textAt(device, 'type'),
    textAt(device, 'owner'),
  ])
  return done(listed.elements, table(['ID', 'NAME', 'TYPE', 'OWNER'], rows))
}
