import { beforeEach, expect, it } from 'vitest'
import { roles } from '../core/access.ts'
import { managementTenant, toTenantId, toUserName } from '../core/identity.ts'
import type { TenantId } from '../core/identity.ts'
import { valueOf } from '../ports/event-samples.contract.ts'
import type { Passwords } from '../ports/passwords.ts'
import { createWorld } from './isolation/world.fixture.ts'
import type { World } from './isolation/world.fixture.ts'

/**
 * docs/protocols/cumulocity.md, 5.2: whoever gets a password from this server logs in without a slow check, however it came.
 * The server as it is wired for production, with passwords that count the checks.
 */
let world: World
let checks: number

const password = 'open-sesame'
const admin = 't1/admin'
const operator = 'management/admin'

beforeEach(async () => {
  checks = 0
  let salt = 0
  const passwords: Passwords = {
    hash: (text) => {
      salt += 1
      return Promise.resolve(`${salt}$${text}`)
    },
    verify: (text, hash) => {
      checks += 1
      return Promise.resolve(hash?.split('$')[1] === text)
    },
  }
  world = await createWorld(passwords)
  for (const id of [toTenantId('t1'), managementTenant]) await addTenant(id)
  // The slow checks of those who were here before, once and for all.
  expect([await logIn(admin), await logIn(operator)]).toEqual([200, 200])
  expect(checks).toBe(2)
})

const addTenant = async (id: TenantId): Promise<void> => {
  const passwordHash = `salt of ${id}$${password}`
  const user = { tenant: id, name: toUserName('admin'), passwordHash, enabled: true, roles }
  const tenant = { id, name: id, domain: id, state: 'active' } as const
  valueOf(await world.ports.accounts.createTenant(tenant, [{ ...user, profile: {} }]))
}

const send = async (as: string, method: string, url: string, json?: unknown) => {
  const account = as.includes(':') ? as : `${as}:${password}`
  const authorization = `Basic ${Buffer.from(account).toString('base64')}`
  const headers = { authorization, 'content-type': 'application/json' }
  const answer = await world.send({ method, url, headers, ...(json === undefined ? {} : { json }) })
  return { status: answer.statusCode, body: answer.body }
}

const logIn = async (as: string, known = password) =>
  (await send(`${as}:${known}`, 'GET', '/user/currentUser')).status

it('two hundred new users cost no slow check between them', async () => {
  const names = Array.from({ length: 200 }, (_, nth) => `user-${nth}`)
  for (const userName of names) {
    const created = await send(admin, 'POST', '/user/t1/users', { userName, password })
    expect(created.status).toBe(201)
  }
  const statuses = await Promise.all(names.map((name) => logIn(`t1/${name}`)))
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect(checks).toBe(2)
})

it('a changed password is known at once, and the former one wrong at once', async () => {
  const user = { userName: 'ada', password, roles: { references: [] } }
  await send(admin, 'POST', '/user/t1/users', user)
  expect(await logIn('t1/ada')).toBe(200)
  await send(admin, 'PUT', '/user/t1/users/ada', { password: 'another-one' })
  expect(await logIn('t1/ada', 'another-one')).toBe(200)
  expect(checks).toBe(2)
  expect(await logIn('t1/ada')).toBe(401)
  expect(checks).toBe(3)
  const path = '/user/currentUser/password'
  const change = { currentUserPassword: 'another-one', newPassword: 'a-third-one' }
  expect((await send('t1/ada:another-one', 'PUT', path, change)).status).toBe(200)
  expect(await logIn('t1/ada', 'a-third-one')).toBe(200)
  expect(checks).toBe(3)
})

it('a disabled and a deleted user are refused with the next request', async () => {
  await send(admin, 'POST', '/user/t1/users', { userName: 'ada', password })
  expect(await logIn('t1/ada')).toBe(200)
  await send(admin, 'PUT', '/user/t1/users/ada', { enabled: false })
  expect(await logIn('t1/ada')).toBe(401)
  await send(admin, 'PUT', '/user/t1/users/ada', { enabled: true })
  expect(await logIn('t1/ada')).toBe(200)
  await send(admin, 'DELETE', '/user/t1/users/ada')
  expect(await logIn('t1/ada')).toBe(401)
})

it('the administrator of a new tenant is known', async () => {
  const tenant = {
    id: 't2',
    company: 'Acme',
    domain: 't2.example.org',
    adminName: 'root',
    adminPass: password,
  }
  expect((await send(operator, 'POST', '/tenant/tenants', tenant)).status).toBe(201)
  expect(await logIn('t2/root')).toBe(200)
  expect(checks).toBe(2)
})

it('a device is known that was told its password, or came with one in a file', async () => {
  const requests = '/devicecontrol/newDeviceRequests'
  await send(admin, 'POST', requests, { id: 'd1' })
  await send(admin, 'PUT', `${requests}/d1`, { status: 'ACCEPTED' })
  const told = await send(operator, 'POST', '/devicecontrol/deviceCredentials', { id: 'd1' })
  const { password: own } = decodeCredentials(told.body)
  expect(await logIn('t1/device_d1', own)).toBe(200)
  const authorization = `Basic ${Buffer.from(`${admin}:${password}`).toString('base64')}`
  await world.send({
    method: 'POST',
    url: '/devicecontrol/bulkNewDeviceRequests',
    headers: { authorization, 'content-type': 'text/csv' },
    text: `ID,CREDENTIALS\nd2,${password}\n`,
  })
  expect(await logIn('t1/device_d2')).toBe(200)
  expect(checks).toBe(2)
})

const decodeCredentials = (body: string): { readonly password: string } => {
  const told: unknown = JSON.parse(body)
  const isTold = typeof told === 'object' && told !== null && 'password' in told
  return { password: isTold ? String(told.password) : '' }
}
