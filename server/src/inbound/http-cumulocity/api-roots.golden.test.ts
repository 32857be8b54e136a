import { beforeAll, describe, expect, it } from 'vitest'
import { testBase as base } from '../test-server.fixture.ts'
import { createCumulocityServer } from './cumulocity-server.fixture.ts'
import type { CumulocityServer } from './cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 3.1 and 6.4 */
let server: CumulocityServer

beforeAll(async () => {
  server = await createCumulocityServer()
})

const dates = 'dateFrom={dateFrom}&dateTo={dateTo}'
const fragment = 'fragmentType={fragmentType}'
const events = `${base}/event/events`

const eventApi = {
  self: `${base}/event`,
  events: { self: events, events: [] },
  eventsForSource: `${events}?source={source}`,
  eventsForSourceAndType: `${events}?source={source}&type={type}`,
  eventsForType: `${events}?type={type}`,
  eventsForFragmentType: `${events}?${fragment}`,
  eventsForTime: `${events}?${dates}`,
  eventsForSourceAndTime: `${events}?source={source}&${dates}`,
  eventsForSourceAndFragmentType: `${events}?source={source}&${fragment}`,
  eventsForDateAndFragmentType: `${events}?${dates}&${fragment}`,
  eventsForFragmentTypeAndType: `${events}?${fragment}&type={type}`,
  eventsForTimeAndType: `${events}?${dates}&type={type}`,
  eventsForSourceAndDateAndFragmentType: `${events}?source={source}&${dates}&${fragment}`,
  eventsForSourceAndDateAndFragmentTypeAndType: `${events}?source={source}&${dates}&${fragment}&type={type}`,
  eventsForSourceAndFragmentTypeAndType: `${events}?source={source}&${fragment}&type={type}`,
  eventsForSourceAndTimeAndType: `${events}?source={source}&${dates}&type={type}`,
  eventsForDateAndFragmentTypeAndType: `${events}?${dates}&${fragment}&type={type}`,
}

describe('the root of events', () => {
  it('has the address of the events and a template for each combination of filters', async () => {
    const answer = await server.send('GET', '/event', { headers: { accept: '*/*' } })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toBe(
      'application/vnd.com.nsn.cumulocity.eventApi+json;charset=UTF-8;ver=0.9',
    )
    expect(answer.json()).toEqual(eventApi)
    expect((await server.send('GET', '/event', { as: 't1/writer' })).statusCode).toBe(403)
  })
})

describe('the root of the tenant', () => {
  it('has the addresses of tenants and options', async () => {
    const answer = await server.send('GET', '/tenant', { headers: { accept: '*/*' } })
    expect(answer.headers['content-type']).toBe(
      'application/vnd.com.nsn.cumulocity.tenantApi+json;charset=UTF-8;ver=0.9',
    )
    expect(answer.json()).toEqual({
      self: `${base}/tenant`,
      tenants: { self: `${base}/tenant/tenants`, tenants: [] },
      tenantForId: `${base}/tenant/tenants/{tenantId}`,
      options: { self: `${base}/tenant/options`, options: [] },
      tenantOptionsForCategory: `${base}/tenant/options/{category}`,
      tenantOptionForCategoryAndKey: `${base}/tenant/options/{category}/{key}`,
      tenantSystemOptions: `${base}/tenant/system/options`,
      tenantSystemOptionsForCategoryAndKey: `${base}/tenant/system/options/{category}/{key}`,
    })
  })
})

const objects = `${base}/inventory/managedObjects`
const users = `${base}/user/{realm}`
const records = `${base}/audit/auditRecords`

