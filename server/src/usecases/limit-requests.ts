import { success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import { managementTenant } from '../core/identity.ts'
import type { TenantId } from '../core/identity.ts'
import { requestQuotasMax, requestRateMax } from '../core/limits.ts'
import { takeRequest } from '../core/request-quota.ts'
import type { RequestLimit, RequestQuota, TakenRequest } from '../core/request-quota.ts'
import type { TenantOption } from '../core/tenant-option.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Clock } from '../ports/clock.ts'

export type LimitedRequest = TakenRequest & { readonly limit: RequestLimit }

/**
 * Takes one request of a tenant out of its quota (docs/operations.md, limits); undefined for a tenant without a limit.
 * Each tenant has a quota of its own, so that one at its limit takes nothing from another. `management` has none: its
 * users must be able to raise the others'. What is left of a quota does not survive a restart.
 */
export type LimitRequests = {
  readonly take: (tenant: TenantId) => Promise<Result<LimitedRequest | undefined>>

  /** The same accounts, watched, so that a limit that is set counts from the next request on. */
  readonly watched: (accounts: Accounts) => Accounts
}

export const createLimitRequests = (
  ofEach: RequestLimit | undefined,
  { accounts, clock }: { readonly accounts: Accounts; readonly clock: Clock },
): LimitRequests => {
  const limits = createLimits(accounts)
  const quotas = createQuotas()
  return {
    take: async (tenant) => {
      if (tenant === managementTenant) return success(undefined)
      const own = await limits.read()
      if (!own.ok) return own
      const set = own.value.get(tenant)
      const limit = set === undefined ? ofEach : set
      if (limit === undefined || limit === 'unlimited') return success(undefined)
      const taken = takeRequest(limit, quotas.of(tenant), clock.nowMs())
      quotas.keep(tenant, taken.quota)
      return success({ ...taken, limit })
    },
    watched: (watched) => watch(watched, limits.forget),
  }
}

const watch = (watched: Accounts, forget: (tenant: TenantId) => void): Accounts => ({
  ...watched,
  noting: (note) => watch(watched.noting(note), forget),
  putOptions: async (tenant, options) => {
    const done = await watched.putOptions(tenant, options)
    forget(tenant)
    return done
  },
  deleteOption: async (tenant, name) => {
    const done = await watched.deleteOption(tenant, name)
    forget(tenant)
    return done
  },
})

/** Those that operators have set, by tenant. */
type OwnLimits = ReadonlyMap<string, RequestLimit | 'unlimited'>

/** Read once, and anew after an option of `management` was written. */
const createLimits = (accounts: Accounts) => {
  let known: Result<OwnLimits> | undefined
  let writes = 0
  return {
    read: async (): Promise<Result<OwnLimits>> => {
      if (known !== undefined) return known
      const seen = writes
      const options = await accounts.listOptions(managementTenant)
      if (!options.ok) return options
      const read = success(limitsIn(options.value))
      if (seen === writes) known = read
      return read
    },
    forget: (tenant: TenantId): void => {
      if (tenant !== managementTenant) return
      writes += 1
      known = undefined
    },
  }
}

/** As the original names them, as categories: the tenant is the key. */
const rateCategory = 'limit.http.requests'
const queueCategory = 'limit.http.queue'

/** As in the original, a limit counts only when both of its numbers are set. */
const limitsIn = (options: readonly TenantOption[]): OwnLimits => {
  const queues = new Map(
    options.flatMap(({ category, key, value }) => {
      const queue = category === queueCategory ? decodeCount(value) : undefined
      return queue === undefined ? [] : [[key, queue] as const]
    }),
  )
  const limits = new Map<string, RequestLimit | 'unlimited'>()
  for (const { category, key, value } of options) {
    if (category !== rateCategory) continue
    const requestsPerS = decodeCount(value)
    const queue = queues.get(key)
    if (value === 'unlimited') limits.set(key, value)
    else if (requestsPerS && queue !== undefined) limits.set(key, { requestsPerS, queue })
  }
  return limits
}

const decodeCount = (text: string): number | undefined =>
  /^\d{1,7}$/.test(text) && Number(text) <= requestRateMax ? Number(text) : undefined

/** The quota that was used longest ago is forgotten first: it is full again, or as good as. */
const createQuotas = () => {
  const quotas = new Map<TenantId, RequestQuota>()
  return {
    of: (tenant: TenantId): RequestQuota | undefined => quotas.get(tenant),
    keep: (tenant: TenantId, quota: RequestQuota): void => {
      quotas.delete(tenant)
      const [oldest] = quotas.keys()
      if (quotas.size >= requestQuotasMax && oldest !== undefined) quotas.delete(oldest)
      quotas.set(tenant, quota)
    },
  }
}
