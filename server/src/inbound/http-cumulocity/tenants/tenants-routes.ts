import type { FastifyInstance } from 'fastify'
import type { Tenant } from '../../../core/account.ts'
import { formatInstant } from '../../../core/event-time.ts'
import { invalid, success } from '../../../core/failure.ts'
import { managementTenant } from '../../../core/identity.ts'
import type { ManageTenants } from '../../../usecases/manage-tenants.ts'
import { answerList } from '../ground/answer-list.ts'
import { decodeTenant, decodeTenantUpdate, domainLabel } from './decode-tenant.ts'
import { pathTenant } from '../users/decode-user-path.ts'
import { asSent, encodeJson } from '../ground/encode-json.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answer, Answerable, Exchange, ExchangePorts } from '../ground/exchange.ts'
import { firstValue, queryParametersOf } from '../ground/query-parameters.ts'

export type TenantsUseCases = { readonly manageTenants: ManageTenants }

const tenants = '/tenant/tenants'

/** All tenants, for the operators (docs/protocols/cumulocity.md, 6.3). Everybody else gets 403, whatever the request names. */
export const registerTenantsRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { manageTenants }: TenantsUseCases,
): void => {
  /** 200 with a page by ascending id; 403. */
  server.get(
    tenants,
    answerWith(ports, async (exchange) => {
      const list = await manageTenants.list(exchange.principal)
      if (!list.ok) return list
      const url = `${exchange.base}${tenants}`
      const kind = { name: 'tenants', resource: 'tenantCollection', url } as const
      return answerList(exchange, kind, list.value.filter(isWanted(exchange)), encodeTenant)
    }),
  )

  /** 201 with `Location`; 403; 409 for an id or domain that is taken; 415, 422. */
  server.post(
    tenants,
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      const draft = body.ok ? decodeTenant(body.value.text) : body
      if (!draft.ok) return draft
      const created = await manageTenants.create(exchange.principal, draft.value)
      if (!created.ok) return created
      const { tenant } = created.value
      const location = tenantUrl(exchange.base, tenant)
      return success({ ...toAnswer(exchange, tenant), status: 201, location })
    }),
  )

  /** 200, also for the administrators of that tenant; 403; 404. */
  server.get(
    `${tenants}/:tenantId`,
    answerWith(ports, async (exchange) => {
      const tenant = await manageTenants.read(exchange.principal, pathTenant(exchange, 'tenantId'))
      return tenant.ok ? success(toAnswer(exchange, tenant.value)) : tenant
    }),
  )

  /** 200, a partial update, also of the state; 403; 404; 415, 422. */
  server.put(
    `${tenants}/:tenantId`,
    answerWith(ports, (exchange) => changeTenant(exchange, manageTenants)),
  )

  /** 204: the tenant is gone with everything it owns; its events are removed in the background. 403; 404; 422. */
  server.delete(
    `${tenants}/:tenantId`,
    answerWith(ports, async (exchange) => {
      const tenant = pathTenant(exchange, 'tenantId')
      const done = await manageTenants.delete(exchange.principal, tenant)
      return done.ok ? success({ status: 204, resource: 'tenant', body: undefined }) : done
    }),
  )
}

const changeTenant = async (
  exchange: Exchange,
  manageTenants: ManageTenants,
): Promise<Answerable<Answer>> => {
  const body = await exchange.readBody()
  const update = body.ok ? decodeTenantUpdate(body.value.text) : body
  if (!update.ok) return update
  const { change, profile, domain } = update.value
  const id = pathTenant(exchange, 'tenantId')
  const known = await manageTenants.read(exchange.principal, id)
  if (!known.ok) return known
  if (domain !== undefined && domainLabel(domain) !== known.value.domain) return fixedDomain
  const merged = { ...change, profile: { ...known.value.profile, ...profile } }
  const changed = await manageTenants.change(exchange.principal, id, merged)
  return changed.ok ? success(toAnswer(exchange, changed.value)) : changed
}

const fixedDomain = invalid('domain', "a tenant's domain can't change")

const isWanted = ({ request }: Exchange): ((tenant: Tenant) => boolean) => {
  const parameters = queryParametersOf(request)
  const company = firstValue(parameters, 'company')
  const domain = firstValue(parameters, 'domain')
  return (tenant) =>
    (company === undefined || tenant.name === company) &&
    (domain === undefined || tenant.domain === domainLabel(domain))
}

const toAnswer = ({ base }: Exchange, tenant: Tenant): Answer => ({
  status: 200,
  resource: 'tenant',
  body: encodeJson(encodeTenant(tenant, base)),
})

const encodeTenant = (tenant: Tenant, base: string): Record<string, unknown> => ({
  ...tenant.profile,
  id: tenant.id,
  self: tenantUrl(base, tenant),
  company: tenant.name,
  domain: tenant.domain,
  status: tenant.state === 'active' ? 'ACTIVE' : 'SUSPENDED',
  creationTime: formatInstant(tenant.creationMs),
  allowCreateTenants: tenant.id === managementTenant,
  ...(tenant.id === managementTenant ? {} : { parent: managementTenant }),
  customProperties: asSent(tenant.customProperties ?? '{}'),
})

const tenantUrl = (base: string, { id }: Tenant): string =>
  `${base}${tenants}/${encodeURIComponent(id)}`
