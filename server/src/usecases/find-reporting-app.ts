import type { App } from '../core/account.ts'
import { failed, success } from '../core/failure.ts'
import type { Issue, Result } from '../core/failure.ts'
import type { TenantId } from '../core/identity.ts'
import type { Accounts } from '../ports/accounts.ts'

/** How a report names its app; a name that is absent or was refused by the decoder is undefined. */
export type AppNames = {
  readonly appId: string | undefined
  readonly appKey: string | undefined
}

/**
 * The id of the tenant's app that a report names by `appId`, by `appKey`, or by both if they mean one app
 * (docs/protocols/tenant-device-events.md, 1). Without a wait for an `appId` alone whose app is in memory. Fails with
 * `invalid` for names of no app or of two, and with no issues when there is no name at all, because the decoder has
 * already told why.
 */
export const findReportingApp = (
  accounts: Accounts,
  tenant: TenantId,
  names: AppNames,
): Result<string> | Promise<Result<string>> => {
  const { appId, appKey } = names
  const isAlone = appId !== undefined && appKey === undefined
  const known = isAlone ? accounts.knownApp(tenant, appId) : undefined
  return known === undefined ? lookForApp(accounts, tenant, names) : success(known.id)
}

const lookForApp = async (
  accounts: Accounts,
  tenant: TenantId,
  { appId, appKey }: AppNames,
): Promise<Result<string>> => {
  const byId = appId === undefined ? undefined : await accounts.findApp(tenant, { id: appId })
  if (byId?.ok === true && appKey === undefined) return success(byId.value.id)
  const byKey = appKey === undefined ? undefined : await accounts.findApp(tenant, { key: appKey })
  const broken = [byId, byKey].find((found) => found?.ok === false && isTrouble(found))
  if (broken?.ok === false) return broken
  const issues = [...issueOf('appId', 'id', byId), ...issueOf('appKey', 'key', byKey)]
  const ids = new Set(
    [byId, byKey].flatMap((found) => (found?.ok === true ? [found.value.id] : [])),
  )
  if (ids.size > 1) issues.push({ path: 'appKey', problem: 'wrong', message: otherApp })
  const [id] = ids
  return id === undefined || issues.length > 0 ? failed({ kind: 'invalid', issues }) : success(id)
}

const otherApp = 'is the key of another app than appId names'

const isTrouble = (found: Result<App>): boolean => !found.ok && found.failure.kind !== 'not-found'

const issueOf = (path: string, noun: string, found: Result<App> | undefined): readonly Issue[] =>
  found === undefined || found.ok
    ? []
    : [{ path, problem: 'wrong', message: `must be the ${noun} of an app of this tenant` }]
