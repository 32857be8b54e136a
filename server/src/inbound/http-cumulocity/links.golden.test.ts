import type { LightMyRequestResponse } from 'fastify'
import { describe, expect, it } from 'vitest'
import { testBase } from '../test-server.fixture.ts'
import type { TestServerParts } from '../test-server.fixture.ts'
import { toTemplate } from '../http-openapi/encode-openapi.ts'
import { createCumulocityServer, eventBody } from './cumulocity-server.fixture.ts'
import type { Method } from './cumulocity-server.fixture.ts'
import { cumulocityAreas } from './cumulocity-areas.ts'

/**
 * One tour of everything that answers with links, made in servers that are the same but for their address: what they answer
 * must be the same but for the address too (docs/protocols/cumulocity.md, 6.4).
 */
type Call = readonly [method: Method, path: string, body?: unknown]

const objects = '/inventory/managedObjects'
const users = '/user/t1/users'

const tour = (door: number, pump: number, event: string): readonly Call[] => [
  ...['/platform', '/event', '/inventory', '/identity', '/tenant', '/user', '/audit'].map(
    (path): Call => ['GET', path],
  ),
  ['POST', '/event/events', eventBody(door)],
  ['GET', '/event/events?pageSize=1&source=' + String(door)],
  ['GET', `/event/events/${event}`],
  ['PUT', `/event/events/${event}`, { text: 'Shut' }],
  ['POST', `/event/events/${event}/binaries`, 'bytes'],
  ['PUT', `/event/events/${event}/binaries`, 'other'],
  ['POST', '/inventory/binaries', 'bytes'],
  ['GET', '/inventory/binaries'],
  ['POST', objects, { name: 'New' }],
  ['GET', `${objects}?pageSize=1`],
  ['PUT', objects, { managedObjects: [{ id: String(door), name: 'Gate' }] }],
  ['GET', `${objects}/${door}`],
  ['PUT', `${objects}/${door}`, { name: 'Door' }],
  ...['childDevices', 'childAssets', 'childAdditions'].flatMap((list): readonly Call[] => [
    ['POST', `${objects}/${door}/${list}`, { managedObject: { id: String(pump) } }],
    ['GET', `${objects}/${door}/${list}`],
    ['GET', `${objects}/${door}/${list}/${pump}`],
  ]),
  ...['deviceParents', 'assetParents', 'additionParents'].map((list): Call => [
    'GET',
    `${objects}/${pump}/${list}`,
  ]),
  ['GET', `${objects}/${pump}/user`],
  ['PUT', `${objects}/${pump}/user`, { enabled: true }],
  ['POST', `/identity/globalIds/${door}/externalIds`, { externalId: 'a/b', type: 'x' }],
  ['GET', `/identity/globalIds/${door}/externalIds`],
  ['GET', '/identity/externalIds/x/a%2Fb'],
  ['POST', '/identity/search', { externalIds: [{ externalId: 'a/b', type: 'x' }] }],
  ['GET', '/tenant/currentTenant'],
  ['GET', '/tenant/loginOptions?tenantId=t1'],
  ['GET', '/tenant/loginOptions/OAUTH2_INTERNAL?tenantId=t1'],
  ['POST', '/tenant/options', { category: 'a', key: 'b', value: 'c' }],
  ['GET', '/tenant/options'],
  ['GET', '/tenant/options/a/b'],
  ['PUT', '/tenant/options/a/b', { value: 'd' }],
  ['GET', '/tenant/system/options'],
  ['GET', '/tenant/system/options/system/version'],
  ['GET', '/user/currentUser'],
  ['PUT', '/user/currentUser', { firstName: 'Ada' }],
  ['GET', `${users}?pageSize=1`],
  ['POST', users, { userName: 'guest', password: 'open-sesame' }],
  ['GET', `${users}/guest`],
  ['GET', '/user/t1/userByName/guest'],
  ['PUT', `${users}/guest`, { firstName: 'Guest' }],
  ['GET', '/user/roles'],
  ['GET', '/user/roles/ROLE_EVENT_READ'],
  ['POST', `${users}/guest/roles`, { role: { id: 'ROLE_EVENT_READ' } }],
  ['POST', '/user/t1/groups', { name: 'keepers' }],
  ['GET', '/user/t1/groups'],
  ['GET', '/user/t1/groups/{group}'],
  ['GET', '/user/t1/groupByName/keepers'],
  ['PUT', '/user/t1/groups/{group}', { description: 'Keepers' }],
  ['POST', '/user/t1/groups/{group}/users', { user: { id: 'guest' } }],
  ['GET', '/user/t1/groups/{group}/users'],
  ['GET', `${users}/guest/groups`],
  ['POST', '/user/t1/groups/{group}/roles', { role: { id: 'ROLE_EVENT_READ' } }],
  ['GET', '/user/t1/groups/{group}/roles'],
  ['GET', '/user/inventoryroles'],
  ['GET', '/user/inventoryroles/1'],
  ['POST', '/user/inventoryroles', { name: 'mine', permissions: [] }],
  ['POST', `${users}/guest/roles/inventory`, { managedObject: String(door), roles: [{ id: 1 }] }],
  ['GET', `${users}/guest/roles/inventory`],
  ['GET', `${users}/guest/roles/inventory/1`],
  ['PUT', `${users}/guest/roles/inventory/1`, { roles: [{ id: 2 }] }],
  [
    'POST',
    '/audit/auditRecords',
    {
      type: 'Event',
      activity: 'Door checked',
      text: 'by hand',
      source: { id: String(door) },
      time: '2026-02-01T10:00:00Z',
    },
  ],
  ['GET', '/audit/auditRecords'],
  ['POST', '/retention/retentions', { dataType: 'EVENT', maximumAge: 30 }],
  ['GET', '/retention/retentions'],
  ['GET', '/application/applications'],
  ['GET', '/application/applicationsByTenant/t1'],
  ['GET', '/application/applicationsByOwner/t1'],
  ['GET', '/application/applicationsByUser/admin'],
  ['GET', '/application/applicationsByName/none'],
  ['POST', '/devicecontrol/newDeviceRequests', { id: 'pump-2' }],
  ['GET', '/devicecontrol/newDeviceRequests'],
  ['GET', '/devicecontrol/newDeviceRequests/pump-2'],
]

