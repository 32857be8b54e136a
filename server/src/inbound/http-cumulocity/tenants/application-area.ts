import { listOf, object, oneOf, openObject, ref, text, url } from '../../http/area.ts'
import type { Area, Operation, Parameter, Schema } from '../../http/area.ts'
import {
  answered,
  created,
  cumulocityDialect,
  gone,
  pageOf,
  paging,
  parameter,
  sent,
  wish,
} from '../ground/cumulocity-dialect.ts'

const reader = '`ROLE_APPLICATION_MANAGEMENT_READ`'
const admin = '`ROLE_APPLICATION_MANAGEMENT_ADMIN`'
const type = oneOf('EXTERNAL', 'HOSTED', 'MICROSERVICE')

const schemas: Readonly<Record<string, Schema>> = {
  Application: object(
    {
      id: text,
      self: url,
      name: text,
      key: text,
      type,
      availability: text,
      owner: object({ self: url, tenant: object({ id: text }) }),
    },
    { contextPath: text },
  ),
  NewApplication: openObject({ name: text, key: text, type }, { contextPath: text }),
  ApplicationUpdate: openObject({}, { name: text, key: text, contextPath: text }),
  ApplicationPage: pageOf('applications', ref('Application')),
  ApplicationUsers: object({ users: listOf({}) }),
}

const one = answered('The application', 'application', ref('Application'))

const list = (summary: string, needs: string): Operation => ({
  summary,
  needs,
  query: [
    ...paging,
    parameter('name', 'Only those with this name.'),
    parameter('type', 'Only those of this type.', type),
    parameter('owner', 'Only those of this tenant.'),
    wish('noPaging', 'All of them on one page.'),
  ],
  answers: { 200: answered('A page', 'applicationCollection', ref('ApplicationPage')) },
})

const ownKey: readonly Parameter[] = [
  parameter('X-Cumulocity-Application-Key', 'The key of the application that asks.'),
]

/** docs/protocols/cumulocity.md, 6.8 */
export const applicationArea: Area = {
  name: 'Applications',
  summary: 'Programs of a tenant by name and key; none is hosted here.',
  dialect: cumulocityDialect,
  schemas,
  operations: {
    'GET /application/applications': list('List applications', reader),
    'GET /application/applicationsByName/:appName': list('List those with a name', reader),
    'GET /application/applicationsByUser/:name': list(
      'List those that a user may use, which are all',
      `${reader}, or the user itself`,
    ),
    'GET /application/applicationsByTenant/:tenantId': list('List those of the tenant', reader),
    'GET /application/applicationsByOwner/:tenantId': list('List those it owns', reader),
    'POST /application/applications': {
      summary: 'Create an application',
      needs: admin,
      body: sent('application', ref('NewApplication')),
      answers: { 201: created('application', ref('Application')) },
      fails: [409],
    },
    'GET /application/applications/:app': {
      summary: 'Read an application',
      needs: reader,
      answers: { 200: one },
    },
    'PUT /application/applications/:app': {
      summary: 'Change an application',
      needs: admin,
      body: sent('application', ref('ApplicationUpdate')),
      answers: { 200: one },
      fails: [409],
    },
    'DELETE /application/applications/:app': {
      summary: 'Delete an application',
      needs: admin,
      answers: gone,
    },
    'GET /application/currentApplication': {
      summary: 'Read the application that asks',
      headers: ownKey,
      answers: { 200: one },
      fails: [404],
    },
    'GET /application/currentApplication/subscriptions': {
      summary: 'List its users in other tenants, of which there are none',
      headers: ownKey,
      answers: {
        200: answered('Nobody', 'applicationUserCollection', ref('ApplicationUsers')),
      },
      fails: [404],
    },
  },
}
