import { formatEventTime, formatInstant } from '../../../core/event-time.ts'
import { encodeFragments } from '../../../core/fragments.ts'
import type { Source } from '../../../ports/inventory.ts'
import type { SourcedEvent } from '../../../usecases/event-ports.ts'

/** An event as JSON text; fragments keep the sender's own text (docs/protocols/cumulocity.md, 2). */
export const encodeEvent = ({ event, source }: SourcedEvent, base: string): string => {
  const fragments = encodeFragments(event.fragments)
  const created = formatInstant(event.creationMs)
  const updated =
    event.lastUpdatedMs === event.creationMs ? created : formatInstant(event.lastUpdatedMs)
  return (
    `{"id":"${event.id}","self":"${eventUrl(base, event.id)}",` +
    `"time":"${formatEventTime(event.time)}","creationTime":"${created}",` +
    `"lastUpdated":"${updated}","type":${JSON.stringify(event.type)},` +
    `"text":${JSON.stringify(event.text)},"source":${encodeSource(source, base)}` +
    `${fragments === '' ? '' : ','}${fragments}}`
  )
}

export const eventUrl = (base: string, id: number): string => `${base}/event/events/${id}`

/** `name` and `type` come along when the managed object has them (2.2). */
const encodeSource = ({ id, name, type }: Source, base: string): string => {
  const known = `"id":"${id}","self":"${base}/inventory/managedObjects/${id}"`
  const called = name === undefined ? '' : `,"name":${JSON.stringify(name)}`
  return `{${known}${called}${type === undefined ? '' : `,"type":${JSON.stringify(type)}`}}`
}
