import { setTimeout as wait } from 'node:timers/promises'
import type { Connection } from './connect.ts'
import { textAt } from './decode-answer.ts'
import { listPages } from './list-pages.ts'
import { refused } from './outcome.ts'

const pollMs = 500

/**
 * Hands events to `print` in the order in which the server stored them, beginning with those that arrive from now on,
 * until `limit` have been printed. The server has no push of its own yet, so it is asked twice a second for what was
 * created since the last event seen; ids grow with creation, so nothing is printed twice.
 */
export const tailEvents = async (
  server: Connection,
  filter: URLSearchParams,
  limit: number,
  print: (event: unknown) => void,
): Promise<{ readonly ok: true } | ReturnType<typeof refused>> => {
  const start = await findStart(server)
  if (!start.ok) return start
  let { lastId, since } = start
  for (let printed = 0; printed < limit;) {
    filter.set('createdFrom', since)
    const listed = await listPages(server, `/event/events?${filter.toString()}`, 'events')
    if (!listed.ok) return listed
    const news = listed.elements
      .filter((event) => idOf(event) > lastId)
      .sort((left, right) => idOf(left) - idOf(right))
      .slice(0, limit - printed)
    for (const event of news) {
      print(event)
      lastId = idOf(event)
      since = textAt(event, 'creationTime')
    }
    printed += news.length
    if (printed < limit) await wait(pollMs)
  }
  return { ok: true }
}

const idOf = (event: unknown): number => Number(textAt(event, 'id'))

/** The server's own clock says from when on an event is new: this machine's may differ. */
const findStart = async (server: Connection) => {
  const answer = await server.call('GET', '/event/events?pageSize=1')
  if (!answer.ok) return answer
  const date = Date.parse(answer.headers.get('date') ?? '')
  if (Number.isNaN(date)) return refused('the server sent no Date header')
  const since = new Date(date).toISOString()
  const before = await listPages(server, `/event/events?createdFrom=${since}`, 'events')
  if (!before.ok) return before
  return { ok: true, lastId: Math.max(0, ...before.elements.map(idOf)), since } as const
}

/** One line for people. */
export const describeEvent = (event: unknown): string =>
  [
    textAt(event, 'time'),
    textAt(event, 'source', 'name') || textAt(event, 'source', 'id'),
    textAt(event, 'type'),
    textAt(event, 'text'),
    `(${textAt(event, 'id')})`,
  ].join('  ')
