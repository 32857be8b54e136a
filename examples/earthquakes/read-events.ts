import { send } from './belfry.ts'
import type { Account } from './belfry.ts'
import { decodeEventPage, idOf } from './decode-earthquakes.ts'
import type { EventPage } from './decode-earthquakes.ts'

export type ReadEvent = { readonly id: string; readonly members: EventPage['events'][number] }

/** All events of a source, page by page along `next`, without the members that the server has added. */
export const readEvents = async (
  { url, authorization }: Account,
  source: string,
): Promise<readonly ReadEvent[]> => {
  const events: ReadEvent[] = []
  let next: string | undefined = `${url}/event/events?source=${source}&pageSize=100`
  while (next !== undefined) {
    const answer = await send(next, 'GET', { authorization })
    if (answer.status !== 200) throw new Error(`${next} answered ${answer.status}: ${answer.body}`)
    const page = decodeEventPage(answer.body)
    events.push(...page.events.map(withoutServerMembers))
    next = page.next
  }
  return events
}

const withoutServerMembers = (event: ReadEvent['members']): ReadEvent => {
  const { id, self, creationTime, lastUpdated, source, ...sent } = event
  for (const [name, value] of Object.entries({ id, self, creationTime, lastUpdated })) {
    if (typeof value !== 'string') throw new Error(`an event lacks its ${name}`)
  }
  return { id: String(id), members: { ...sent, source: { id: idOf(source) } } }
}
