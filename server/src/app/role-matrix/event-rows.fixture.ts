import type { AccessArea, AccessRow } from './access-row.fixture.ts'

const reading = {
  roles: ['ROLE_EVENT_READ'],
  owner: true,
  permissions: ['EVENT:READ'],
} satisfies Partial<AccessRow>

const writing = {
  roles: ['ROLE_EVENT_ADMIN'],
  owner: true,
  permissions: ['EVENT:ADMIN'],
} satisfies Partial<AccessRow>

const one = '/event/events/:id'
const file = `${one}/binaries`

/** docs/protocols/cumulocity.md, 3, and docs/protocols/tenant-device-events.md, 1 and 2. */
export const eventAreas: readonly AccessArea[] = [
  {
    title: 'Events',
    rows: [
      { route: 'GET /event', may: 200, roles: ['ROLE_EVENT_READ'], key: true },
      {
        route: 'GET /event/events',
        may: 200,
        ...reading,
        key: true,
        note: 'without the role a list and its totals hold what the caller may read; 403 when that is nothing',
      },
      { route: 'POST /event/events', may: 201, ...writing, key: true },
      {
        route: 'DELETE /event/events',
        may: 204,
        roles: ['ROLE_EVENT_ADMIN'],
        note: 'there is no owner rule',
      },
      { route: `GET ${one}`, may: 200, ...reading, key: true },
      { route: `PUT ${one}`, may: 200, ...writing },
      { route: `DELETE ${one}`, may: 204, ...writing },
      { route: `GET ${file}`, may: 200, ...reading, key: true },
      { route: `POST ${file}`, may: 201, ...writing },
      { route: `PUT ${file}`, may: 201, ...writing },
      { route: `DELETE ${file}`, may: 204, ...writing },
    ],
  },
  {
    title: 'Reports of the tenant-device dialect',
    rows: [
      {
        route: 'POST /rest/v1/api/tenants/:tenant/devices/:device/events',
        may: 201,
        ...writing,
        key: true,
      },
      {
        route: 'GET /rest/v1/api/tenants/:tenant/receipts/:receipt',
        may: 200,
        roles: ['ROLE_EVENT_READ', 'ROLE_EVENT_ADMIN'],
        owner: true,
        permissions: ['EVENT:READ', 'EVENT:ADMIN'],
        key: true,
        others: 404,
        note: 'whoever may report or read the event',
      },
    ],
  },
]
