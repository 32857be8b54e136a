import { describe, expect, it } from 'vitest'
import { managementTenant } from '../../core/identity.ts'
import type { ManagedObjectId } from '../../core/identity.ts'
import { sampleStartMs, valueOf } from '../../ports/event-samples.contract.ts'
import { createReporting, eventsPath, failure, failureOf } from './report-samples.fixture.ts'
import { home, neighbour, sampleReport, sampleText } from './report-samples.fixture.ts'
import type { Reporting } from './report-samples.fixture.ts'

const unauthenticated = failure(401, 0, 'The API key is missing, unknown, expired or revoked')
const suspended = failure(403, 0, 'The tenant is suspended')
const tenantForbidden = failure(403, 4, 'The credentials do not cover this tenant')
const noTenant = failure(404, 4, 'There is no such tenant')
const deviceForbidden = failure(403, 5, 'The credentials do not cover this device')
const noDevice = failure(404, 5, 'There is no such device')

/** Posts a right report with these headers alone. */
const post = (
  { send }: Reporting,
  headers: Readonly<Record<string, string>>,
  url: string,
  body = sampleText(),
) =>
  send({ method: 'POST', url, headers: { 'content-type': 'application/json', ...headers }, body })

/** A server with an operator's key on top. */
const createOperated = async () => {
  const server = await createReporting()
  await server.addTenant(managementTenant)
  const operator = { 'x-api-key': await server.addKey(managementTenant, { allTenants: true }) }
  return { ...server, operator }
}

describe('credentials', () => {
  it('are a key in any of three headers, also in two of them at once', async () => {
    const server = await createReporting()
    const { key, device } = server
    const url = eventsPath(home, device)
    const first = await post(server, { 'x-moki-tenantapitoken': key }, url)
    expect(first.statusCode).toBe(201)
    for (const headers of [
      { 'x-api-key': key },
      { authorization: `Bearer ${key}` },
      { authorization: `bearer ${key}`, 'x-moki-tenantapitoken': key },
    ]) {
      expect((await post(server, headers, url)).statusCode).toBe(409)
    }
  })

  it('are refused with 400 when they are two different keys', async () => {
    const server = await createReporting()
    const other = await server.addKey(home)
    for (const headers of [
      { 'x-api-key': server.key, authorization: `Bearer ${other}` },
      { 'x-api-key': `${server.key}, ${other}` },
    ]) {
      const answer = await post(server, headers, eventsPath(home, server.device))
      expect(failureOf(answer)).toEqual(failure(400, 6, 'the request names two different API keys'))
    }
  })

  it('are refused with 401 when absent, unknown, expired or revoked, without a challenge that makes a browser ask', async () => {
    const server = await createReporting()
    const { registry, clock, key, device } = server
    const expiring = await server.addKey(home, { expiresMs: sampleStartMs + 1000 })
    const url = eventsPath(home, device)
    expect((await post(server, { 'x-api-key': expiring }, url)).statusCode).toBe(201)
    clock.setMs(sampleStartMs + 1000)
    const [{ prefix } = { prefix: '' }] = valueOf(await registry.accounts.listKeys(home)).filter(
      (kept) => key.startsWith(kept.prefix),
    )
    valueOf(await registry.accounts.revokeKey(home, prefix))
    const owner = Buffer.from('t1/owner:wrong').toString('base64')
    for (const headers of [
      {},
      { 'x-api-key': 'bfk_unknown' },
      { 'x-api-key': expiring },
      { 'x-api-key': key },
      { authorization: `Basic ${owner}` },
      { authorization: 'Digest x' },
    ]) {
      const answer = await post(server, headers, url)
      expect(failureOf(answer)).toEqual(unauthenticated)
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="Belfry"')
    }
  })

  it('of a user are good with ROLE_EVENT_ADMIN or for an own device, and no others', async () => {
    const server = await createReporting()
    const url = eventsPath(home, server.device)
    const admin = await server.addUser(home, 'admin', ['ROLE_EVENT_ADMIN'])
    const owner = await server.addUser(home, 'owner', [])
    const reader = await server.addUser(home, 'reader', ['ROLE_EVENT_READ', 'ROLE_INVENTORY_ADMIN'])
    const stranger = await server.addUser(neighbour, 'owner', ['ROLE_EVENT_ADMIN'])
    expect((await post(server, admin, url)).statusCode).toBe(201)
    expect((await post(server, owner, url)).statusCode).toBe(409)
    expect(failureOf(await post(server, reader, url))).toEqual(deviceForbidden)
    expect(failureOf(await post(server, stranger, url))).toEqual(tenantForbidden)
  })
})

describe('the tenant of a report', () => {
  it('is refused alike to the key of another, whether it exists or not', async () => {
    const server = await createOperated()
    const device = await server.addDevice(neighbour, undefined)
    for (const [tenant, name] of [
      ['t2', device],
      ['t2', 'nothing'],
      ['nowhere', device],
      ['management', device],
      ['T1', server.device],
      ['%74%31x', server.device],
    ] as const) {
      for (const body of [sampleText(), '{']) {
        const answer = await post(
          server,
          { 'x-api-key': server.key },
          eventsPath(tenant, name),
          body,
        )
        expect(failureOf(answer)).toEqual(tenantForbidden)
      }
    }
  })

  it('is unknown to an operator only', async () => {
    const server = await createOperated()
    const { operator, device } = server
    expect(failureOf(await post(server, operator, eventsPath('nowhere', device)))).toEqual(noTenant)
    expect(failureOf(await post(server, operator, eventsPath('No Where', 1)))).toEqual(noTenant)
    expect(failureOf(await post(server, operator, eventsPath('t2', device + 1)))).toEqual(noDevice)
    expect((await post(server, operator, eventsPath('t1', device))).statusCode).toBe(201)
  })

  it('is refused with error 0 while suspended, to operators too, and to nobody by name', async () => {
    const server = await createOperated()
    const { registry, operator, key, device } = server
    const stranger = { 'x-api-key': await server.addKey(neighbour) }
    valueOf(await registry.accounts.changeTenantState(home, 'suspended'))
    const url = eventsPath(home, device)
    expect(failureOf(await post(server, { 'x-api-key': key }, url))).toEqual(suspended)
    expect(failureOf(await post(server, operator, url))).toEqual(suspended)
    expect(failureOf(await post(server, stranger, url))).toEqual(tenantForbidden)
    valueOf(await registry.accounts.changeTenantState(home, 'active'))
    expect((await post(server, { 'x-api-key': key }, url)).statusCode).toBe(201)
  })
})

