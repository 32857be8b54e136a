import type { AccessArea, AccessRow } from './access-row.fixture.ts'

const reading = { roles: ['ROLE_USER_MANAGEMENT_READ'] } satisfies Partial<AccessRow>
const changing = { roles: ['ROLE_USER_MANAGEMENT_ADMIN'] } satisfies Partial<AccessRow>
const operating = {
  operators: ['ROLE_TENANT_MANAGEMENT_ADMIN'],
} satisfies Partial<AccessRow>
const readingOptions = { roles: ['ROLE_OPTION_MANAGEMENT_READ'] } satisfies Partial<AccessRow>
const changingOptions = { roles: ['ROLE_OPTION_MANAGEMENT_ADMIN'] } satisfies Partial<AccessRow>
const readingApps = { roles: ['ROLE_APPLICATION_MANAGEMENT_READ'] } satisfies Partial<AccessRow>
const changingApps = { roles: ['ROLE_APPLICATION_MANAGEMENT_ADMIN'] } satisfies Partial<AccessRow>
const options = '/tenant/options'
const apps = '/application/applications'
const oneself = 'and every user for itself'

const users = '/user/:tenant/users'
const groups = '/user/:tenant/groups'
const inventoryRoles = '/user/inventoryroles'
const assignments = `${users}/:name/roles/inventory`
const records = '/audit/auditRecords'
const rules = '/retention/retentions'
const requests = '/devicecontrol/newDeviceRequests'

