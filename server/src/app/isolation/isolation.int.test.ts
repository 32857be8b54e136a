import { beforeAll, describe, expect, it } from 'vitest'
import type { Belongings, Headers, Route, Sent, World } from './world.fixture.ts'
import { createWorld, report, settle } from './world.fixture.ts'

/**
 * Every route that the server has × every place where an identifier may stand × every kind of identifier:
 * naming another tenant's thing must be answered exactly as naming one that nobody has. Routes are taken from
 * the server itself, so that a new one joins without being asked.
 */

/** What stands in a route's parameter when it is not the one under test; an unknown name fails the test. */
const ownParameter = (own: Belongings, route: string, name: string): string => {
  const byRoute = Object.entries(parametersByRoute).find(([prefix]) => route.startsWith(prefix))
  const kind = byRoute?.[1][name]
  if (kind === undefined) throw new Error(`say in this test what :${name} is in ${route}`)
  return own[kind]
}

type Kind = Exclude<keyof Belongings, 'credentials'>

const parametersByRoute: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  '/event/events': { id: 'event' },
  '/inventory/managedObjects': { id: 'object' },
  '/identity/globalIds': { id: 'object' },
  '/identity/externalIds': { type: 'externalType', externalId: 'externalId' },
  '/user/roles': { name: 'role' },
  '/user/:tenant': { tenant: 'tenant', name: 'user', userName: 'user', user: 'user', role: 'role' },
  '/rest/v1/api/tenants': {
    tenantId: 'tenant',
    tenant: 'tenant',
    deviceId: 'object',
    device: 'object',
    receiptId: 'receipt',
    receipt: 'receipt',
    id: 'receipt',
  },
  '/belfry/v1/tenants': { tenant: 'tenant', id: 'tenant', app: 'app', prefix: 'keyPrefix' },
}

/** Query parameters that name things. */
const namingParameters = ['source', 'ids', 'owner', 'text', 'childDeviceId', 'query', 'q'] as const

/** Bodies that name a thing: `named` stands where an identifier may. */
const namingBodies = (own: Belongings, named: string): readonly unknown[] => [
  { source: { id: named }, type: 'door', text: '', time: '2026-02-01T10:00:00Z' },
  { ...report(named) },
  { ...report(own.app), appId: undefined, appKey: named },
  { name: 'x', owner: named },
  { externalId: named, type: own.externalType },
  { externalIds: [{ externalId: named, type: own.externalType }] },
  { role: { id: named } },
  { name: 'x', devices: [named] },
  { userName: 'x', password: 'password', owner: named },
]

const kinds: readonly Kind[] = [
  'tenant',
  'event',
  'object',
  'externalId',
  'serial',
  'user',
  'app',
  'keyPrefix',
  'receipt',
]

/** An identifier of the same make that nobody has. */
const absentLike = (kind: Kind, foreign: string): string => {
  if (kind === 'tenant') return 'tx'
  if (/^\d+$/.test(foreign)) return String(Number(foreign) + 1_000_000)
  return `${foreign.slice(0, -2)}${foreign.endsWith('zz') ? 'yy' : 'zz'}`
}

type Attempt = { readonly what: string; readonly request: (named: string) => Sent }

