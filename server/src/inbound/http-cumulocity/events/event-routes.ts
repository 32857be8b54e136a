import type { FastifyInstance } from 'fastify'
import { parseEventId } from '../../../core/event-id.ts'
import { notFound, success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { EventId } from '../../../core/identity.ts'
import type { Meter } from '../../../ports/meter.ts'
import type { ChangeEvents } from '../../../usecases/change-events.ts'
import type { SourcedEvent } from '../../../usecases/event-ports.ts'
import type { IngestEvents } from '../../../usecases/ingest-events.ts'
import type { QueryEvents } from '../../../usecases/query-events.ts'
import { createEvents } from './create-events.ts'
import { decodeEventChange } from './decode-event.ts'
import { decodeBelow, decodeDeletion } from './decode-event-query.ts'
import { encodeEvent } from './encode-event.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answer, Answerable, Exchange, ExchangePorts } from '../ground/exchange.ts'
import { listEvents } from './list-events.ts'
import { queryParametersOf } from '../ground/query-parameters.ts'

export type EventUseCases = {
  readonly ingestEvents: IngestEvents
  readonly queryEvents: QueryEvents
  readonly changeEvents: ChangeEvents
}

/** The event resource (docs/protocols/cumulocity.md, 3.2 to 3.6). */
export const registerEventRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  useCases: EventUseCases,
  meter: Meter,
): void => {
  const { queryEvents, changeEvents } = useCases

  /** 201 with `Location`; 401, 406, 415, 413, 422, 403 in this order; 503 or 507 when nothing can be kept. */
  server.post(
    '/event/events',
    answerWith(ports, async (exchange) => {
      const answer = await createEvents(exchange, useCases.ingestEvents)
      if (!answer.ok) meter.countEvents(exchange.principal.tenant, 'rejected', 1)
      return answer
    }),
  )

  /** 200 with a page, empty beyond the last; 422 for a filter or page that cannot be read; 403. */
  server.get(
    '/event/events',
    answerWith(ports, (exchange) => listEvents(exchange, queryEvents)),
  )

  /** 204 as soon as the events are hidden; 422 without a narrowing filter or with an unknown one; 403; 429. */
  server.delete(
    '/event/events',
    answerWith(ports, (exchange) => deleteEvents(exchange, changeEvents)),
  )

  /** 200; 404; 403. */
  server.get(
    '/event/events/:id',
    answerWith(ports, async (exchange) => {
      const id = decodeId(exchange)
      const event = id.ok ? await queryEvents.read(exchange.principal, id.value) : id
      return event.ok ? success(toAnswer(event.value, exchange.base)) : event
    }),
  )

  /** 200, a partial update; 404; 403; 422. */
  server.put(
    '/event/events/:id',
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      if (!body.ok) return body
      const change = decodeEventChange(body.value.text)
      if (!change.ok) return change
      const id = decodeId(exchange)
      const event = id.ok
        ? await changeEvents.change(exchange.principal, id.value, change.value)
        : id
      return event.ok ? success(toAnswer(event.value, exchange.base)) : event
    }),
  )

  /** 204; 404; 403. */
  server.delete(
    '/event/events/:id',
    answerWith(ports, async (exchange) => {
      const id = decodeId(exchange)
      const done = id.ok ? await changeEvents.delete(exchange.principal, id.value) : id
      return done.ok ? success(deleted) : done
    }),
  )
}

const deleteEvents = async (
  { principal, request }: Exchange,
  changeEvents: ChangeEvents,
): Promise<Answerable<Answer>> => {
  const parameters = queryParametersOf(request)
  const filter = decodeDeletion(parameters)
  if (!filter.ok) return filter
  const below = decodeBelow(parameters)
  const job = await changeEvents.deleteMatching(principal, filter.value, below)
  return job.ok ? success(deleted) : job
}

const deleted: Answer = { status: 204, resource: 'event', body: undefined }

const decodeId = ({ parameter }: Exchange): Result<EventId> => {
  const id = parseEventId(parameter('id'))
  return id === undefined ? notFound('event', parameter('id')) : success(id)
}

const toAnswer = (event: SourcedEvent, base: string): Answer => ({
  status: 200,
  resource: 'event',
  body: encodeEvent(event, base),
})
