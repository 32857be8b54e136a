import { hasRole, type Principal } from '../core/access.ts'
import { denied, failed, success, type Result } from '../core/failure.ts'
import { managementTenant, type TenantId } from '../core/identity.ts'

/** Whether the caller runs the whole server: a user of `management` with ROLE_TENANT_MANAGEMENT_ADMIN. */
export const isOperator = (principal: Principal): boolean =>
  principal.tenant === managementTenant && hasRole(principal, 'ROLE_TENANT_MANAGEMENT_ADMIN')

/** Fails with `forbidden` for everybody else, whatever the request names. */
export const mayOperate = (principal: Principal): Result<void> =>
  isOperator(principal) ? success(undefined) : denied

/**
 * Whether the caller may set up this tenant: its own administrators (ROLE_TENANT_ADMIN), and operators. Decided without
 * asking whether the tenant exists, so that nobody learns that of another one.
 */
export const mayAdminister = (principal: Principal, tenant: TenantId): Result<void> => {
  if (isOperator(principal)) return success(undefined)
  if (principal.tenant !== tenant) return failed({ kind: 'forbidden', reason: 'tenant' })
  return hasRole(principal, 'ROLE_TENANT_ADMIN') ? success(undefined) : denied
}
