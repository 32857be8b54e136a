import { Client } from '@c8y/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { request } from './api.ts'
import { credentials } from './client-lines.ts'
import { bootstrapPassword, cleanUp, startBelfry } from './harness.ts'
import type { Belfry } from './harness.ts'

/** What holds for tokens of the built command; every suite of `clientCases` logs in in each way. */
let belfry: Belfry

beforeAll(async () => {
  belfry = await startBelfry()
})

afterAll(cleanUp)

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