describe('the device of a report', () => {
  it('is named by its id, by its UDID or by its serial number, and told as it was named', async () => {
    const server = await createReporting()
    const byUdid = await server.addDevice(home, undefined, { type: 'udid', externalId: 'a b/c%' })
    const bySerial = await server.addDevice(home, undefined, {
      type: 'c8y_Serial',
      externalId: 'X/1',
    })
    for (const [name, told, source] of [
      [String(server.device), String(server.device), server.device],
      ['a%20b%2Fc%25', 'a b/c%', byUdid],
      ['sn-!-X%2F1', 'sn-!-X/1', bySerial],
    ] as const) {
      const answer = await server.report(sampleReport(), { url: eventsPath(home, name) })
      expect(answer.statusCode).toBe(201)
      const { id, deviceId } = answer.json<{ id: string; deviceId: string }>()
      expect(deviceId).toBe(told)
      const event = await server.send({
        method: 'GET',
        url: `/event/events/${id}`,
        headers: { 'x-api-key': server.key },
      })
      expect(event.json()).toMatchObject({ source: { id: String(source) } })
    }
  })

  it('is looked for by its own id first, then as a UDID, then as a serial number', async () => {
    const server = await createReporting()
    const { device } = server
    await server.addDevice(home, undefined, { type: 'udid', externalId: String(device) })
    const udid = await server.addDevice(home, undefined, { type: 'udid', externalId: 'sn-!-7' })
    await server.addDevice(home, undefined, { type: 'c8y_Serial', externalId: '7' })
    const key = await server.addKey(home, { devices: [device, udid] })
    for (const name of [device, 'sn-!-7']) {
      const answer = await post(server, { 'x-api-key': key }, eventsPath(home, name))
      expect(answer.statusCode).toBe(201)
    }
  })

  it.each([
    'nothing',
    '0',
    '01',
    '99999999999999999',
    'sn-!-',
    'sn-!-nothing',
    'serial',
    'sn-!-other',
    '%00',
  ])('is unknown by the name %s', async (name) => {
    const server = await createReporting()
    await server.addDevice(home, undefined, { type: 'c8y_Serial', externalId: 'serial' })
    await server.addDevice(neighbour, undefined, { type: 'c8y_Serial', externalId: 'other' })
    const answer = await server.report(sampleReport(), { url: eventsPath(home, name) })
    expect(failureOf(answer)).toEqual(noDevice)
  })

  it('of another tenant is as unknown as one that nobody has', async () => {
    const server = await createReporting()
    const foreign = await server.addDevice(neighbour, undefined)
    const answer = await server.report(sampleReport(), { url: eventsPath(home, foreign) })
    expect(failureOf(answer)).toEqual(noDevice)
  })

  it('is refused to a key that is limited to others, and unknown when there is none', async () => {
    const server = await createOperated()
    const { device } = server
    const other = await server.addDevice(home, undefined)
    const unknown = 4_000_000_000_000 as ManagedObjectId
    for (const [tenant, allTenants] of [
      [home, false],
      [managementTenant, true],
    ] as const) {
      const key = await server.addKey(tenant, { devices: [device], allTenants })
      const headers = { 'x-api-key': key }
      expect([201, 409]).toContain(
        (await post(server, headers, eventsPath(home, device))).statusCode,
      )
      expect(failureOf(await post(server, headers, eventsPath(home, other)))).toEqual(
        deviceForbidden,
      )
      expect(failureOf(await post(server, headers, eventsPath(home, unknown)))).toEqual(noDevice)
    }
  })
})

it('checks come in order: method, media type, key, tenant, device, body, duplicate', async () => {
  const server = await createReporting()
  const { key, device, send } = server
  const wrong = { 'content-type': 'text/plain', 'x-api-key': 'bfk_wrong' }
  const nowhere = eventsPath('nowhere', 'nothing')
  const json = { ...wrong, 'content-type': 'application/json' }
  const known = { ...json, 'x-api-key': key }
  const right = eventsPath(home, device)
  const statuses = [
    (await send({ method: 'PUT', url: nowhere, headers: wrong, body: '{' })).statusCode,
    (await post(server, wrong, nowhere, '{')).statusCode,
    (await post(server, json, nowhere, '{')).statusCode,
    (await post(server, known, nowhere, '{')).statusCode,
    (await post(server, known, eventsPath(home, 'nothing'), '{')).statusCode,
    (await post(server, known, right, '{')).statusCode,
    (await post(server, known, right)).statusCode,
    (await post(server, known, right)).statusCode,
  ]
  expect(statuses).toEqual([405, 415, 401, 403, 404, 400, 201, 409])
})
