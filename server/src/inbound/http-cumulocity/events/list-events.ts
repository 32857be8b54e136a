import type { EventOrder, EventPageRequest } from '../../../core/event-query.ts'
import { success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { EventList, QueryEvents } from '../../../usecases/query-events.ts'
import {
  decodeBelow,
  decodeEventFilter,
  decodeOrder,
  decodePosition,
} from './decode-event-query.ts'
import { decodePaging } from '../ground/decode-paging.ts'
import type { Paging } from '../ground/decode-paging.ts'
import { encodeCollection } from '../ground/encode-collection.ts'
import { encodeEvent } from './encode-event.ts'
import { encodePosition } from './event-position.ts'
import type { Answer, Answerable, Exchange } from '../ground/exchange.ts'
import { queryParametersOf } from '../ground/query-parameters.ts'
import type { QueryParameters } from '../ground/query-parameters.ts'

/** `GET /event/events` (docs/protocols/cumulocity.md, 3.2 and 3.3). */
export const listEvents = async (
  { principal, request, base }: Exchange,
  queryEvents: QueryEvents,
): Promise<Answerable<Answer>> => {
  const parameters = queryParametersOf(request)
  const paging = decodePaging(parameters)
  if (!paging.ok) return paging
  const page = decodePageRequest(parameters, paging.value)
  if (!page.ok) return page
  const withTotal = paging.value.withTotalPages || paging.value.withTotalElements
  const list = await queryEvents.list(principal, page.value, {
    withTotal,
    below: decodeBelow(parameters),
  })
  if (!list.ok) return list
  const body = encodeList(list.value, parameters, paging.value, base)
  return success({ status: 200, resource: 'eventCollection', body })
}

const decodePageRequest = (
  parameters: QueryParameters,
  paging: Paging,
): Result<EventPageRequest> => {
  const filter = decodeEventFilter(parameters)
  if (!filter.ok) return filter
  const order: Result<EventOrder> = decodeOrder(parameters)
  if (!order.ok) return order
  const position = decodePosition(parameters, paging)
  if (!position.ok) return position
  return success({
    filter: filter.value,
    order: order.value,
    position: position.value,
    size: paging.pageSize,
  })
}

const encodeList = (
  { events, more, earlier, total }: EventList,
  parameters: QueryParameters,
  paging: Paging,
  base: string,
): string =>
  encodeCollection({
    name: 'events',
    url: `${base}/event/events`,
    parameters,
    paging,
    elements: events.map((event) => encodeEvent(event, base)),
    more,
    earlier,
    total,
    nextPosition: encodePosition('after', events.at(-1)?.event),
    previousPosition: encodePosition('before', events.at(0)?.event),
  })
