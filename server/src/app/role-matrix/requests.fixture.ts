import type { Headers } from '../isolation/world.fixture.ts'
import { report } from '../isolation/world.fixture.ts'
import { administrator, home, password, sampleRecord, serialType } from './subjects.fixture.ts'
import type { Subjects } from './subjects.fixture.ts'

/** A request without a mistake. What a route does not name here has no query and no body. */
export type MatrixRequest = {
  readonly parameters?: Readonly<Record<string, string>>
  readonly query?: string
  readonly json?: unknown
  readonly text?: string
  readonly headers?: Headers
}

/** What stands in a path's parameter, unless the request says otherwise. */
export const parametersFor = (
  pattern: string,
  { object, child, file, named }: Subjects,
): Readonly<Record<string, string>> => ({
  ...named,
  id: idFor(pattern, { event: named.event, file: String(file), object: String(object) }),
  childId: String(child),
  device: String(object),
  tenant: home,
  tenantId: home,
  category: 'system',
  key: 'version',
  appName: 'app',
  type: serialType,
  externalId: named.serial,
  name: named.someone,
  role: 'ROLE_EVENT_READ',
  assignment: '1',
  loginOption: 'BASIC',
  request: named.waitingDevice,
  prefix: named.keyPrefix,
  job: '1',
  backup: '1',
  rule: named.retentionRule,
  record: named.auditRecord,
})

const idFor = (
  pattern: string,
  ids: Readonly<Record<'event' | 'file' | 'object', string>>,
): string => {
  if (pattern.startsWith('/event/')) return ids.event
  return pattern.startsWith('/inventory/binaries') ? ids.file : ids.object
}

const event = (object: unknown): unknown => ({
  source: { id: String(object) },
  type: 'door',
  text: '',
  time: '2026-02-01T10:00:00Z',
})

const file = { text: 'text', headers: { 'content-type': 'text/plain' } }

const form = {
  query: `tenant_id=${home}`,
  text: `grant_type=PASSWORD&username=${administrator}&password=${password}`,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
}

const selfOfRole = 'https://belfry.test/user/roles/ROLE_EVENT_ADMIN'

type Make = (subjects: Subjects) => MatrixRequest

const ofEvents: Readonly<Record<string, Make>> = {
  'GET /event/events': ({ object }) => ({ query: `source=${object}` }),
  'POST /event/events': ({ object }) => ({ json: event(object) }),
  'DELETE /event/events': ({ object }) => ({ query: `source=${object}` }),
  'PUT /event/events/:id': () => ({ json: { text: 'changed' } }),
  'POST /event/events/:id/binaries': ({ named }) => ({
    ...file,
    parameters: { id: named.eventWithoutFile },
  }),
  'PUT /event/events/:id/binaries': () => file,
  'POST /rest/v1/api/tenants/:tenant/devices/:device/events': ({ named }) => ({
    json: { ...report(named.app), description: named.fresh },
  }),
}

const reference = ({ child }: Subjects): MatrixRequest => ({
  json: { managedObject: { id: String(child) } },
})

const references = ({ child }: Subjects): MatrixRequest => ({
  json: { references: [{ managedObject: { id: String(child) } }] },
})

const ofObjects: Readonly<Record<string, Make>> = {
  'GET /inventory/managedObjects': ({ object }) => ({ query: `ids=${object}` }),
  'GET /inventory/managedObjects/count': ({ object }) => ({ query: `ids=${object}` }),
  'POST /inventory/managedObjects': () => ({ json: { name: 'new' } }),
  'PUT /inventory/managedObjects': ({ object }) => ({
    json: { managedObjects: [{ id: String(object), name: 'changed' }] },
  }),
  'PUT /inventory/managedObjects/:id': () => ({ json: { name: 'changed' } }),
  'POST /inventory/managedObjects/:id/childDevices': reference,
  'POST /inventory/managedObjects/:id/childAssets': reference,
  'POST /inventory/managedObjects/:id/childAdditions': reference,
  'DELETE /inventory/managedObjects/:id/childDevices': references,
  'DELETE /inventory/managedObjects/:id/childAssets': references,
  'DELETE /inventory/managedObjects/:id/childAdditions': references,
  'PUT /inventory/managedObjects/:id/user': () => ({ json: { enabled: true } }),
  'GET /inventory/binaries': (subjects) => ({ query: `ids=${subjects.file}` }),
  'POST /inventory/binaries': () => file,
  'PUT /inventory/binaries/:id': () => file,
  'POST /identity/globalIds/:id/externalIds': ({ named }) => ({
    json: { type: serialType, externalId: `new-${named.fresh}` },
  }),
  'POST /identity/search': ({ named }) => ({
    json: { externalIds: [{ type: serialType, externalId: named.serial }] },
  }),
}

