import type { FastifyInstance } from 'fastify'
import type { Tenant } from '../../core/account.ts'
import type { Result } from '../../core/failure.ts'
import { success } from '../../core/failure.ts'
import type { ManageBackups } from '../../usecases/manage-backups.ts'
import type { ManageDeletions } from '../../usecases/manage-deletions.ts'
import type { ManageApps } from '../../usecases/manage-apps.ts'
import type { ManageKeys } from '../../usecases/manage-keys.ts'
import type { ManageTenants } from '../../usecases/manage-tenants.ts'
import type { Protocol } from '../http/create-http-server.ts'
import { answerWith, refuse, type NativeExchange, type NativePorts } from './answer-with.ts'
import {
  decodeAppName,
  decodeKeyDraft,
  decodeTenantDraft,
  decodeTenantName,
} from './decode-administration.ts'
import {
  encodeApp,
  encodeCreatedKey,
  encodeCreatedTenant,
  encodeJob,
  encodeKey,
  encodeTenant,
} from './encode-administration.ts'
import { administrationArea } from './native-areas.ts'
import { registerBackups } from './register-backups.ts'
import { registerRetention, type RetentionUseCases } from './register-retention.ts'

export type AdministrationUseCases = RetentionUseCases & {
  readonly tenants: ManageTenants
  readonly apps: ManageApps
  readonly keys: ManageKeys
  readonly deletions: ManageDeletions
  readonly backups: ManageBackups
}

/**
 * Administration that neither dialect has, below `/belfry/v1/`: tenants, their apps and API keys, running deletions,
 * backups and retention (docs/operations.md). Bodies are JSON, errors RFC 9457 problems. Who may not see a tenant gets
 * 403, whether it exists or not.
 */
export const createAdministrationProtocol = (
  ports: NativePorts,
  useCases: AdministrationUseCases,
): Protocol => ({
  prefix: '/belfry/',
  areas: [administrationArea],
  register: (server) => {
    registerTenants(server, ports, useCases.tenants)
    registerApps(server, ports, useCases.apps)
    registerKeys(server, ports, useCases.keys)
    registerJobs(server, ports, useCases.deletions)
    registerBackups(server, ports, useCases.backups)
    registerRetention(server, ports, useCases)
  },
  refuse,
})

const tenantOf = (exchange: NativeExchange) => decodeTenantName(exchange.parameter('tenant'))

/** Encodes the value of a result; a failure passes. */
const answer = <T>(result: Result<T>, status: 200 | 201, encode: (value: T) => unknown) =>
  result.ok ? success({ status, body: encode(result.value) }) : result

const noContent = (result: Result<void>) => (result.ok ? success({ status: 204 as const }) : result)

const one = '/belfry/v1/tenants/:tenant'

const registerTenants = (
  server: FastifyInstance,
  ports: NativePorts,
  tenants: ManageTenants,
): void => {
  server.post(
    '/belfry/v1/tenants',
    answerWith(ports, async ({ principal, readBody }) => {
      const body = await readBody()
      const draft = body.ok ? decodeTenantDraft(body.value) : body
      if (!draft.ok) return draft
      return answer(await tenants.create(principal, draft.value), 201, encodeCreatedTenant)
    }),
  )
  server.get(
    '/belfry/v1/tenants',
    answerWith(ports, async ({ principal }) =>
      answer(await tenants.list(principal), 200, (list) => ({ tenants: list.map(encodeTenant) })),
    ),
  )
  server.get(
    one,
    answerWith(ports, async (exchange) =>
      answer(await tenants.read(exchange.principal, tenantOf(exchange)), 200, encodeTenant),
    ),
  )
  server.delete(
    one,
    answerWith(ports, async (exchange) =>
      noContent(await tenants.delete(exchange.principal, tenantOf(exchange))),
    ),
  )
  const changeTo = (state: Tenant['state']) =>
    answerWith(ports, async (exchange) => {
      const changed = await tenants.changeState(exchange.principal, tenantOf(exchange), state)
      return answer(changed, 200, encodeTenant)
    })
  server.post(`${one}/suspend`, changeTo('suspended'))
  server.post(`${one}/resume`, changeTo('active'))
}

const registerApps = (server: FastifyInstance, ports: NativePorts, apps: ManageApps): void => {
  server.post(
    `${one}/apps`,
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      const name = body.ok ? decodeAppName(body.value) : body
      if (!name.ok) return name
      const created = await apps.create(exchange.principal, tenantOf(exchange), name.value)
      return answer(created, 201, encodeApp)
    }),
  )
  server.get(
    `${one}/apps`,
    answerWith(ports, async (exchange) =>
      answer(await apps.list(exchange.principal, tenantOf(exchange)), 200, (list) => ({
        apps: list.map(encodeApp),
      })),
    ),
  )
  server.delete(
    `${one}/apps/:app`,
    answerWith(ports, async (exchange) => {
      const { principal, parameter } = exchange
      return noContent(await apps.delete(principal, tenantOf(exchange), parameter('app')))
    }),
  )
}

const registerKeys = (server: FastifyInstance, ports: NativePorts, keys: ManageKeys): void => {
  server.post(
    `${one}/keys`,
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      const draft = body.ok ? decodeKeyDraft(body.value) : body
      if (!draft.ok) return draft
      const created = await keys.create(exchange.principal, tenantOf(exchange), draft.value)
      return answer(created, 201, encodeCreatedKey)
    }),
  )
  server.get(
    `${one}/keys`,
    answerWith(ports, async (exchange) =>
      answer(await keys.list(exchange.principal, tenantOf(exchange)), 200, (list) => ({
        keys: list.map(encodeKey),
      })),
    ),
  )
  server.delete(
    `${one}/keys/:prefix`,
    answerWith(ports, async (exchange) => {
      const { principal, parameter } = exchange
      return noContent(await keys.revoke(principal, tenantOf(exchange), parameter('prefix')))
    }),
  )
}

const registerJobs = (
  server: FastifyInstance,
  ports: NativePorts,
  deletions: ManageDeletions,
): void => {
  server.get(
    `${one}/jobs`,
    answerWith(ports, async (exchange) =>
      answer(await deletions.list(exchange.principal, tenantOf(exchange)), 200, (list) => ({
        jobs: list.map(encodeJob),
      })),
    ),
  )
  server.delete(
    `${one}/jobs/:job`,
    answerWith(ports, async (exchange) => {
      const { principal, parameter } = exchange
      return noContent(await deletions.cancel(principal, tenantOf(exchange), parameter('job')))
    }),
  )
}
