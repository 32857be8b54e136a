import { pino } from 'pino'
import { expect } from 'vitest'
import { roles, type Principal, type Role } from '../../core/access.ts'
import type { Credentials } from '../../core/credentials.ts'
import { failed, success, type Result } from '../../core/failure.ts'
import { managementTenant, type TenantId, type UserName } from '../../core/identity.ts'
import { createMemoryBackups } from '../../outbound/memory/backups.ts'
import { createMemoryEventStore } from '../../outbound/memory/event-store.ts'
import { createMemoryRegistry } from '../../outbound/memory/registry.ts'
import { createSystemClock } from '../../outbound/system/clock.ts'
import { createPrometheusMeter } from '../../outbound/system/prometheus-meter.ts'
import { createScryptPasswords } from '../../outbound/system/passwords.ts'
import { createSecrets } from '../../outbound/system/secrets.ts'
import { createCarryOutRetention } from '../../usecases/carry-out-retention.ts'
import { createPreviewRetention } from '../../usecases/preview-retention.ts'
import { createManageBackups } from '../../usecases/manage-backups.ts'
import { createManageDeletions } from '../../usecases/manage-deletions.ts'
import { createFinishPurges } from '../../usecases/finish-purges.ts'
import { createInTurn } from '../../usecases/in-turn.ts'
import { createManageApps } from '../../usecases/manage-apps.ts'
import { createManageKeys } from '../../usecases/manage-keys.ts'
import { createManageTenants } from '../../usecases/manage-tenants.ts'
import { createHttpServer } from '../http/create-http-server.ts'
import { createDecodeCredentials } from '../http/decode-credentials.ts'
import { createBodyReader } from '../http/read-body.ts'
import { createCheckAnswer } from '../http-openapi/answer-check.fixture.ts'
import { encodeOpenApi } from '../http-openapi/encode-openapi.ts'
import { createAdministrationProtocol } from './create-administration-protocol.ts'
import { createHealthProtocols } from './create-health-protocol.ts'
import { refuse } from './answer-with.ts'
import { administrationArea, healthArea } from './native-areas.ts'

export const t1 = 't1' as TenantId

/** Callers by user name: `operator`, `admin` of t1, and `reader` of t1 without a role for this. */
const authenticate = (credentials: Credentials): Promise<Result<Principal>> => {
  const user = credentials.kind === 'basic' ? credentials.user : ''
  const held: Readonly<Record<string, readonly Role[]>> = {
    operator: roles,
    admin: roles,
    reader: ['ROLE_EVENT_READ'],
  }
  const found = held[user]
  if (!found) return Promise.resolve(failed({ kind: 'unauthenticated', reason: 'bad-credentials' }))
  const tenant = user === 'operator' ? managementTenant : t1
  const name = user as UserName
  return Promise.resolve(success({ kind: 'user', tenant, user: name, roles: new Set(found) }))
}

type Setting = {
  readonly metricsToken?: string
  readonly phase?: 'starting' | 'running' | 'stopping'
  readonly trustedProxies?: readonly string[]
}

export const createServer = (setting: Setting = {}) => {
  const clock = createSystemClock()
  const { accounts, inventory } = createMemoryRegistry(clock)
  const events = createMemoryEventStore(clock)
  const secrets = createSecrets()
  const meter = createPrometheusMeter()
  const ports = { accounts, inventory, events, secrets, clock, passwords: createScryptPasswords() }
  const { metricsToken, phase = 'running', trustedProxies = [] } = setting
  const administration = createAdministrationProtocol(
    { decodeCredentials: createDecodeCredentials(), authenticate, bodies: createBodyReader() },
    {
      tenants: createManageTenants({ ...ports, finishPurges: createFinishPurges(ports) }),
      apps: createManageApps({ ...ports, inTurn: createInTurn() }),
      keys: createManageKeys(ports),
      deletions: createManageDeletions({ accounts, inventory, events }),
      previewRetention: createPreviewRetention(ports),
      carryOutRetention: createCarryOutRetention(ports),
      backups: createManageBackups(createMemoryBackups(clock)),
    },
  )
  const health = createHealthProtocols({ events, meter, phase: () => phase, metricsToken })
  const rest = { prefix: '/', areas: [], register: () => undefined, refuse }
  const logger = pino({ level: 'silent' })
  const server = createHttpServer({ trustedProxies, logger }, meter, [
    administration,
    ...health,
    rest,
  ])
  return { server, accounts, events, inventory }
}

export type Server = ReturnType<typeof createServer>['server']

const checkAnswer = createCheckAnswer(
  encodeOpenApi([administrationArea, healthArea], { version: '0', base: 'http://localhost' }),
)

/** Every answer must be as `/openapi.json` says. */
export const call = async (server: Server, user: string, line: string, body?: unknown) => {
  const [method = '', url = ''] = line.split(' ')
  const authorization = `Basic ${Buffer.from(`${user}:x`).toString('base64')}`
  const response = await server.inject({
    method: method === 'POST' ? 'POST' : method === 'DELETE' ? 'DELETE' : 'GET',
    url,
    headers: { ...(user === '' ? {} : { authorization }), 'x-request-id': 'r1' },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  const { statusCode: status, headers, payload } = response
  const contentType = headers['content-type']?.toString()
  const seen = { method, path: url, status, contentType, body: payload }
  expect(checkAnswer(seen)).toBeUndefined()
  const answer: unknown = payload === '' ? undefined : JSON.parse(payload)
  return { status, headers, answer }
}
