import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { App, Tenant } from '../../../core/account.ts'
import { denied, notFound, success } from '../../../core/failure.ts'
import { managementTenant } from '../../../core/identity.ts'
import type { Accounts } from '../../../ports/accounts.ts'
import { pathParameter } from '../../http/path-parameter.ts'
import { applicationUrl, encodeApplication } from './encode-application.ts'
import { encodeLoginOption, encodeLoginOptions, loginOptionIds } from './encode-login-options.ts'
import { requestAnswers } from '../ground/encode-failure.ts'
import { asSent, encodeJson } from '../ground/encode-json.ts'
import { answerAnyone, answerWith } from '../ground/exchange.ts'
import type { Answer, Answerable, ExchangePorts } from '../ground/exchange.ts'
import { firstValue, queryParametersOf } from '../ground/query-parameters.ts'
import type { QueryParameters } from '../ground/query-parameters.ts'

export type TenantUseCases = Pick<Accounts, 'readTenant' | 'listApps'>

/** The tenant of the caller, and how one logs in (docs/protocols/cumulocity.md, 5.4 and 6.3). */
export const registerTenantRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { readTenant, listApps }: TenantUseCases,
): void => {
  /** 200; 403 for a key. */
  server.get(
    '/tenant/currentTenant',
    answerWith(ports, async ({ principal, request, base }) => {
      if (principal.kind !== 'user') return denied
      const tenant = await readTenant(principal.tenant)
      if (!tenant.ok) return tenant
      const apps = await listApps(principal.tenant)
      if (!apps.ok) return apps
      const withParent = firstValue(queryParametersOf(request), 'withParent') === 'true'
      const body = encodeJson(encodeCurrentTenant(tenant.value, apps.value, base, withParent))
      return success({ status: 200, resource: 'currentTenant', body })
    }),
  )

  /** 200 for everybody, the same for every tenant; 400 when `management` and `tenantId` are both given. */
  server.get(
    '/tenant/loginOptions',
    answerAnyone(ports, ({ request, base }) =>
      Promise.resolve(listLoginOptions(queryParametersOf(request), base)),
    ),
  )

  /** 200 for everybody, what the list shows of it; 404 for another id. */
  server.get(
    '/tenant/loginOptions/:loginOption',
    answerAnyone(ports, ({ request, base }) =>
      Promise.resolve(readLoginOption(pathParameter(request, 'loginOption'), request, base)),
    ),
  )
}

const encodeCurrentTenant = (
  { id, customProperties = '{}' }: Tenant,
  apps: readonly App[],
  base: string,
  withParent: boolean,
): Record<string, unknown> => ({
  self: `${base}/tenant/currentTenant`,
  name: id,
  domainName: new URL(base).hostname,
  allowCreateTenants: id === managementTenant,
  ...(withParent && id !== managementTenant ? { parent: managementTenant } : {}),
  applications: {
    references: apps.map((app) => ({
      self: applicationUrl(app, base),
      application: encodeApplication(app, base),
    })),
  },
  customProperties: asSent(customProperties),
})

const listLoginOptions = (parameters: QueryParameters, base: string): Answerable<Answer> => {
  const tenant = firstValue(parameters, 'tenantId')
  const ofOperators = firstValue(parameters, 'management')?.toLowerCase() === 'true'
  if (tenant !== undefined && ofOperators) {
    const message = `Do not use 'management' flag while querying loginOptions of tenant with id ${tenant}`
    const error = 'LoginOptions/Bad Request'
    return { ok: false, error: { ...requestAnswers.badRequest, error, message } }
  }
  const asked = ofOperators ? managementTenant : tenant
  const body = JSON.stringify(encodeLoginOptions(base, asked))
  return success({ status: 200, resource: 'loginOptionCollection', body })
}

const readLoginOption = (
  wanted: string,
  request: FastifyRequest,
  base: string,
): Answerable<Answer> => {
  const id = loginOptionIds.find((known) => known === wanted)
  if (id === undefined) return notFound('login-option', wanted)
  const tenant = firstValue(queryParametersOf(request), 'tenantId')
  const body = JSON.stringify(encodeLoginOption(id, base, tenant))
  return success({ status: 200, resource: 'loginOption', body })
}
