import type { Protocol } from '../inbound/http/create-http-server.ts'
import { limitCallers } from '../inbound/http/limit-callers.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Clock } from '../ports/clock.ts'
import type { Authenticate } from '../usecases/authenticate.ts'
import { createLimitRequests } from '../usecases/limit-requests.ts'
import type { Config } from './config.ts'

/** What of the wiring changes when tenants have a limit. */
export type RequestLimits = {
  readonly authenticate: Authenticate
  /** For whoever writes options. */
  readonly accounts: Accounts
  readonly withFields: (protocols: readonly Protocol[]) => readonly Protocol[]
}

/** Without the setting everything is as it would be if there were no limits: no request pays for them. */
export const createRequestLimits = (
  { tenantRequests, tenantQueue }: Pick<Config, 'tenantRequests' | 'tenantQueue'>,
  ports: { readonly accounts: Accounts; readonly clock: Clock },
  authenticate: Authenticate,
): RequestLimits => {
  const { accounts } = ports
  if (tenantRequests === undefined) {
    return { authenticate, accounts, withFields: (protocols) => protocols }
  }
  const ofEach =
    tenantRequests === 'unlimited'
      ? undefined
      : { requestsPerS: tenantRequests, queue: tenantQueue }
  const limitRequests = createLimitRequests(ofEach, ports)
  const callers = limitCallers(authenticate, limitRequests)
  return {
    authenticate: callers.authenticate,
    accounts: limitRequests.watched(accounts),
    withFields: (protocols) => protocols.map(callers.withFields),
  }
}