/** docs/protocols/cumulocity.md, 5.3 to 5.7, 6.3 and 6.4. */
export const accountAreas: readonly AccessArea[] = [
  {
    title: 'Logging in',
    rows: [
      { route: 'GET /tenant/loginOptions', may: 200, everybody: true },
      { route: 'GET /tenant/loginOptions/:loginOption', may: 200, everybody: true },
      { route: 'POST /tenant/oauth', may: 200, everybody: true, note: 'the form has credentials' },
      { route: 'POST /tenant/oauth/token', may: 200, everybody: true, note: 'same' },
      { route: 'POST /user/logout', may: 200, anyUser: true, key: true },
      {
        route: 'GET /tenant/currentTenant',
        may: 200,
        anyUser: true,
        note: 'the original asks for ROLE_USER_MANAGEMENT_OWN_READ or ROLE_SYSTEM; here every user may, because clients begin with it (decision)',
      },
      { route: 'GET /platform', may: 200, anyUser: true, key: true },
    ],
  },
  {
    title: 'Users',
    rows: [
      { route: 'GET /user', may: 200, anyUser: true, key: true },
      { route: 'GET /user/currentUser', may: 200, anyUser: true },
      { route: 'PUT /user/currentUser', may: 200, roles: ['ROLE_USER_MANAGEMENT_OWN_ADMIN'] },
      {
        route: 'PUT /user/currentUser/password',
        may: 200,
        anyUser: true,
        note: 'whoever knows the old one',
      },
      { route: `GET ${users}`, may: 200, ...reading },
      {
        route: `POST ${users}`,
        may: 201,
        roles: ['ROLE_USER_MANAGEMENT_CREATE', 'ROLE_USER_MANAGEMENT_ADMIN'],
        note: 'with the former: roles that the caller has itself',
      },
      { route: `GET ${users}/:name`, may: 200, ...reading, note: oneself },
      { route: 'GET /user/:tenant/userByName/:name', may: 200, ...reading, note: oneself },
      { route: `PUT ${users}/:name`, may: 200, ...changing },
      { route: `DELETE ${users}/:name`, may: 204, ...changing },
      { route: `GET ${users}/:name/groups`, may: 200, ...reading, note: oneself },
    ],
  },
  {
    title: 'Roles, inventory roles and groups',
    rows: [
      { route: 'GET /user/roles', may: 200, anyUser: true },
      { route: 'GET /user/roles/:role', may: 200, anyUser: true },
      { route: `POST ${users}/:name/roles`, may: 201, ...changing },
      { route: `DELETE ${users}/:name/roles/:role`, may: 204, ...changing },
      { route: 'GET /user/devicePermissions/:id', may: 200, ...reading },
      { route: 'PUT /user/devicePermissions/:id', may: 200, ...changing },
      { route: `GET ${inventoryRoles}`, may: 200, ...reading },
      { route: `POST ${inventoryRoles}`, may: 201, ...changing },
      { route: `GET ${inventoryRoles}/:inventoryRole`, may: 200, ...reading },
      { route: `PUT ${inventoryRoles}/:inventoryRole`, may: 200, ...changing },
      { route: `DELETE ${inventoryRoles}/:inventoryRole`, may: 204, ...changing },
      { route: `GET ${assignments}`, may: 200, ...reading },
      { route: `POST ${assignments}`, may: 200, ...changing },
      { route: `GET ${assignments}/:assignment`, may: 200, ...reading },
      { route: `PUT ${assignments}/:assignment`, may: 200, ...changing },
      { route: `DELETE ${assignments}/:assignment`, may: 204, ...changing },
      { route: `GET ${groups}`, may: 200, ...reading },
      { route: `POST ${groups}`, may: 201, ...changing },
      { route: `GET ${groups}/:group`, may: 200, ...reading },
      { route: 'GET /user/:tenant/groupByName/:groupName', may: 200, ...reading },
      { route: `PUT ${groups}/:group`, may: 200, ...changing },
      { route: `DELETE ${groups}/:group`, may: 204, ...changing },
      { route: `GET ${groups}/:group/users`, may: 200, ...reading },
      { route: `POST ${groups}/:group/users`, may: 201, ...changing },
      { route: `DELETE ${groups}/:group/users/:name`, may: 204, ...changing },
      { route: `GET ${groups}/:group/roles`, may: 200, ...reading },
      { route: `POST ${groups}/:group/roles`, may: 201, ...changing },
      { route: `DELETE ${groups}/:group/roles/:role`, may: 204, ...changing },
    ],
  },
  {
    title: 'Tenants, options and applications',
    rows: [
      { route: 'GET /tenant', may: 200, anyUser: true, key: true },
      { route: 'GET /tenant/tenants', may: 200, ...operating },
      { route: 'POST /tenant/tenants', may: 201, ...operating },
      {
        route: 'GET /tenant/tenants/:tenantId',
        may: 200,
        ...operating,
        roles: ['ROLE_TENANT_ADMIN'],
        note: 'in that tenant',
      },
      { route: 'PUT /tenant/tenants/:tenantId', may: 200, ...operating },
      { route: 'DELETE /tenant/tenants/:tenantId', may: 204, ...operating },
      { route: `GET ${options}`, may: 200, ...readingOptions },
      { route: `POST ${options}`, may: 200, ...changingOptions },
      { route: `GET ${options}/:category`, may: 200, ...readingOptions },
      { route: `PUT ${options}/:category`, may: 200, ...changingOptions },
      { route: `GET ${options}/:category/:key`, may: 200, ...readingOptions },
      { route: `PUT ${options}/:category/:key`, may: 200, ...changingOptions },
      { route: `DELETE ${options}/:category/:key`, may: 204, ...changingOptions },
      { route: 'GET /tenant/system/options', may: 200, anyUser: true },
      { route: 'GET /tenant/system/options/:category/:key', may: 200, anyUser: true },
      { route: `GET ${apps}`, may: 200, ...readingApps },
      { route: `GET ${apps}ByName/:appName`, may: 200, ...readingApps },
      { route: `GET ${apps}ByUser/:name`, may: 200, ...readingApps, note: oneself },
      { route: `GET ${apps}ByTenant/:tenantId`, may: 200, ...readingApps },
      { route: `GET ${apps}ByOwner/:tenantId`, may: 200, ...readingApps },
      { route: `POST ${apps}`, may: 201, ...changingApps },
      { route: `GET ${apps}/:app`, may: 200, ...readingApps },
      { route: `PUT ${apps}/:app`, may: 200, ...changingApps },
      { route: `DELETE ${apps}/:app`, may: 204, ...changingApps },
      {
        route: 'GET /application/currentApplication',
        may: 404,
        anyUser: true,
        note: 'without the key of an application',
      },
      {
        route: 'GET /application/currentApplication/subscriptions',
        may: 404,
        anyUser: true,
        note: 'same',
      },
    ],
  },
  {
    title: 'Audit records',
    rows: [
      { route: 'GET /audit', may: 200, anyUser: true, key: true },
      { route: `GET ${records}`, may: 200, roles: ['ROLE_AUDIT_READ', 'ROLE_SYSTEM'] },
      { route: `POST ${records}`, may: 201, roles: ['ROLE_AUDIT_ADMIN', 'ROLE_SYSTEM'] },
      { route: `GET ${records}/:record`, may: 200, roles: ['ROLE_AUDIT_READ', 'ROLE_SYSTEM'] },
    ],
  },
  {
    title: 'Retention rules',
    rows: [
      { route: `GET ${rules}`, may: 200, roles: ['ROLE_RETENTION_RULE_READ'] },
      { route: `POST ${rules}`, may: 201, roles: ['ROLE_RETENTION_RULE_ADMIN'] },
      { route: `GET ${rules}/:rule`, may: 200, roles: ['ROLE_RETENTION_RULE_READ'] },
      { route: `PUT ${rules}/:rule`, may: 200, roles: ['ROLE_RETENTION_RULE_ADMIN'] },
      { route: `DELETE ${rules}/:rule`, may: 204, roles: ['ROLE_RETENTION_RULE_ADMIN'] },
    ],
  },
  {
    title: 'Device registration',
    rows: [
      { route: `GET ${requests}`, may: 200, roles: ['ROLE_DEVICE_CONTROL_READ'] },
      { route: `POST ${requests}`, may: 201, roles: ['ROLE_DEVICE_CONTROL_ADMIN'] },
      {
        route: 'POST /devicecontrol/bulkNewDeviceRequests',
        may: 201,
        roles: ['ROLE_DEVICE_CONTROL_ADMIN'],
      },
      { route: `GET ${requests}/:request`, may: 200, roles: ['ROLE_DEVICE_CONTROL_READ'] },
      { route: `PUT ${requests}/:request`, may: 200, roles: ['ROLE_DEVICE_CONTROL_ADMIN'] },
      { route: `DELETE ${requests}/:request`, may: 204, ...changing },
      {
        route: 'POST /devicecontrol/deviceCredentials',
        may: 201,
        roles: ['ROLE_DEVICE_BOOTSTRAP'],
        operators: ['ROLE_DEVICE_BOOTSTRAP'],
        note: 'once the device is accepted',
      },
    ],
  },
]
