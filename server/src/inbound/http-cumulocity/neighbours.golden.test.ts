import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testBase as base } from '../test-server.fixture.ts'
import { createCumulocityServer } from './cumulocity-server.fixture.ts'
import type { CumulocityServer, Method } from './cumulocity-server.fixture.ts'

/** The rules of sections 1.1 and 1.2 for what stands beside the events (docs/protocols/cumulocity.md, 6). */
let server: CumulocityServer

const objects = '/inventory/managedObjects'
const users = '/user/t1/users'
const groups = '/user/t1/groups'

type Call = readonly [method: Method, path: string, body?: unknown]

/** The group that was created last. */
let group = ''

/** `{door}` and `{pump}` stand for devices. */
const filled = (text: string): string =>
  text
    .replaceAll('{door}', String(server.t1.door))
    .replaceAll('{pump}', String(server.t1.owned))
    .replaceAll('{group}', group)

const record = {
  type: 'Event',
  activity: 'Door checked',
  text: 'by hand',
  source: { id: '12' },
  time: '2026-02-01T10:00:00Z',
}
const application = { key: 'panel', name: 'panel', type: 'EXTERNAL' }
const option = { category: 'door', key: 'colour', value: 'green' }
const pump = { managedObject: { id: '{pump}' } }
const role = { role: { id: 'ROLE_AUDIT_READ' } }

const send = async (
  [method, path, body]: Call,
  headers: Readonly<Record<string, string | undefined>>,
) => {
  const answer = await server.send(method, filled(path), {
    headers,
    body: body === undefined ? undefined : filled(JSON.stringify(body)),
  })
  if (method === 'POST' && path === groups) {
    group = String(answer.headers.location).split('/').at(-1) ?? ''
  }
  return answer
}

describe('the media type of an answer', () => {
  beforeAll(async () => {
    server = await createCumulocityServer()
    const calls: readonly Call[] = [
      ['POST', `${objects}/{door}/childAssets`, pump],
      ['POST', groups, { name: 'keepers' }],
      ['POST', '/tenant/options', option],
      ['POST', '/devicecontrol/newDeviceRequests', { id: 'serial-1' }],
    ]
    for (const call of calls) expect((await send(call, {})).statusCode).toBeLessThan(300)
  })

  it.each([
    [objects, 'managedObjectCollection'],
    [`${objects}/{door}`, 'managedObject'],
    [`${objects}/{door}/childAssets`, 'managedObjectReferenceCollection'],
    [`${objects}/{door}/childAssets/{pump}`, 'managedObjectReference'],
    ['/inventory/binaries', 'managedObjectCollection'],
    ['/identity/globalIds/{door}/externalIds', 'externalIdCollection'],
    ['/identity/externalIds/c8y_Serial/door-1', 'externalId'],
    ['/user/currentUser', 'currentUser'],
    [users, 'userCollection'],
    [`${users}/admin`, 'user'],
    ['/user/t1/userByName/admin', 'user'],
    [`${users}/admin/groups`, 'groupReferenceCollection'],
    [groups, 'groupCollection'],
    [`${groups}/{group}`, 'group'],
    ['/user/t1/groupByName/keepers', 'group'],
    [`${groups}/{group}/users`, 'userReferenceCollection'],
    [`${groups}/{group}/roles`, 'roleReferenceCollection'],
    ['/user/roles', 'roleCollection'],
    ['/user/roles/ROLE_EVENT_READ', 'role'],
    ['/user/inventoryroles', 'inventoryRoleCollection'],
    ['/user/inventoryroles/1', 'inventoryRole'],
    [`${users}/admin/roles/inventory`, 'inventoryAssignmentCollection'],
    ['/tenant/currentTenant', 'currentTenant'],
    ['/tenant/loginOptions', 'loginOptionCollection'],
    ['/tenant/options', 'optionCollection'],
    ['/tenant/options/door/colour', 'option'],
    ['/tenant/system/options', 'optionCollection'],
    ['/tenant/system/options/system/version', 'option'],
    ['/audit/auditRecords', 'auditRecordCollection'],
    ['/application/applications', 'applicationCollection'],
    ['/devicecontrol/newDeviceRequests', 'newDeviceRequestCollection'],
    ['/devicecontrol/newDeviceRequests/serial-1', 'newDeviceRequest'],
  ])('of %s is that of %s, and plain JSON when that is asked for', async (path, resource) => {
    const answer = await send(['GET', path], { accept: '*/*' })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toBe(
      `application/vnd.com.nsn.cumulocity.${resource}+json;charset=UTF-8;ver=0.9`,
    )
    const plain = await send(['GET', path], {})
    expect(plain.headers['content-type']).toBe('application/json;charset=UTF-8')
  })
})

describe('a write without Accept', () => {
  beforeEach(async () => {
    server = await createCumulocityServer()
  })

  /** Each after those before it; the status and the place that the answer names. */
  const writes: readonly (readonly [Method, string, unknown, number, string?])[] = [
    ['POST', `${objects}/{door}/childAssets`, pump, 201, `${objects}/{door}/childAssets/{pump}`],
    ['POST', `${objects}/{door}/childDevices`, { references: [pump] }, 201],
    ['POST', `${objects}/{door}/childAdditions`, { name: 'Note' }, 201, `${objects}/`],
    ['PUT', objects, { managedObjects: [{ id: '{door}', name: 'Gate' }] }, 200],
    ['PUT', `${objects}/{door}`, { name: 'Door' }, 200],
    ['PUT', `${objects}/{pump}/user`, { enabled: true }, 200],
    ['POST', users, { userName: 'guest', password: 'open-sesame' }, 201, `${users}/guest`],
    ['PUT', `${users}/guest`, { firstName: 'Guest' }, 200],
    ['POST', `${users}/guest/roles`, role, 201, `${users}/guest/roles/ROLE_AUDIT_READ`],
    ['PUT', '/user/currentUser', { firstName: 'Ada' }, 200],
    ['POST', groups, { name: 'keepers' }, 201, `${groups}/{group}`],
    ['PUT', `${groups}/{group}`, { description: 'Keepers' }, 200],
    ['POST', `${groups}/{group}/users`, { user: { id: 'guest' } }, 201, groups],
    ['POST', `${groups}/{group}/roles`, role, 201, `${groups}/{group}/roles/ROLE_AUDIT_READ`],
    ['POST', '/tenant/options', option, 200, '/tenant/options/door/colour'],
    ['PUT', '/tenant/options/door/colour', { value: 'red' }, 200],
    ['PUT', '/tenant/options/door', { colour: 'blue' }, 200],
    ['POST', '/audit/auditRecords', record, 201, '/audit/auditRecords/'],
    ['POST', '/application/applications', application, 201, '/application/applications/'],
    ['POST', '/devicecontrol/newDeviceRequests', { id: 'serial-1' }, 201],
  ]

  it('has no body in its answer, and its place all the same', async () => {
    for (const [method, path, body, status, place] of writes) {
      const answer = await send([method, path, body], { accept: undefined })
      expect([path, answer.statusCode, answer.body]).toEqual([path, status, ''])
      expect(answer.headers['content-length']).toBe('0')
      if (place !== undefined) expect(answer.headers.location).toContain(base + filled(place))
    }
  })
})
