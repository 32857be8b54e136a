import { BasicAuth, Client } from '@c8y/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { request } from './api.ts'
import { bootstrapPassword, cleanUp, startBelfry } from './harness.ts'
import type { Belfry } from './harness.ts'

/** The vendor's own client logs in against the built command, in each of the ways it knows. */
let belfry: Belfry

const credentials = { tenant: 't1', user: 'admin', password: bootstrapPassword }

beforeAll(async () => {
  belfry = await startBelfry()
})

afterAll(cleanUp)

const logIns = [
  ['Basic', () => Promise.resolve(new Client(new BasicAuth(credentials), belfry.url))],
  ['a bearer token', () => Client.authenticateViaOAuthInternal(credentials, belfry.url)],
  ['a cookie', () => Client.authenticateViaOAuthInternalCookie(credentials, belfry.url)],
] as const

describe.each(logIns)('with %s', (_name, logIn) => {
  it('is known, creates and reads', async () => {
    const client = await logIn()
    expect((await client.user.current()).data).toMatchObject({ userName: 'admin' })
    const { data: device } = await client.inventory.create({ name: 'Door' })
    const source = { id: device.id, name: '', self: '' }
    const draft = { source, type: 'door', text: 'open', time: '2026-02-01T10:00:00Z' }
    const { data: event } = await client.event.create(draft)
    expect((await client.event.detail(String(event.id))).data).toEqual(event)
  })
})

it('a wrong password logs nobody in', async () => {
  const wrong = { ...credentials, password: 'wrong' }
  const refused = await Client.authenticateViaOAuthInternal(wrong, belfry.url).catch(
    (error: unknown) => error,
  )
  expect(refused).toMatchObject({ res: { status: 401 } })
})

it('a token goes on after a restart, and ends with logging out', async () => {
  const token = await Client.loginViaOAuthInternal(credentials, true, belfry.url)
  await belfry.kill('SIGTERM')
  belfry = await startBelfry({ folder: belfry.folder })
  const authorization = `Bearer ${token}`
  const ask = () => request(belfry, 'GET', '/user/currentUser', { authorization })
  expect((await ask()).status).toBe(200)
  expect((await request(belfry, 'POST', '/user/logout', { authorization })).status).toBe(200)
  expect((await ask()).status).toBe(401)
})

it('neither passwords nor tokens are logged', async () => {
  const token = await Client.loginViaOAuthInternal(credentials, true, belfry.url)
  await request(belfry, 'GET', '/event/events', { authorization: `Bearer ${token}x` })
  const written = belfry.stdout() + belfry.stderr()
  expect(written).not.toContain(token)
  expect(written).not.toContain(bootstrapPassword)
})
