import { mayReadRetention } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import { matchesEvent } from '../core/event-query.ts'
import type { EventFilter, PagePosition } from '../core/event-query.ts'
import { success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { TenantId } from '../core/identity.ts'
import { previewCountsMax, previewedEventsMax } from '../core/limits.ts'
import { expiredEvents, expiredRecords, filterOf, unionTerms } from '../core/retention.ts'
import type { Expiry, RetentionRule, RetentionRun } from '../core/retention.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Clock } from '../ports/clock.ts'
import type { EventStore } from '../ports/event-store.ts'
import { mayAdminister } from './administer.ts'
import type { RetentionDraft } from './manage-retention.ts'
import { admitRetention } from './manage-retention.ts'

/** What a run would remove if it began now. */
export type Removable = {
  /** Undefined when rules overlap in more ways than are counted (`previewCountsMax`, `previewedEventsMax`). */
  readonly events: number | undefined
  readonly records: number | undefined
}

export type RetentionPreview = {
  /** Each rule as if it were the only one. */
  readonly rules: readonly { readonly rule: RetentionRule; readonly removable: Removable }[]
  /** All rules together, each event once. */
  readonly total: Removable
  readonly lastRun: RetentionRun | undefined
}

/**
 * What retention would remove (docs/operations.md), for who may read the rules of its own tenant, its administrators,
 * and operators. Everybody else fails with `forbidden`, whether the tenant exists or not. Counts are exact at some
 * moment during the call.
 */
export type PreviewRetention = {
  /** Fails with `not-found` (tenant). */
  readonly all: (principal: Principal, tenant: TenantId) => Promise<Result<RetentionPreview>>

  /** A rule that has not been set. Fails with `not-found` (tenant) and `invalid`. */
  readonly one: (
    principal: Principal,
    tenant: TenantId,
    draft: RetentionDraft,
  ) => Promise<Result<Removable>>
}

export type PreviewPorts = {
  readonly accounts: Accounts
  readonly events: EventStore
  readonly clock: Clock
}

export const createPreviewRetention = (ports: PreviewPorts): PreviewRetention => ({
  all: async (principal, tenant) => {
    const known = await findTenant(ports, principal, tenant)
    if (!known.ok) return known
    const [rules, lastRun] = await Promise.all([
      ports.accounts.listRetentionRules(tenant),
      ports.accounts.readRetentionRun(tenant),
    ])
    if (!rules.ok) return rules
    if (!lastRun.ok) return lastRun
    const nowMs = ports.clock.nowMs()
    const previewed: { readonly rule: RetentionRule; readonly removable: Removable }[] = []
    for (const rule of rules.value) {
      const removable = await countRemovable(ports, tenant, [rule], nowMs)
      if (!removable.ok) return removable
      previewed.push({ rule, removable: removable.value })
    }
    const total = await countRemovable(ports, tenant, rules.value, nowMs)
    if (!total.ok) return total
    return success({ rules: previewed, total: total.value, lastRun: lastRun.value })
  },
  one: async (principal, tenant, draft) => {
    const known = await findTenant(ports, principal, tenant)
    if (!known.ok) return known
    const admitted = admitRetention(principal, draft)
    if (!admitted.ok) return admitted
    return countRemovable(ports, tenant, [draft], ports.clock.nowMs())
  },
})

const findTenant = async ({ accounts }: PreviewPorts, principal: Principal, tenant: TenantId) => {
  const isOwn = principal.tenant === tenant && mayReadRetention(principal)
  const allowed = isOwn ? success(undefined) : mayAdminister(principal, tenant)
  return allowed.ok ? accounts.readTenant(tenant) : allowed
}

const countRemovable = async (
  ports: PreviewPorts,
  tenant: TenantId,
  rules: readonly RetentionDraft[],
  nowMs: number,
): Promise<Result<Removable>> => {
  const { accounts, events: store } = ports
  const expired = expiredEvents(rules, nowMs)
  const summed = await sumTerms(expired, (expiry) => store.count(tenant, filterOf(expiry)))
  if (!summed.ok) return summed
  const events =
    summed.value === undefined ? await walk(store, tenant, expired.map(filterOf)) : summed
  if (!events.ok) return events
  const records = await sumTerms(expiredRecords(rules, nowMs), (expiry) =>
    accounts.countAuditRecords(tenant, recordsOf(expiry)),
  )
  return records.ok ? success({ events: events.value, records: records.value }) : records
}

/** The audit records that an expiry without a fragment covers. */
export const recordsOf = ({ type, source, beforeMs }: Expiry) => ({
  ...(type === undefined ? {} : { type }),
  ...(source === undefined ? {} : { source }),
  creation: { toMs: beforeMs },
})

const sumTerms = async (
  expiries: readonly Expiry[],
  count: (expiry: Expiry) => Promise<Result<number>>,
): Promise<Result<number | undefined>> => {
  const terms = unionTerms(expiries, previewCountsMax)
  if (terms === undefined) return success(undefined)
  let sum = 0
  for (const { sign, expiry } of terms) {
    const counted = await count(expiry)
    if (!counted.ok) return counted
    sum += sign * counted.value
  }
  return success(sum)
}

const walkedPageSize = 500

/** Looks at the events one by one, for what no filter can ask for. */
const walk = async (
  store: EventStore,
  tenant: TenantId,
  filters: readonly EventFilter[],
): Promise<Result<number | undefined>> => {
  let looked = 0
  let counted = 0
  for (const [at, filter] of filters.entries()) {
    const before = filters.slice(0, at)
    let position: PagePosition | undefined = { from: 'start', skip: 0 }
    while (position !== undefined) {
      const request = { filter, order: 'oldest-first', position, size: walkedPageSize } as const
      const page = await store.readPage(tenant, request)
      if (!page.ok) return page.failure.kind === 'too-large' ? success(undefined) : page
      const { events, more } = page.value
      looked += events.length
      if (looked > previewedEventsMax) return success(undefined)
      counted += events.filter((event) => !before.some((each) => matchesEvent(each, event))).length
      const last = events.at(-1)
      position = more && last ? { from: 'after', timeMs: last.time.ms, id: last.id } : undefined
    }
  }
  return success(counted)
}
