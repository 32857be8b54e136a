import { judgeOrigin, originOption } from '../core/judge-origin.ts'
import type { OriginVerdict } from '../core/judge-origin.ts'
import { managementTenant } from '../core/identity.ts'
import type { TenantId } from '../core/identity.ts'
import type { Accounts } from '../ports/accounts.ts'
import { findNamedTenant } from './prove-password.ts'
import type { ProvePasswordConfig } from './prove-password.ts'

export type OriginQuestion = {
  readonly origin: string
  /** The tenant of who has proved to be somebody; undefined for everybody else. */
  readonly tenant: TenantId | undefined
  /** The host name that the request was sent to, without port. */
  readonly host: string
}

/**
 * Whether a browser may show a page what this server answers (docs/protocols/cumulocity.md, 9.1). Whoever is not known yet,
 * as in every preflight, is judged by the tenant of the host, and where the host says none, by the operators'. What
 * the credentials claim does not count: the answer would tell which tenants there are. Cheap: all is kept in memory.
 */
export type AdmitOrigin = (question: OriginQuestion) => Promise<OriginVerdict>

export const createAdmitOrigin =
  (config: ProvePasswordConfig, { accounts }: { readonly accounts: Accounts }): AdmitOrigin =>
  async ({ origin, tenant, host }) => {
    const judging = tenant ?? (await tenantOfHost(accounts, config, host))
    const options = await accounts.listOptions(judging)
    // What cannot be looked up is no permission.
    if (!options.ok) return 'nobody'
    const { category, key } = originOption
    const option = options.value.find((each) => each.category === category && each.key === key)
    return judgeOrigin(option?.value, origin)
  }

const tenantOfHost = async (
  accounts: Accounts,
  config: ProvePasswordConfig,
  host: string,
): Promise<TenantId> => {
  const named = await findNamedTenant(accounts, config, { tenant: undefined, host })
  return (named.ok ? named.value : undefined) ?? managementTenant
}