const ofAccounts: Readonly<Record<string, Make>> = {
  'POST /tenant/oauth': () => form,
  'POST /tenant/oauth/token': () => form,
  'POST /user/logout': () => ({ json: {} }),
  'PUT /user/currentUser': () => ({ json: { firstName: 'New' } }),
  'PUT /user/currentUser/password': () => ({
    json: { currentUserPassword: password, newPassword: password },
  }),
  'POST /user/:tenant/users': ({ named }) => ({
    json: { userName: `new-${named.fresh}`, password },
  }),
  'PUT /user/:tenant/users/:name': () => ({ json: { firstName: 'New' } }),
  'POST /user/:tenant/users/:name/roles': () => ({ json: { role: { self: selfOfRole } } }),
  'POST /user/inventoryroles': ({ named }) => ({
    json: { name: `new-${named.fresh}`, permissions: [] },
  }),
  'PUT /user/inventoryroles/:inventoryRole': () => ({ json: { description: 'new' } }),
  'POST /user/:tenant/users/:name/roles/inventory': ({ object, named }) => ({
    json: { managedObject: String(object), roles: [{ id: Number(named.inventoryRole) }] },
  }),
  'PUT /user/:tenant/users/:name/roles/inventory/:assignment': ({ named }) => ({
    json: { roles: [{ id: Number(named.inventoryRole) }] },
  }),
  'POST /user/:tenant/groups': ({ named }) => ({ json: { name: `new-${named.fresh}` } }),
  'PUT /user/:tenant/groups/:group': () => ({ json: { description: 'new' } }),
  'POST /user/:tenant/groups/:group/users': () => ({
    json: { user: { self: `https://belfry.test/user/${home}/users/${administrator}` } },
  }),
  'POST /user/:tenant/groups/:group/roles': () => ({ json: { role: { self: selfOfRole } } }),
  'POST /devicecontrol/newDeviceRequests': ({ named }) => ({ json: { id: `new-${named.fresh}` } }),
  'POST /devicecontrol/bulkNewDeviceRequests': ({ named }) => ({
    text: `ID\nbulk-${named.fresh}\n`,
    headers: { 'content-type': 'text/csv' },
  }),
  'PUT /devicecontrol/newDeviceRequests/:request': () => ({ json: { status: 'ACCEPTED' } }),
  'POST /devicecontrol/deviceCredentials': ({ named }) => ({ json: { id: named.acceptedDevice } }),
}

/** An operator's own requests would end the tenant of all others. */
const onSpareTenant: Make = ({ named }) => ({ parameters: { tenant: named.spareTenant } })

const onSpareTenantId: Make = ({ named }) => ({ parameters: { tenantId: named.spareTenant } })

const option = { category: 'system', key: 'version' }

const ofTenants: Readonly<Record<string, Make>> = {
  'POST /tenant/tenants': ({ named }) => ({
    json: { company: 'new', domain: `new-${named.fresh}`, adminName: 'admin', adminPass: password },
  }),
  'PUT /tenant/tenants/:tenantId': (subjects) => ({
    ...onSpareTenantId(subjects),
    json: { status: 'ACTIVE' },
  }),
  'DELETE /tenant/tenants/:tenantId': onSpareTenantId,
  'POST /tenant/options': () => ({ json: { ...option, value: 'new' } }),
  'PUT /tenant/options/:category': () => ({ json: { new: 'new' } }),
  'PUT /tenant/options/:category/:key': () => ({ json: { value: 'new' } }),
  'PUT /user/devicePermissions/:id': () => ({ json: { users: [] } }),
  'POST /application/applications': ({ named }) => ({
    json: { name: 'new', key: `new-${named.fresh}`, type: 'EXTERNAL' },
  }),
  'PUT /application/applications/:app': () => ({ json: { name: 'new' } }),
  'POST /belfry/v1/tenants': ({ named }) => ({ json: { id: `new-${named.fresh}` } }),
  'POST /belfry/v1/backups': ({ named }) => ({ json: { folder: `/backups/${named.fresh}` } }),
  'DELETE /belfry/v1/tenants/:tenant': onSpareTenant,
  'POST /belfry/v1/tenants/:tenant/suspend': onSpareTenant,
  'POST /belfry/v1/tenants/:tenant/resume': onSpareTenant,
  'POST /belfry/v1/tenants/:tenant/apps': () => ({ json: { name: 'new' } }),
  'POST /belfry/v1/tenants/:tenant/keys': () => ({ json: { name: 'new' } }),
  'POST /belfry/v1/tenants/:tenant/retention/preview': () => ({ json: { maximumAge: 3650 } }),
  'POST /audit/auditRecords': () => ({ json: sampleRecord }),
  'POST /retention/retentions': () => ({ json: { maximumAge: 3650 } }),
  'PUT /retention/retentions/:rule': () => ({ json: { maximumAge: 3650 } }),
}

export const matrixRequests: Readonly<Record<string, Make>> = {
  ...ofEvents,
  ...ofObjects,
  ...ofAccounts,
  ...ofTenants,
}
