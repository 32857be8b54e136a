import { describe, expect, it } from 'vitest'
import type { Belongings, Headers, Route, Sent, World } from './world.fixture.ts'
import { createWorld, giveRights, report, settle } from './world.fixture.ts'

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

type Kind = Exclude<keyof Belongings, 'credentials' | 'holder'>

const parametersByRoute: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  '/event/events': { id: 'event' },
  '/inventory/binaries': { id: 'object' },
  '/inventory/managedObjects': { id: 'object', childId: 'child' },
  '/identity/globalIds': { id: 'object' },
  '/identity/externalIds': { type: 'externalType', externalId: 'externalId' },
  '/user/devicePermissions': { id: 'object' },
  '/user/roles': { role: 'role' },
  '/user/inventoryroles': { inventoryRole: 'inventoryRole' },
  '/tenant/tenants': { tenantId: 'tenant' },
  '/application/': { app: 'app', appName: 'appName', name: 'user', tenantId: 'tenant' },
  '/tenant/loginOptions': { loginOption: 'optionKey' },
  '/tenant/options': { category: 'optionCategory', key: 'optionKey' },
  '/tenant/system/options': { category: 'optionCategory', key: 'optionKey' },
  '/retention/retentions': { rule: 'retentionRule' },
  '/audit/auditRecords': { record: 'auditRecord' },
  '/devicecontrol/newDeviceRequests': { request: 'deviceRequest' },
  '/user/:tenant': {
    tenant: 'tenant',
    name: 'user',
    role: 'role',
    group: 'group',
    groupName: 'groupName',
    assignment: 'inventoryRole',
  },
  '/rest/v1/api/tenants': { tenant: 'tenant', device: 'object', receipt: 'receipt' },
  // Operators only, so that any id will do.
  '/belfry/v1/backups': { backup: 'receipt' },
  '/belfry/v1/tenants': {
    tenant: 'tenant',
    app: 'app',
    prefix: 'keyPrefix',
    // A deletion ends before it could be named; its id is made like that of a receipt.
    job: 'receipt',
  },
}

/** Queries that name things. */
const namingQueries: readonly ((named: string) => string)[] = [
  ...['source', 'ids', 'owner', 'text', 'childDeviceId', 'query', 'q'].map(
    (parameter) => (named: string) => `${parameter}=${encodeURIComponent(named)}`,
  ),
  (named) => `withSourceChildren=true&source=${encodeURIComponent(named)}`,
  (named) => {
    const text = `'${named}'`
    const below = `isinhierarchyof(${text}) or bygroupid(${text})`
    return `query=${encodeURIComponent(`${below} or id eq ${text} or owner eq ${text}`)}`
  },
]

/** Bodies that name a thing: `named` stands where an identifier may. */
const namingBodies = (own: Belongings, named: string): readonly unknown[] => [
  { source: { id: named }, type: 'door', text: '', time: '2026-02-01T10:00:00Z' },
  { ...report(named) },
  { ...report(own.app), appId: undefined, appKey: named },
  { name: 'x', owner: named },
  { managedObject: { id: named } },
  { references: [{ managedObject: { id: named } }] },
  { managedObjects: [{ id: named, name: 'x' }] },
  { externalId: named, type: own.externalType },
  { externalIds: [{ externalId: named, type: own.externalType }] },
  { role: { id: named } },
  { user: { id: named } },
  { id: named },
  { managedObject: named, roles: [{ id: 2 }] },
  { name: 'x', devices: [named] },
  { category: named, key: own.optionKey, value: 'x' },
  { category: own.optionCategory, key: named, value: 'x' },
  { userName: 'x', password: 'password', owner: named },
]

const kinds: readonly Kind[] = [
  'tenant',
  'event',
  'object',
  'externalId',
  'serial',
  'user',
  'group',
  'groupName',
  'inventoryRole',
  'deviceRequest',
  'optionCategory',
  'optionKey',
  'appName',
  'app',
  'keyPrefix',
  'receipt',
]

