import { decodeTenantId, decodeUserName } from '../../../core/decode-identity.ts'
import { failed, notFound, success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { TenantId, UserName } from '../../../core/identity.ts'
import type { Exchange } from '../ground/exchange.ts'

export type UserPath = { readonly tenant: TenantId; readonly name: UserName }

/** The tenant in the path. Fails with `forbidden` when it is not the caller's own, whether or not it exists. */
export const decodePathTenant = ({ parameter, principal }: Exchange): Result<TenantId> => {
  const tenant = decodeTenantId(parameter('tenant'))
  return tenant === principal.tenant ? success(principal.tenant) : foreign
}

/** Tenant and user in the path. Fails with `forbidden`, and `not-found` (user) for what is no name. */
export const decodeUserPath = (exchange: Exchange): Result<UserPath> => {
  const tenant = decodePathTenant(exchange)
  if (!tenant.ok) return tenant
  const name = decodeUserName(exchange.parameter('name'))
  if (name === undefined) return notFound('user', exchange.parameter('name'))
  return success({ tenant: tenant.value, name })
}

const foreign = failed({ kind: 'forbidden', reason: 'tenant' })

/** A tenant as the path names it, for whoever may name others; whether there is one is the use case's question. */
export const pathTenant = ({ parameter }: Exchange, name: string): TenantId =>
  parameter(name) as TenantId
