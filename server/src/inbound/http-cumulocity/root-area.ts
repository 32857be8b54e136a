import { listOf, object, ref, text, url } from '../http/area.ts'
import type { Area, Operation, Schema } from '../http/area.ts'
import { answered, cumulocityDialect } from './ground/cumulocity-dialect.ts'
import type { Resource } from './ground/media-types.ts'

const root = (summary: string, resource: Resource, schema: Schema, needs?: string): Operation => ({
  summary,
  ...(needs === undefined ? {} : { needs }),
  answers: { 200: answered('Addresses and templates', resource, schema) },
})

/** Addresses and templates by name. */
const templates: Schema = { type: 'object', additionalProperties: text }

const listAt = (name: string): Schema => object({ self: url, [name]: listOf(text) })

const schemas: Readonly<Record<string, Schema>> = {
  EventApi: { ...object({ self: url, events: listAt('events') }), additionalProperties: text },
  InventoryApi: {
    ...object({ self: url, managedObjects: listAt('references') }),
    additionalProperties: text,
  },
  IdentityApi: object({ self: url, externalId: text, externalIdsOfGlobalId: text }),
  TenantApi: {
    ...object({ self: url, tenants: listAt('tenants'), options: listAt('options') }),
    additionalProperties: text,
  },
  AuditApi: {
    ...object({ self: url, auditRecords: listAt('auditRecords') }),
    additionalProperties: text,
  },
  UserApi: templates,
  Platform: object({
    self: url,
    audit: ref('AuditApi'),
    event: ref('EventApi'),
    identity: ref('IdentityApi'),
    inventory: ref('InventoryApi'),
    tenant: ref('TenantApi'),
    user: ref('UserApi'),
  }),
}

/** docs/protocols/cumulocity.md, 3.1, 6.2 to 6.4 */
export const rootArea: Area = {
  name: 'Roots',
  summary:
    'Documents of addresses and templates that some clients walk before anything else. Placeholders stand in braces; `{externaId}` is spelt as those clients expect it.',
  dialect: cumulocityDialect,
  schemas,
  operations: {
    'GET /platform': root('All roots at once', 'platformApi', ref('Platform')),
    'GET /audit': root('The root of audit records', 'auditApi', ref('AuditApi')),
    'GET /event': root(
      'The root of events',
      'eventApi',
      ref('EventApi'),
      '`ROLE_EVENT_READ`, or an API key',
    ),
    'GET /inventory': root('The root of the inventory', 'inventoryApi', ref('InventoryApi')),
    'GET /identity': root('The root of external ids', 'identityApi', ref('IdentityApi')),
    'GET /tenant': root('The root of tenants and options', 'tenantApi', ref('TenantApi')),
    'GET /user': root('The root of users, groups and roles', 'userApi', ref('UserApi')),
  },
}