type Shown = { readonly call: string; readonly status: number; readonly text: string }

/** `{group}` stands for the group that the tour has made. */
const walk = async (
  parts: TestServerParts,
  headers: Readonly<Record<string, string>>,
): Promise<readonly Shown[]> => {
  const server = await createCumulocityServer(parts)
  const event = await server.createEvent()
  await server.createEvent()
  const shown: Shown[] = []
  let group = ''
  for (const [method, path, body] of tour(server.t1.door, server.t1.owned, event)) {
    const answer = await server.send(method, path.replace('{group}', group), {
      headers,
      ...(body === undefined ? {} : { body }),
    })
    const text = `${answer.headers.location ?? ''} ${answer.body}`
    if (method === 'POST' && path === '/user/t1/groups') group = idIn(answer)
    shown.push({ call: `${method} ${path}`, status: answer.statusCode, text })
  }
  return shown
}

const idIn = (answer: LightMyRequestResponse): string =>
  String(answer.json<{ readonly id: unknown }>().id)

/** An operation whose good answers have an address in them. */
const hasLinks = (key: string): boolean => {
  const [operation] = cumulocityAreas.flatMap(({ operations }) => operations[key] ?? [])
  const contents = Object.values(operation?.answers ?? {}).flatMap(({ content }) => content ?? {})
  return contents.some((content) => JSON.stringify(content).includes('$ref'))
}

describe('every link', () => {
  it.each([
    [
      'leads back through a proxy that is trusted',
      'https://door.example:8443',
      { trustedProxies: ['127.0.0.1'] },
      { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'door.example:8443' },
    ],
    [
      'begins with the public address, whatever the request says',
      'https://public.example/bells',
      { publicUrl: 'https://public.example/bells/' },
      { host: 'elsewhere.test' },
    ],
    [
      'passes by a proxy that is not trusted',
      testBase,
      {},
      { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'door.example' },
    ],
  ] as const)('%s', async (_, base, parts, headers) => {
    const plain = await walk({}, {})
    const moved = await walk(parts, headers)
    const [from, to] = [new URL(testBase), new URL(base)]
    const expected = plain.map((shown) => ({
      ...shown,
      text: shown.text
        .replaceAll(testBase, base)
        .replaceAll(`"domainName":"${from.hostname}"`, `"domainName":"${to.hostname}"`),
    }))
    expect(moved).toEqual(expected)
    const refused = plain.filter(({ status }) => status >= 300)
    expect(refused).toEqual([])
  })

  it.each([
    ['x-forwarded-proto', 'javascript'],
    ['x-forwarded-proto', 'https","a":"'],
    ['x-forwarded-host', 'door.example/path'],
  ])('is refused when a trusted proxy hands on as %s: %s', async (name, value) => {
    const server = await createCumulocityServer({ trustedProxies: ['127.0.0.1'] })
    const answer = await server.send('GET', '/platform', { headers: { [name]: value } })
    expect(answer.statusCode).toBe(400)
  })

  it.each(['1.2.3.999', 'door.example:99999', '[::1::2]', 'a b'])(
    'is refused for the Host %s, which no address has',
    async (host) => {
      const server = await createCumulocityServer()
      const answer = await server.send('GET', '/tenant/currentTenant', { headers: { host } })
      expect(answer.statusCode).toBe(400)
    },
  )

  it('is on the tour: whatever answers with one', async () => {
    const calls = tour(1, 2, '3').map(([method, path]) => `${method} ${path.split('?')[0] ?? ''}`)
    const missed = cumulocityAreas
      .flatMap(({ operations }) => Object.keys(operations))
      .filter(hasLinks)
      .filter((key) => {
        const pattern = new RegExp(`^${toTemplate(key).replace(/\{\w+\}/g, '[^/]+')}$`)
        return !calls.some((call) => pattern.test(call))
      })
    expect(missed.sort()).toEqual([...notOnTour].sort())
  })
})

/** What has no address in its answer, takes an id that only an answer tells, is for operators, or needs a conversation. */
const notOnTour: readonly string[] = [
  'PUT /inventory/binaries/:id',
  'POST /tenant/oauth/token',
  'GET /tenant/options/:category',
  'PUT /tenant/options/:category',
  'GET /tenant/tenants',
  'POST /tenant/tenants',
  'GET /tenant/tenants/:tenantId',
  'PUT /tenant/tenants/:tenantId',
  'POST /application/applications',
  'GET /application/applications/:app',
  'PUT /application/applications/:app',
  'GET /application/currentApplication',
  'GET /application/currentApplication/subscriptions',
  'GET /audit/auditRecords/:record',
  'GET /retention/retentions/:rule',
  'PUT /retention/retentions/:rule',
  'PUT /user/inventoryroles/:inventoryRole',
  'POST /devicecontrol/bulkNewDeviceRequests',
  'PUT /devicecontrol/newDeviceRequests/:request',
  'POST /devicecontrol/deviceCredentials',
]
