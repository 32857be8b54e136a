import { listOf, object, openObject, text, url } from '../http/area.ts'
import type { Area, Operation, Schema } from '../http/area.ts'
import { answered, cumulocityDialect } from './cumulocity-dialect.ts'
import type { Resource } from './media-types.ts'

const templates: Schema = { type: 'object', additionalProperties: text }

const root = (summary: string, resource: Resource, needs?: string): Operation => ({
  summary,
  ...(needs === undefined ? {} : { needs }),
  answers: {
    200: answered('Addresses and templates', resource, {
      ...openObject({ self: url }),
      additionalProperties: {
        anyOf: [
          text,
          templates,
          object({ self: url }, { events: listOf(text), references: listOf(text) }),
        ],
      },
    }),
  },
})

export const rootArea: Area = {
  name: 'Roots',
  summary:
    'Documents of addresses and templates that some clients walk before anything else. Placeholders stand in braces; `{externaId}` is spelt as those clients expect it.',
  dialect: cumulocityDialect,
  schemas: {},
  operations: {
    'GET /platform': {
      summary: 'All roots at once',
      answers: {
        200: answered('The documents of all roots', 'platformApi', {
          ...openObject({ self: url }),
          additionalProperties: { type: 'object' },
        }),
      },
    },
    'GET /event': root('The root of events', 'eventApi', '`ROLE_EVENT_READ`, or an API key'),
    'GET /inventory': root('The root of the inventory', 'inventoryApi'),
    'GET /identity': root('The root of external ids', 'identityApi'),
    'GET /user': root('The root of users, groups and roles', 'userApi'),
  },
}
