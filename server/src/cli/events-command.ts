import type { Command } from 'commander'
import { withClientOptions, withServer, type ClientOptions, type Connection } from './connect.ts'
import { isObject, textAt } from './decode-answer.ts'
import { addFilterOptions, encodeFilter, type FilterOptions } from './event-filter.ts'
import { listPages } from './list-pages.ts'
import { done, misused, printing, withExample } from './outcome.ts'
import type { CommandContext, Outcome } from './outcome.ts'
import { describeEvent, tailEvents } from './tail-events.ts'

/** `belfry events …`: a client for the terminal, over the Cumulocity dialect. */
export const addEventsCommand = (program: Command, context: CommandContext): void => {
  const events = program.command('events').description('Send, follow, list, count, delete events.')
  addSend(events, context)
  addTail(events, context)
  addList(events, context)
  addCount(events, context)
  addDelete(events, context)
  withExample(events, 'belfry events list --device 17 --from 2026-01-01 --user t1/admin')
}

type SendOptions = ClientOptions & {
  readonly device: string
  readonly type: string
  readonly text?: string
  readonly time?: string
  readonly data?: string
}

const addSend = (parent: Command, context: CommandContext): void => {
  const command = withClientOptions(
    parent
      .command('send')
      .description('Send one event and print its id, once the server has it on disk.')
      .requiredOption('--device <id>', 'The device that it is from.')
      .requiredOption('--type <type>', 'What kind of event it is.')
      .option('--text <text>', 'What people read; the type without it.')
      .option('--time <time>', 'When it happened (ISO 8601); now without it.')
      .option('--data <json>', 'More members of the event, as one JSON object.'),
  )
  withExample(
    command,
    `belfry events send --device 17 --type door_open --data '{"door":{"by":"key"}}' --user t1/admin`,
  )
  command.action(
    printing(context, command, async (options: SendOptions) => {
      const data = decodeData(options.data)
      if (data === undefined) return misused('--data must be one JSON object')
      return withServer(context, options, async (server) => {
        const answer = await server.call('POST', '/event/events', {
          ...data,
          source: { id: options.device },
          type: options.type,
          text: options.text ?? options.type,
          time: options.time ?? new Date().toISOString(),
        })
        return answer.ok ? done(answer.body, textAt(answer.body, 'id')) : answer
      })
    }),
  )
}

const decodeData = (text: string | undefined): Readonly<Record<string, unknown>> | undefined => {
  if (text === undefined) return {}
  try {
    const data: unknown = JSON.parse(text)
    return isObject(data) ? data : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

type TailOptions = ClientOptions & FilterOptions & { readonly limit?: string }

const addTail = (parent: Command, context: CommandContext): void => {
  const command = addFilterOptions(
    withClientOptions(
      parent
        .command('tail')
        .description('Print events as they arrive, until Ctrl-C; with --json one document a line.')
        .option('--limit <number>', 'Stop after so many.'),
    ),
    'what',
  )
  withExample(command, 'belfry events tail --type door_open --user t1/admin')
  command.action(
    printing(context, command, async (options: TailOptions) => {
      const limit = decodeCount(options.limit, Number.POSITIVE_INFINITY)
      if (limit === undefined) return misused('--limit must be a whole number above 0')
      return withServer(context, options, async (server) => {
        const print = (event: unknown): void => {
          const line = options.json === true ? JSON.stringify(event) : describeEvent(event)
          context.terminal.out(`${line}\n`)
        }
        const ended = await tailEvents(server, encodeFilter(options), limit, print)
        if (ended.ok) context.exitWith(0)
        return ended.ok ? { ok: true, document: undefined, text: '' } : ended
      })
    }),
  )
}

const decodeCount = (text: string | undefined, otherwise: number): number | undefined => {
  if (text === undefined) return otherwise
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
}

type ListOptions = ClientOptions &
  FilterOptions & { readonly limit: string; readonly oldestFirst?: boolean }

const addList = (parent: Command, context: CommandContext): void => {
  const command = addFilterOptions(
    withClientOptions(
      parent
        .command('list')
        .description('List events, newest first.')
        .option('--limit <number>', 'At most so many.', '20')
        .option('--oldest-first', 'Turn the order round.'),
    ),
    'what and when',
  )
  withExample(command, 'belfry events list --device 17 --from 2026-01-01 --limit 5 --user t1/admin')
  command.action(
    printing(context, command, async (options: ListOptions) => {
      const limit = decodeCount(options.limit, 20)
      if (limit === undefined) return misused('--limit must be a whole number above 0')
      return withServer(context, options, async (server) => {
        const filter = encodeFilter(options)
        if (options.oldestFirst === true) filter.set('revert', 'true')
        const listed = await listPages(
          server,
          `/event/events?${filter.toString()}`,
          'events',
          limit,
        )
        if (!listed.ok) return listed
        return done(listed.elements, listed.elements.map(describeEvent).join('\n'))
      })
    }),
  )
}

const addCount = (parent: Command, context: CommandContext): void => {
  const command = addFilterOptions(
    withClientOptions(parent.command('count').description('Count events.')),
    'what and when',
  )
  withExample(command, 'belfry events count --type door_open --user t1/admin')
  command.action(
    printing(context, command, (options: ClientOptions & FilterOptions) =>
      withServer(context, options, async (server) => {
        const filter = encodeFilter(options)
        filter.set('pageSize', '1')
        filter.set('withTotalElements', 'true')
        const answer = await server.call('GET', `/event/events?${filter.toString()}`)
        if (!answer.ok) return answer
        const count = textAt(answer.body, 'statistics', 'totalElements')
        return done({ count: Number(count) }, count)
      }),
    ),
  )
}

type DeleteOptions = ClientOptions & FilterOptions & { readonly yes?: boolean }

const addDelete = (parent: Command, context: CommandContext): void => {
  const command = addFilterOptions(
    withClientOptions(
      parent
        .command('delete')
        .description('Delete one event by its id, or all that match.')
        .argument('[id]', 'The event.')
        .option('--yes', "Don't ask."),
    ),
    'what and when',
  )
  withExample(
    command,
    'belfry events delete 4711 --yes --user t1/admin',
    'belfry events delete --device 17 --to 2026-01-01 --yes --user t1/admin',
  )
  command.action(
    printing(context, command, async (id: string | undefined, options: DeleteOptions) => {
      const filter = encodeFilter(options)
      if ((id === undefined) === (filter.size === 0)) {
        return misused('name either one event or what to delete (--device, --from, --to …)')
      }
      const what = id === undefined ? 'all events that match' : `event ${id}`
      if (options.yes !== true && !(await context.terminal.confirm(`Delete ${what}?`))) {
        return misused(`${what} not deleted; --yes deletes without asking`)
      }
      return withServer(context, options, (server) => deleteEvents(server, id, filter))
    }),
  )
}

const deleteEvents = async (
  server: Connection,
  id: string | undefined,
  filter: URLSearchParams,
): Promise<Outcome> => {
  const path = id === undefined ? `?${filter.toString()}` : `/${encodeURIComponent(id)}`
  const answer = await server.call('DELETE', `/event/events${path}`)
  if (!answer.ok) return answer
  return id === undefined
    ? done({ deleted: true }, 'deleted all events that match')
    : done({ id, deleted: true }, `event ${id} deleted`)
}