describe.each([
  [
    'inventory',
    {
      self: `${base}/inventory`,
      managedObjects: { self: objects, references: [] },
      managedObjectsForType: `${objects}?type={type}`,
      managedObjectsForFragmentType: `${objects}?fragmentType={fragmentType}`,
      managedObjectsForListOfIds: `${objects}?ids={ids}`,
      managedObjectsForText: `${objects}?text={text}`,
      managedObjectsForOwner: `${objects}?owner={owner}`,
    },
  ],
  [
    'user',
    {
      self: `${base}/user`,
      users: `${users}/users`,
      userByName: `${users}/userByName/{userName}`,
      currentUser: `${base}/user/currentUser`,
      groups: `${users}/groups`,
      groupByName: `${users}/groupByName/{groupName}`,
      roles: `${base}/user/roles`,
    },
  ],
  [
    'audit',
    {
      self: `${base}/audit`,
      auditRecords: { self: records, auditRecords: [] },
      auditRecordsForType: `${records}?type={type}`,
      auditRecordsForUser: `${records}?user={user}`,
      auditRecordsForApplication: `${records}?application={application}`,
      auditRecordsForUserAndType: `${records}?user={user}&type={type}`,
      auditRecordsForUserAndApplication: `${records}?user={user}&application={application}`,
      auditRecordsForTypeAndApplication: `${records}?type={type}&application={application}`,
      auditRecordsForTypeAndUserAndApplication: `${records}?type={type}&user={user}&application={application}`,
    },
  ],
])('the root of %s', (name, root) => {
  it('has exactly the templates that clients fill', async () => {
    const headers = { accept: '*/*' }
    const answer = await server.send('GET', `/${name}`, { as: 't1/nobody', headers })
    expect(answer.headers['content-type']).toBe(
      `application/vnd.com.nsn.cumulocity.${name}Api+json;charset=UTF-8;ver=0.9`,
    )
    expect(answer.json()).toEqual(root)
  })
})

describe('the platform', () => {
  it('has each root as that root answers it', async () => {
    const platform = (await server.send('GET', '/platform', { as: 't1/nobody' })).json<
      Record<string, unknown>
    >()
    const { self, ...members } = platform
    expect(self).toBe(`${base}/platform`)
    const typed = await server.send('GET', '/platform', { headers: { accept: '*/*' } })
    expect(typed.headers['content-type']).toContain('cumulocity.platformApi+json')
    const served = ['audit', 'event', 'identity', 'inventory', 'tenant', 'user']
    expect(Object.keys(members).sort()).toEqual(served)
    for (const [name, root] of Object.entries(members)) {
      expect((await server.send('GET', `/${name}`)).json()).toEqual(root)
    }
  })

  it('has addresses that answer', async () => {
    await server.send('POST', '/user/t1/groups', { body: { name: 'keepers' } })
    const option = { category: 'access.control', key: 'allow.origin', value: '*' }
    await server.send('POST', '/tenant/options', { body: option })
    const platform = JSON.stringify((await server.send('GET', '/platform')).json())
    const urls = [...platform.matchAll(/"(http[^"]*)"/g)].map(([, url = '']) => url)
    expect(urls.length).toBeGreaterThan(30)
    const values: Readonly<Record<string, string>> = {
      realm: 't1',
      userName: 'admin',
      groupName: 'keepers',
      type: 'c8y_Serial',
      externaId: 'door-1',
      globalId: String(server.t1.door),
      source: String(server.t1.door),
      dateFrom: '2026-01-01',
      dateTo: '2027-01-01',
      ids: '1,2',
      tenantId: 't1',
      ...option,
    }
    const ofSystem: Readonly<Record<string, string>> = { category: 'system', key: 'version' }
    for (const url of urls) {
      const known = url.includes('/system/') ? { ...values, ...ofSystem } : values
      const filled = url.replace(/\{(\w+)\}/g, (_, name: string) => known[name] ?? 'any')
      const answer = await server.send('GET', filled.slice(base.length))
      // The list of tenants is for operators.
      const status = url.endsWith('/tenant/tenants') ? 403 : 200
      expect([filled, answer.statusCode]).toEqual([filled, status])
    }
  })
})
