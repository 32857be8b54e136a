import {
  anyObject,
  flag,
  instant,
  object,
  oneOf,
  openObject,
  ref,
  text,
  url,
} from '../../http/area.ts'
import type { Area, Schema } from '../../http/area.ts'
import {
  answered,
  created,
  cumulocityDialect,
  gone,
  pageOf,
  paging,
  parameter,
  sent,
} from '../ground/cumulocity-dialect.ts'

const operator = '`ROLE_TENANT_MANAGEMENT_ADMIN` in `management`'
const status = oneOf('ACTIVE', 'SUSPENDED')
const people = { adminName: text, adminEmail: text, contactName: text, contactPhone: text }

const schemas: Readonly<Record<string, Schema>> = {
  Tenant: object(
    {
      id: text,
      self: url,
      company: text,
      domain: text,
      status,
      creationTime: instant,
      allowCreateTenants: flag,
      customProperties: anyObject,
    },
    { ...people, parent: text },
  ),
  NewTenant: openObject(
    { company: text, domain: text, adminName: text, adminPass: text },
    { ...people, id: text, customProperties: anyObject },
  ),
  TenantUpdate: openObject({}, { ...people, company: text, status, customProperties: anyObject }),
  TenantPage: pageOf('tenants', ref('Tenant')),
}

const one = answered('The tenant', 'tenant', ref('Tenant'))

/** docs/protocols/cumulocity.md, 6.3 */
export const tenantsArea: Area = {
  name: 'Tenants',
  summary: 'All tenants of this server, for its operators.',
  dialect: cumulocityDialect,
  schemas,
  operations: {
    'GET /tenant/tenants': {
      summary: 'List tenants',
      needs: operator,
      query: [
        ...paging,
        parameter('company', 'Only those with this name.'),
        parameter('domain', 'Only the one with this domain.'),
      ],
      answers: { 200: answered('A page', 'tenantCollection', ref('TenantPage')) },
    },
    'POST /tenant/tenants': {
      summary: 'Create a tenant with its first administrator',
      needs: operator,
      body: sent('tenant', ref('NewTenant')),
      answers: { 201: created('tenant', ref('Tenant')) },
      fails: [409],
    },
    'GET /tenant/tenants/:tenantId': {
      summary: 'Read a tenant',
      needs: `${operator}, or \`ROLE_TENANT_ADMIN\` in that tenant`,
      answers: { 200: one },
    },
    'PUT /tenant/tenants/:tenantId': {
      summary: 'Change a tenant, suspend it or let it go on',
      needs: operator,
      body: sent('tenant', ref('TenantUpdate')),
      answers: { 200: one },
    },
    'DELETE /tenant/tenants/:tenantId': {
      summary: 'Delete a tenant with everything it owns',
      needs: operator,
      answers: gone,
      fails: [422],
    },
  },
}
