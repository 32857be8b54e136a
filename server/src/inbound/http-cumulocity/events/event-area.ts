import {
  instant,
  listOf,
  object,
  oneOf,
  openObject,
  ref,
  said,
  text,
  url,
} from '../../http/area.ts'
import type { Area, Operations, Parameter, Schema } from '../../http/area.ts'
import { attachmentOperations, attachmentSchemas } from '../binaries/attachment-operations.ts'
import {
  answered,
  created,
  cumulocityDialect,
  dateParameter,
  gone,
  pageOf,
  paging,
  parameter,
  sent,
  stored,
  times,
  wish,
} from '../ground/cumulocity-dialect.ts'

const draft = {
  type: said(text, 'What kind of event it is; cannot change.'),
  text: said(text, 'What happened, for people.'),
  time: said(instant, 'When it happened, as the device says; its offset is kept. Cannot change.'),
}

const schemas: Readonly<Record<string, Schema>> = {
  Source: object({ id: text, self: url }, { name: text, type: text }),
  Event: openObject({ ...stored, ...times, ...draft, source: ref('Source') }),
  NewEvent: openObject({
    ...draft,
    source: said(
      openObject({ id: { type: ['string', 'number'] } }),
      'The managed object that it comes from.',
    ),
  }),
  EventChange: said(
    openObject({}, { text }),
    'What is left out stays; a fragment that is `null` goes. Members that cannot change are ignored.',
  ),
  EventPage: pageOf('events', ref('Event')),
  NewEvents: openObject({ events: listOf(ref('NewEvent')) }),
  CreatedEvents: object({ self: url, events: listOf(ref('Event')) }),
}

const filters: readonly Parameter[] = [
  parameter('source', 'The id of the managed object.'),
  parameter('type', 'The whole type.'),
  parameter('fragmentType', 'The name of a fragment that it has.'),
  parameter('fragmentValue', 'The text that this fragment is; needs `fragmentType`.'),
  parameter('text', 'Words of its text.'),
  dateParameter('dateFrom', 'Happened then or later.'),
  dateParameter('dateTo', 'Happened before.'),
  dateParameter('createdFrom', 'Stored then or later.'),
  dateParameter('createdTo', 'Stored before.'),
  dateParameter('lastUpdatedFrom', 'Last changed then or later.'),
  dateParameter('lastUpdatedTo', 'Last changed before.'),
  wish('withSourceAssets', 'Also of the child assets below `source`.'),
  wish('withSourceDevices', 'Also of the child devices below `source`.'),
  wish('withSourceAdditions', 'Also of the child additions below `source`.'),
  wish('withSourceChildren', 'Also of everything below `source`.'),
]

const oneOrMany = { anyOf: [ref('Event'), ref('CreatedEvents')] }

const ofAll: Operations = {
  'POST /event/events': {
    summary: 'Create an event, or many at once',
    details:
      'The vendor type of the collection makes it a bulk, all or none. The answer comes when the events are on disk.',
    needs: '`ROLE_EVENT_ADMIN`, to own the source, or an API key',
    headers: [
      parameter(
        'X-Cumulocity-Processing-Mode',
        '`TRANSIENT` and `CEP` are answered and not stored.',
        oneOf('PERSISTENT', 'QUIESCENT', 'TRANSIENT', 'CEP'),
      ),
    ],
    body: {
      ...sent('event', ref('NewEvent')),
      'application/vnd.com.nsn.cumulocity.eventCollection+json': ref('NewEvents'),
    },
    answers: {
      201: {
        ...created('event', ref('Event')),
        content: {
          'application/json': oneOrMany,
          'application/vnd.com.nsn.cumulocity.event+json': ref('Event'),
          'application/vnd.com.nsn.cumulocity.eventCollection+json': ref('CreatedEvents'),
        },
      },
    },
  },
  'GET /event/events': {
    summary: 'List events, the newest first',
    needs: '`ROLE_EVENT_READ` or an API key; else only what the caller owns or was given is listed',
    query: [
      ...filters,
      wish('revert', 'The oldest first.'),
      ...paging,
      parameter('position', 'Taken from `next` or `prev` as it stands.'),
    ],
    answers: { 200: answered('A page', 'eventCollection', ref('EventPage')) },
  },
  'DELETE /event/events': {
    summary: 'Delete events by filter',
    details:
      'At least one filter must narrow what goes, and an unknown parameter is refused. The events are hidden with the answer and removed in the background.',
    needs: '`ROLE_EVENT_ADMIN`',
    query: filters,
    answers: gone,
  },
}

const ofOne: Operations = {
  'GET /event/events/:id': {
    summary: 'Read an event',
    answers: { 200: answered('The event', 'event', ref('Event')) },
  },
  'PUT /event/events/:id': {
    summary: 'Change text and fragments of an event',
    body: sent('event', ref('EventChange')),
    answers: { 200: answered('The event', 'event', ref('Event')) },
  },
  'DELETE /event/events/:id': { summary: 'Delete an event', answers: gone },
}

/** docs/protocols/cumulocity.md, 2 and 3 */
export const eventArea: Area = {
  name: 'Events',
  summary:
    'What happened, and when: an event has a source, a type, a text and a time, and fragments that only its sender gives a meaning to.',
  dialect: cumulocityDialect,
  schemas: { ...schemas, ...attachmentSchemas },
  operations: { ...ofAll, ...ofOne, ...attachmentOperations },
}