/** An identifier of the same make that nobody has; the same change everywhere, so that texts still contain each other. */
const absentLike = (kind: Kind, foreign: string): string => {
  if (/^\d+$/.test(foreign)) return String(Number(foreign) + 1_000_000_000)
  return kind === 'app' || kind === 'keyPrefix'
    ? foreign.replace(/.{4}$/, 'none')
    : foreign.replace('t2', 'tx')
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
  const inQuery = namingQueries.map((query) => ({
    what: `${method} ${pattern} ?${query('')}`,
    request: (named: string) => ({
      method,
      url: `${urlWith(undefined, '')}?${query(named)}`,
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
  return method === 'DELETE' && !takesBody.test(pattern) ? inPath : [...inPath, ...inBody]
}

/** The one DELETE that says in its body what goes. */
const takesBody = /\/child\w+$/

const bodiesFor = (method: string, own: Belongings, object: string): readonly unknown[] =>
  method === 'GET' || method === 'DELETE'
    ? [undefined]
    : [{}, ...namingBodies(own, object).slice(0, 2)]

/** What a caller can tell from an answer, with every identifier written as its kind. */
const tellable = async ({ world, own, named }: Side, request: Sent): Promise<string> => {
  const answer = await world.send({
    ...request,
    headers: { ...(request.json === undefined ? {} : jsonType), ...request.headers },
  })
  const { date: _date, 'x-request-id': _id, 'content-length': _length, ...headers } = answer.headers
  const text = JSON.stringify({ status: answer.statusCode, headers, body: answer.body })
  const told = kinds.reduce(
    (rest, kind) =>
      [named[kind].replaceAll('!', '%21'), encodeURIComponent(named[kind]), named[kind]]
        .reduce((each, spelling) => each.replaceAll(spelling, `<${kind}>`), rest)
        .replaceAll(own[kind], `<own ${kind}>`),
    text,
  )
  return told.replace(moving, '#')
}

const jsonType: Headers = { 'content-type': 'application/json' }

/**
 * Times, new ids and new keys differ between any two answers. So does the length of a file: it is that of the body,
 * which names one thing or the other.
 */
const moving = /\d{4}-\d\d-\d\dT[\d:.]+Z|\b[12]\d{14}\b|bfk_\w+|\\"length\\":\d+/g

/** One of two equal worlds: in one the other tenant's things are named, in the other what nobody has. */
type Side = {
  readonly world: World
  readonly own: Belongings
  readonly foreign: Belongings
  readonly named: Readonly<Record<Kind, string>>
}

const createSide = async (nameOf: (kind: Kind, foreign: string) => string): Promise<Side> => {
  const world = await createWorld()
  const own = await settle(world, 't1')
  const foreign = await settle(world, 't2')
  const named = { ...foreign }
  for (const kind of kinds) Object.assign(named, { [kind]: nameOf(kind, foreign[kind]) })
  // No request can give rights on what is another tenant's: they would be worth nothing.
  await giveRights(world, own, named.object)
  return { world, own, foreign, named }
}

const differencesShownMax = 10

/** The same requests in the same order on both sides; every difference is one that a caller could see. */
const compareSides = async (left: Side, right: Side): Promise<Comparison> => {
  const differences: string[] = []
  const [attempts, twins] = [allAttempts(left), allAttempts(right)]
  for (const [index, { what, request, kind }] of attempts.entries()) {
    const told = await tellable(left, request(left.named[kind]))
    const twin = twins[index]?.request(right.named[kind])
    if (twin === undefined) throw new Error('both sides have the same attempts')
    const twinTold = await tellable(right, twin)
    if (told !== twinTold) differences.push(`${what} (${kind})\n${told}\n${twinTold}`)
  }
  return { attempts: attempts.length, differences: differences.slice(0, differencesShownMax) }
}

type NamingAttempt = Attempt & { readonly kind: Kind }

const allAttempts = ({ world, own }: Side): readonly NamingAttempt[] =>
  world.routes
    .filter(({ pattern }) => !isOpenToAll(pattern))
    .flatMap((route) =>
      Object.values(own.credentials).flatMap((headers) => attemptsOn(route, own, headers)),
    )
    .flatMap((attempt) => kinds.map((kind) => ({ ...attempt, kind })))

type Comparison = { readonly attempts: number; readonly differences: readonly string[] }

describe('naming what another tenant has', () => {
  it('is answered as naming what nobody has, on every route', async () => {
    const left = await createSide((_, foreign) => foreign)
    const right = await createSide(absentLike)
    const before = await viewOf(left.world, left.foreign)
    const { attempts, differences } = await compareSides(left, right)
    console.log(`isolation: ${left.world.routes.length} routes, ${attempts} attempts`)
    expect(differences).toEqual([])
    expect(attempts).toBeGreaterThan(2_000)
    expect(await viewOf(left.world, left.foreign)).toEqual(before)
  }, 600_000)

  it('would be noticed if an answer told the two apart', async () => {
    const side = await createSide((_, foreign) => foreign)
    const ownNamed: Side = { ...side, named: side.own }
    const headers = side.own.credentials.administrator
    const read = (id: string): Sent => ({
      method: 'GET',
      url: `/event/events/${id}`,
      headers,
      json: undefined,
    })
    const there = await tellable(ownNamed, read(side.own.event))
    const absent = await tellable(side, read(absentLike('event', side.foreign.event)))
    expect(there).not.toBe(absent)
  })
})

/** Health and metrics ask for no credentials and name nothing. */
const isOpenToAll = (pattern: string): boolean =>
  /^\/(livez|readyz|metrics|docs|openapi)/.test(pattern)

/** All that the other tenant's administrator can see of its own. */
const viewOf = async (world: World, { tenant, credentials }: Belongings): Promise<unknown> => {
  const paths = [
    '/event/events?pageSize=2000&withTotalElements=true',
    '/inventory/managedObjects?pageSize=2000&withTotalElements=true&withChildren=true&withParents=true',
    `/user/${tenant}/users`,
    '/tenant/options?pageSize=2000',
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