const attemptsOn = (route: Route, own: Belongings, headers: Headers): readonly Attempt[] => {
  const { method, pattern } = route
  const names = [...pattern.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  const urlWith = (slot: string | undefined, named: string): string =>
    pattern.replace(/:(\w+)/g, (_, name: string) =>
      encodeURIComponent(name === slot ? named : ownParameter(own, pattern, name)),
    )
  const inPath = names.flatMap((slot) =>
    bodiesFor(method, own, own.object).map((json) => ({
      what: `${method} ${pattern} :${slot}`,
      request: (named: string) => ({ method, url: urlWith(slot, named), headers, json }),
    })),
  )
  const inQuery = namingParameters.map((parameter) => ({
    what: `${method} ${pattern} ?${parameter}`,
    request: (named: string) => ({
      method,
      url: `${urlWith(undefined, '')}?${parameter}=${encodeURIComponent(named)}`,
      headers,
      json: undefined,
    }),
  }))
  const inBody = namingBodies(own, '').map((_, index) => ({
    what: `${method} ${pattern} body ${index}`,
    request: (named: string) => ({
      method,
      url: urlWith(undefined, ''),
      headers,
      json: namingBodies(own, named)[index],
    }),
  }))
  if (method === 'GET') return [...inPath, ...inQuery]
  return method === 'DELETE' ? inPath : [...inPath, ...inBody]
}

const bodiesFor = (method: string, own: Belongings, object: string): readonly unknown[] =>
  method === 'GET' || method === 'DELETE'
    ? [undefined]
    : [{}, ...namingBodies(own, object).slice(0, 2), { externalId: 'new', type: 'new' }]

/** What a caller can tell from an answer, with the identifier it named taken out. */
const tellable = async (world: World, request: Sent, named: string): Promise<string> => {
  const answer = await world.send({
    ...request,
    headers: { ...(request.json === undefined ? {} : jsonType), ...request.headers },
  })
  const { date: _date, 'x-request-id': _id, 'content-length': _length, ...headers } = answer.headers
  const text = JSON.stringify({ status: answer.statusCode, headers, body: answer.body })
  return text.replaceAll(encodeURIComponent(named), '*').replaceAll(named, '*').replace(moving, '#')
}

const jsonType: Headers = { 'content-type': 'application/json' }

/** Times and new ids differ between any two answers. */
const moving = /\d{4}-\d\d-\d\dT[\d:.]+Z|\b2\d{14}\b/g

describe('naming what another tenant has', () => {
  let world: World
  let own: Belongings
  let foreign: Belongings
  beforeAll(async () => {
    world = await createWorld()
    own = await settle(world, 't1')
    foreign = await settle(world, 't2')
  })

  it('is answered as naming what nobody has, on every route', async () => {
    const before = await viewOf(world, foreign)
    const differences: string[] = []
    let attempts = 0
    for (const route of world.routes.filter(({ pattern }) => !isOpenToAll(pattern))) {
      for (const headers of Object.values(own.credentials)) {
        for (const attempt of attemptsOn(route, own, headers)) {
          for (const kind of kinds) {
            const absent = absentLike(kind, foreign[kind])
            const [left, right] = [
              await tellable(world, attempt.request(foreign[kind]), foreign[kind]),
              await tellable(world, attempt.request(absent), absent),
            ]
            attempts += 1
            if (left !== right) differences.push(`${attempt.what} (${kind})\n${left}\n${right}`)
          }
        }
      }
    }
    console.log(`isolation: ${world.routes.length} routes, ${attempts} attempts`)
    expect(differences).toEqual([])
    expect(attempts).toBeGreaterThan(2_000)
    expect(await viewOf(world, foreign)).toEqual(before)
  }, 120_000)

  it('would be noticed if an answer told the two apart', async () => {
    const route = { method: 'GET', pattern: '/event/events/:id' }
    const [attempt] = attemptsOn(route, own, own.credentials.administrator)
    const named = attempt?.request(own.event)
    const absent = attempt?.request(absentLike('event', own.event))
    if (!named || !absent) throw new Error('the route has an attempt')
    expect(await tellable(world, named, own.event)).not.toBe(
      await tellable(world, absent, absentLike('event', own.event)),
    )
  })
})

/** Health and metrics ask for no credentials and name nothing. */
const isOpenToAll = (pattern: string): boolean => /^\/(livez|readyz|metrics)/.test(pattern)

/** All that the other tenant's administrator can see of its own. */
const viewOf = async (world: World, { tenant, credentials }: Belongings): Promise<unknown> => {
  const paths = [
    '/event/events?pageSize=2000&withTotalElements=true',
    '/inventory/managedObjects?pageSize=2000&withTotalElements=true',
    `/user/${tenant}/users`,
    `/belfry/v1/tenants/${tenant}/apps`,
    `/belfry/v1/tenants/${tenant}/keys`,
  ]
  return Promise.all(
    paths.map(async (url) => {
      const headers = credentials.administrator
      const answer = await world.send({ method: 'GET', url, headers })
      return [url, answer.statusCode, answer.body]
    }),
  )
}
