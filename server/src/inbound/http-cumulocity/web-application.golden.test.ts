import { beforeAll, describe, expect, it } from 'vitest'
import { roles } from '../../core/access.ts'
import { createCumulocityServer } from './cumulocity-server.fixture.ts'
import type { CumulocityServer } from './cumulocity-server.fixture.ts'

/**
 * What the vendor's web application framework asks for while it starts and shows events and devices, in its order
 * (docs/protocols/cumulocity.md, 5.4 and 6). It lives with some calls that are a 404, and with none of the others.
 */
let server: CumulocityServer

beforeAll(async () => {
  server = await createCumulocityServer()
  await server.createEvent()
})

const asked = (
  door: number,
): readonly (readonly [path: string, status: number, body: object])[] => {
  const events = '/event/events?pageSize=50&withTotalPages=true'
  const objects = '/inventory/managedObjects'
  const page = 'pageSize=25&currentPage=1&withChildren=false&withTotalPages=true'
  const none = { managedObjects: [] }
  const devices = { managedObjects: [{ name: 'Door' }, { name: 'Pump' }] }
  const apps = '/application'
  return [
    ['/user/currentUser', 200, { userName: 'admin', effectiveRoles: { length: roles.length } }],
    ['/tenant/currentTenant?withParent=true', 200, { name: 't1' }],
    [`${apps}/applications/cockpit/manifest`, 404, { error: 'general/Not Found' }],
    ...['current', 'inherited'].map(
      (where) =>
        [
          `/tenant/options/configuration/system.support.url?evaluate=${where}`,
          404,
          { error: 'options/Not Found' },
        ] as const,
    ),
    ['/tenant/system/options/support-user/enabled', 200, { key: 'enabled', value: 'false' }],
    ['/tenant/system/options/support/url', 404, { error: 'options/Not Found' }],
    ['/tenant/system/options/system/version', 200, { category: 'system', key: 'version' }],
    [`${objects}?fragmentType=languageadmin`, 200, none],
    [`${objects}/${door}?withChildren=false`, 200, { childDevices: { references: [] } }],
    [`${events}&source=${door}&withSourceChildren=true`, 200, { statistics: { totalPages: 1 } }],
    [`${events}&withSourceChildren=true`, 200, { events: [{ source: { name: 'Door' } }] }],
    [`${objects}?q=&withTotalElements=true`, 200, { ...devices, statistics: { totalElements: 2 } }],
    [`${objects}?q=&${page}&withTotalElements=true`, 200, devices],
    [`${objects}?q=&${page}&withGroups=true&withTotalElements=true`, 200, devices],
    ...[
      'device-grid-alladmin',
      'all-devices-columns-configadmin',
      'all-devices-columns-meta_admin',
    ].map((name) => [`${objects}?fragmentType=${name}`, 200, none] as const),
    ['/features?pageSize=1000', 404, { error: 'general/Not Found' }],
    [
      `${apps}/applicationsByUser/admin?dropOverwrittenApps=true&noPaging=true`,
      200,
      { applications: [] },
    ],
  ]
}

describe('the web application', () => {
  it('is answered in all that it asks for while it starts', async () => {
    for (const [path, status, body] of asked(server.t1.door)) {
      const headers = { usexbasic: 'true', 'content-type': 'application/json' }
      const answer = await server.send('GET', path, { headers })
      expect([path, answer.statusCode]).toEqual([path, status])
      expect(answer.json()).toMatchObject(body)
    }
  })

  it('is asked for no password by what it fetches before it knows one', async () => {
    for (const path of [
      '/tenant/loginOptions',
      '/apps/public/public-options/options.json?nocache=1',
      '/apps/public/login/',
    ]) {
      const answer = await server.send('GET', path, { as: null })
      expect([path, answer.statusCode]).toEqual([path, path.startsWith('/apps') ? 404 : 200])
      expect(answer.headers['www-authenticate']).toBeUndefined()
    }
  })
})
