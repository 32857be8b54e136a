import {
  anyObject,
  count,
  flag,
  instant,
  object,
  openObject,
  ref,
  said,
  text,
  url,
} from '../../http/area.ts'
import type { Content, Description, Dialect, Parameter, Schema } from '../../http/area.ts'
import type { Resource } from './media-types.ts'

/** What all operations of the dialect have in common (docs/protocols/cumulocity.md, 1, 4 and 5). */
export const cumulocityDialect: Dialect = {
  security: ['basic', 'token', 'cookie', 'key', 'keyAsBearer'],
  headers: [],
  pathParameters: {
    id: 'The id of the event or managed object.',
    childId: 'The id of the child.',
    type: 'The type of the external id, for example `c8y_Serial`; percent-encoded.',
    externalId: 'The external id; percent-encoded.',
    tenant: "The caller's own tenant; every other one is a 403.",
    tenantId: 'The id of the tenant.',
    app: 'The id of the application.',
    appName: 'The name of the application; percent-encoded.',
    name: 'The name of the user; percent-encoded.',
    group: 'The id of the group, a number.',
    groupName: 'The name of the group; percent-encoded.',
    role: 'The name of a role, for example `ROLE_EVENT_READ`.',
    inventoryRole: 'The id of the inventory role, a number.',
    loginOption: 'A way to log in, as the list names it.',
    assignment: 'The id of the assignment, a number.',
    category: 'The category of the option.',
    key: 'The key of the option.',
    rule: 'The id of the retention rule.',
    record: 'The id of the audit record.',
    request: 'The id by which the device is expected.',
  },
  errors: {
    content: { 'application/vnd.com.nsn.cumulocity.error+json': ref('Error') },
    always: [400, 406, 429, 500, 503],
    forCallers: [401, 403],
    forNames: [404],
    forBodies: [413, 415, 422],
    forChanges: [507],
    forQueries: [422],
  },
}

export const sharedSchemas: Readonly<Record<string, Schema>> = {
  Error: object({
    error: said(text, 'A stable code, for example `event/Not Found`.'),
    message: text,
    info: url,
  }),
  Statistics: object(
    { currentPage: count, pageSize: count },
    {
      totalPages: said(count, 'Only when `withTotalPages=true` asks for it.'),
      totalElements: said(count, 'Only when `withTotalElements=true` asks for it.'),
    },
  ),
  CustomProperties: anyObject,
}

/** JSON of a resource: under its vendor type, or as plain JSON. It is sent and taken as both. */
export const sent = (resource: Resource, schema: Schema): Content => ({
  'application/json': schema,
  [`application/vnd.com.nsn.cumulocity.${resource}+json`]: schema,
})

export const answered = (description: string, resource: Resource, schema: Schema): Description => ({
  description,
  content: sent(resource, schema),
})

export const created = (resource: Resource, schema: Schema): Description => ({
  ...answered('Created', resource, schema),
  headers: { Location: { description: 'Where it is found.' } },
})

export const gone = { 204: { description: 'Gone' } } as const

/** One page of a list: `next` and `prev` are absent when there is no such page. */
export const pageOf = (name: string, element: Schema): Schema =>
  object(
    { self: url, statistics: ref('Statistics'), [name]: { type: 'array', items: element } },
    { next: url, prev: url },
  )

export const parameter = (name: string, description: string, schema = text): Parameter => ({
  name,
  description,
  schema,
})

export const wish = (name: string, description: string): Parameter =>
  parameter(name, description, { ...flag, default: false })

export const dateParameter = (name: string, description: string): Parameter =>
  parameter(name, `${description} An ISO 8601 date or date-time.`)

/** docs/protocols/cumulocity.md, 1.6 */
export const paging: readonly Parameter[] = [
  parameter('currentPage', 'Counts from 1.', { type: 'integer', minimum: 1, default: 1 }),
  parameter('pageSize', 'Larger values are cut to 2,000.', {
    type: 'integer',
    minimum: 1,
    default: 5,
  }),
  wish('withTotalPages', 'Adds `statistics.totalPages`.'),
  wish('withTotalElements', 'Adds `statistics.totalElements`.'),
]

/** What every stored thing tells of itself. */
export const stored = { id: text, self: url } as const

export const times = { creationTime: instant, lastUpdated: instant } as const

/** `{"<name>": {"id"}}` or `{"<name>": {"self"}}`. */
export const referenceTo = (name: string): Schema =>
  openObject({
    [name]: said(openObject({}, { id: text, self: text }), 'With its `id`, or its `self`.'),
  })
