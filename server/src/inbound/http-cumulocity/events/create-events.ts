import type { FastifyRequest } from 'fastify'
import type { EventDraft } from '../../../core/admit-event.ts'
import { invalid, success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { SourcedEvent } from '../../../usecases/event-ports.ts'
import type { IngestEvents } from '../../../usecases/ingest-events.ts'
import { decodeEvent, decodeEvents } from './decode-event.ts'
import { encodeEvent, eventUrl } from './encode-event.ts'
import type { Answer, Answerable, Exchange } from '../ground/exchange.ts'

/** `POST /event/events`: one event, or all or none of a collection (docs/protocols/cumulocity.md, 3.4). */
export const createEvents = async (
  exchange: Exchange,
  ingestEvents: IngestEvents,
): Promise<Answerable<Answer>> => {
  const mode = decodeProcessingMode(exchange.request)
  if (!mode.ok) return mode
  const body = await exchange.readBody()
  if (!body.ok) return body
  const isCollection = body.value.resource === 'eventcollection'
  const drafts = isCollection ? decodeEvents(body.value.text) : decodeOne(body.value.text)
  if (!drafts.ok) return drafts
  const events = await ingestEvents(exchange.principal, drafts.value, mode.value)
  if (!events.ok) return events
  return success(
    isCollection ? encodeAll(events.value, exchange) : encodeOne(events.value, exchange),
  )
}

const decodeOne = (text: string): Result<readonly EventDraft[]> => {
  const draft = decodeEvent(text)
  return draft.ok ? success([draft.value]) : draft
}

const encodeOne = (events: readonly SourcedEvent[], { base, wantsBody }: Exchange): Answer => ({
  status: 201,
  resource: 'event',
  body: wantsBody ? events.map((event) => encodeEvent(event, base)).join() : undefined,
  location: events.map(({ event }) => eventUrl(base, event.id)).join(),
})

const encodeAll = (events: readonly SourcedEvent[], { base, wantsBody }: Exchange): Answer => ({
  status: 201,
  resource: 'eventCollection',
  body: wantsBody ? encodeCollection(events, base) : undefined,
  location: `${base}/event/events`,
})

const encodeCollection = (events: readonly SourcedEvent[], base: string): string =>
  `{"self":"${base}/event/events","events":[${events
    .map((event) => encodeEvent(event, base))
    .join(',')}]}`

/** Which of the four modes store: `keep` (1.4). QUIESCENT stores and is not announced. */
const keeps = new Map([
  ['', true],
  ['PERSISTENT', true],
  ['QUIESCENT', true],
  ['TRANSIENT', false],
  ['CEP', false],
])

const decodeProcessingMode = ({ headers }: FastifyRequest): Result<{ readonly keep: boolean }> => {
  const header = headers['x-cumulocity-processing-mode']
  if (header === undefined) return success({ keep: true })
  const keep = keeps.get(String(header).trim().toUpperCase())
  return keep === undefined
    ? invalid('X-Cumulocity-Processing-Mode', 'is PERSISTENT, TRANSIENT, QUIESCENT or CEP')
    : success({ keep })
}
