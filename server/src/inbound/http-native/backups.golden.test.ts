import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { roles, type Principal } from '../../core/access.ts'
import type { Credentials } from '../../core/credentials.ts'
import { success, type Result } from '../../core/failure.ts'
import { managementTenant, type TenantId, type UserName } from '../../core/identity.ts'
import { createMemoryBackups } from '../../outbound/memory/backups.ts'
import { createPrometheusMeter } from '../../outbound/system/prometheus-meter.ts'
import { createStepClock } from '../../ports/event-samples.contract.ts'
import { createManageBackups } from '../../usecases/manage-backups.ts'
import { createHttpServer } from '../http/create-http-server.ts'
import { createDecodeCredentials } from '../http/decode-credentials.ts'
import { createBodyReader } from '../http/read-body.ts'
import { refuse } from './answer-with.ts'
import { registerBackups } from './register-backups.ts'

/** `operator`, and everybody else as the administrator of t1. */
const authenticate = (credentials: Credentials): Promise<Result<Principal>> => {
  const user = credentials.kind === 'basic' ? credentials.user : ''
  const tenant = user === 'operator' ? managementTenant : ('t1' as TenantId)
  const name = user as UserName
  return Promise.resolve(success({ kind: 'user', tenant, user: name, roles: new Set(roles) }))
}

const createServer = () => {
  const ports = {
    decodeCredentials: createDecodeCredentials(),
    authenticate,
    bodies: createBodyReader(),
  }
  const backups = createManageBackups(createMemoryBackups(createStepClock()))
  const config = { trustedProxies: [], logger: pino({ level: 'silent' }) }
  const server = createHttpServer(config, createPrometheusMeter(), [
    {
      prefix: '/',
      areas: [],
      register: (fastify) => registerBackups(fastify, ports, backups),
      refuse,
    },
  ])
  return { server }
}

type Server = ReturnType<typeof createServer>['server']

const call = async (server: Server, user: string, line: string, body?: unknown) => {
  const [method, url = ''] = line.split(' ')
  const authorization = `Basic ${Buffer.from(`${user}:x`).toString('base64')}`
  const answer = await server.inject({
    method: method === 'POST' ? 'POST' : 'GET',
    url,
    headers: { authorization },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  return { status: answer.statusCode, answer: answer.json<Readonly<Record<string, unknown>>>() }
}

describe('backups', () => {
  it('are for operators', async () => {
    const { server } = createServer()
    const begun = await call(server, 'admin', 'POST /belfry/v1/backups', { folder: '/b' })
    expect(begun).toMatchObject({ status: 403, answer: { detail: 'a role is missing' } })
    expect((await call(server, 'admin', 'GET /belfry/v1/backups/1')).status).toBe(403)
  })

  it('are for callers on the machine of the server', async () => {
    const { server } = createServer()
    const authorization = `Basic ${Buffer.from('operator:x').toString('base64')}`
    const begin = (address: string, headers: Readonly<Record<string, string>> = {}) =>
      server.inject({
        ...{ method: 'POST' as const, url: '/belfry/v1/backups', remoteAddress: address },
        headers: { authorization, ...headers },
        payload: JSON.stringify({ folder: '/b' }),
      })
    expect((await begin('203.0.113.9')).statusCode).toBe(403)
    expect((await begin('127.0.0.1', { via: '1.1 proxy.test' })).statusCode).toBe(403)
    const passedOn = await begin('127.0.0.1', { 'x-forwarded-for': '203.0.113.9' })
    expect(passedOn.statusCode).toBe(403)
    expect(passedOn.json()).toMatchObject({
      detail: 'this is done only for callers on the machine of the server',
    })
    expect((await begin('127.0.0.1')).statusCode).toBe(202)
  })

  it('are begun, and say how far they are', async () => {
    const { server } = createServer()
    const begun = await call(server, 'operator', 'POST /belfry/v1/backups', { folder: '/b' })
    expect(begun).toMatchObject({ status: 202, answer: { folder: '/b', state: 'running' } })
    const id = String(begun.answer['id'])
    expect(await call(server, 'operator', `GET /belfry/v1/backups/${id}`)).toMatchObject({
      status: 200,
      answer: { id, folder: '/b', state: 'done', files: 0, bytes: 0 },
    })
    expect((await call(server, 'operator', 'GET /belfry/v1/backups/1')).status).toBe(404)
    const wrong = await call(server, 'operator', 'POST /belfry/v1/backups', { folder: 'b' })
    expect(wrong).toMatchObject({
      status: 422,
      answer: { issues: [{ path: 'folder', message: 'must be an absolute path' }] },
    })
    expect((await call(server, 'operator', 'POST /belfry/v1/backups', {})).status).toBe(422)
  })
})
