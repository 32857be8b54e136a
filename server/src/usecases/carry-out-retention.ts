import { mayAdministerRetention } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import { success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { TenantId } from '../core/identity.ts'
import { deletionSliceObjectsMax, retentionDeletionsMax, retentionEveryMs } from '../core/limits.ts'
import { expiredEvents, expiredRecords, filterOf } from '../core/retention.ts'
import type { RetentionRule, RetentionRun } from '../core/retention.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Clock } from '../ports/clock.ts'
import type { EventStore } from '../ports/event-store.ts'
import { mayAdminister } from './administer.ts'
import { recordsOf } from './preview-retention.ts'
import { createInTurn } from './in-turn.ts'

/** How far a run has come. */
export type RetentionProgress = RetentionRun & {
  /** False when the tenant has too many running deletions already: the rest comes with the next look at what is due. */
  readonly isComplete: boolean
}

/** What this process has done since it was started. */
export type RetentionTotals = {
  readonly runs: number
  readonly removedEvents: number
  readonly removedRecords: number
}

/**
 * Removes what is too old (docs/operations.md). An event is gone for everybody as soon as its deletion is accepted, and
 * its attachment with it; its space comes back in the background. Runs follow each other, whoever asks for them.
 */
export type CarryOutRetention = {
  /**
   * The caller's own tenant with the right to administer its rules, or any that the caller administers. Fails with
   * `forbidden` and `not-found` (tenant).
   */
  readonly run: (principal: Principal, tenant: TenantId) => Promise<Result<RetentionProgress>>

  /**
   * Begins runs of the tenants whose last one began `retentionEveryMs` ago, or that have had none, and goes on with those
   * that had to wait. Goes on after a failure, and answers the first.
   */
  readonly runDue: () => Promise<Result<void>>

  readonly totals: () => RetentionTotals
}

export type RetentionPorts = {
  readonly accounts: Accounts
  readonly events: EventStore
  readonly clock: Clock
  /** Told of each run that has carried out all rules. */
  readonly noteRun?: (tenant: TenantId, run: RetentionRun) => void
}

/**
 * To be made once. A run that waits keeps its beginning, from which all ages are counted; a restart forgets it, and
 * begins a new one, since only a complete run is noted.
 */
export const createCarryOutRetention = (ports: RetentionPorts): CarryOutRetention => {
  const inTurn = createInTurn()
  const state: State = { waiting: new Map(), lastMs: new Map(), totals: noTotals }
  const runNow = (tenant: TenantId): Promise<Result<RetentionProgress>> =>
    inTurn(anyTenant, () => runTenant(ports, state, tenant))
  return {
    run: async (principal, tenant) => {
      const isOwn = principal.tenant === tenant && mayAdministerRetention(principal)
      const allowed = isOwn ? success(undefined) : mayAdminister(principal, tenant)
      if (!allowed.ok) return allowed
      const known = await ports.accounts.readTenant(tenant)
      return known.ok ? runNow(tenant) : known
    },
    runDue: async () => {
      const tenants = await ports.accounts.listTenants()
      if (!tenants.ok) return tenants
      forgetOthers(
        state,
        tenants.value.map(({ id }) => id),
      )
      let outcome: Result<void> = success(undefined)
      for (const { id } of tenants.value) {
        const done = await runIfDue(ports, state, id, runNow)
        if (outcome.ok && !done.ok) outcome = done
      }
      return outcome
    },
    totals: () => state.totals,
  }
}

/** One run at a time, whosever it is. */
const anyTenant = 'any'

type State = {
  /** Runs that have not carried out all rules. */
  readonly waiting: Map<TenantId, RetentionRun>
  /** When the last complete run of a tenant began, as far as it has been asked for. */
  readonly lastMs: Map<TenantId, number>
  totals: RetentionTotals
}

const noTotals: RetentionTotals = { runs: 0, removedEvents: 0, removedRecords: 0 }

const forgetOthers = ({ waiting, lastMs }: State, tenants: readonly TenantId[]): void => {
  const known = new Set(tenants)
  for (const kept of [waiting, lastMs]) {
    for (const tenant of kept.keys()) if (!known.has(tenant)) kept.delete(tenant)
  }
}

const runIfDue = async (
  { accounts, clock }: RetentionPorts,
  { waiting, lastMs }: State,
  tenant: TenantId,
  runNow: (tenant: TenantId) => Promise<Result<RetentionProgress>>,
): Promise<Result<unknown>> => {
  if (waiting.has(tenant)) return runNow(tenant)
  if (!lastMs.has(tenant)) {
    const last = await accounts.readRetentionRun(tenant)
    if (!last.ok) return last
    if (last.value === undefined) return runNow(tenant)
    lastMs.set(tenant, last.value.startedMs)
  }
  const sinceMs = clock.nowMs() - (lastMs.get(tenant) ?? 0)
  // A clock that was set back must not put off the next run.
  return sinceMs >= retentionEveryMs || sinceMs < 0 ? runNow(tenant) : success(undefined)
}

const runTenant = async (
  ports: RetentionPorts,
  state: State,
  tenant: TenantId,
): Promise<Result<RetentionProgress>> => {
  const { accounts, clock } = ports
  const rules = await accounts.listRetentionRules(tenant)
  if (!rules.ok) return rules
  const begun = state.waiting.get(tenant) ?? { ...nothingYet, startedMs: clock.nowMs() }
  state.waiting.set(tenant, begun)
  const progress = await removeEvents(ports, state, tenant, rules.value)
  if (!progress.ok || !progress.value.isComplete) return progress
  const recorded = await removeRecords(ports, state, tenant, rules.value)
  if (!recorded.ok) return recorded
  const run = recorded.value
  const noted = await accounts.noteRetentionRun(tenant, run)
  if (!noted.ok) return noted
  state.waiting.delete(tenant)
  state.lastMs.set(tenant, run.startedMs)
  state.totals = { ...state.totals, runs: state.totals.runs + 1 }
  ports.noteRun?.(tenant, run)
  return success({ ...run, isComplete: true })
}

const nothingYet = { removedEvents: 0, removedRecords: 0 }

/**
 * What each deletion hides is counted right before it. Nothing that comes meanwhile is old enough to match. What cannot be
 * counted in time is removed all the same, and not in the number.
 */
const removeEvents = async (
  { events }: RetentionPorts,
  state: State,
  tenant: TenantId,
  rules: readonly RetentionRule[],
): Promise<Result<RetentionProgress>> => {
  const { startedMs } = runOf(state, tenant)
  for (const expiry of expiredEvents(rules, startedMs)) {
    const filter = filterOf(expiry)
    const count = await events.count(tenant, filter)
    if (!count.ok && count.failure.kind !== 'invalid') return count
    if (count.ok && count.value === 0) continue
    const running = await events.listDeletions(tenant)
    if (!running.ok) return running
    if (running.value.length >= retentionDeletionsMax) return waits(state, tenant)
    const job = await events.deleteMatching(tenant, filter)
    if (!job.ok) return job.failure.kind === 'too-many' ? waits(state, tenant) : job
    add(state, tenant, { removedEvents: count.ok ? count.value : 0, removedRecords: 0 })
  }
  return success({ ...runOf(state, tenant), isComplete: true })
}

const removeRecords = async (
  { accounts }: RetentionPorts,
  state: State,
  tenant: TenantId,
  rules: readonly RetentionRule[],
): Promise<Result<RetentionRun>> => {
  const { startedMs } = runOf(state, tenant)
  for (const expiry of expiredRecords(rules, startedMs)) {
    let isMore = true
    while (isMore) {
      const removed = await accounts.deleteAuditRecords(tenant, recordsOf(expiry))
      if (!removed.ok) return removed
      add(state, tenant, { removedEvents: 0, removedRecords: removed.value })
      isMore = removed.value >= deletionSliceObjectsMax
    }
  }
  return success(runOf(state, tenant))
}

const waits = (state: State, tenant: TenantId): Result<RetentionProgress> =>
  success({ ...runOf(state, tenant), isComplete: false })

const runOf = ({ waiting }: State, tenant: TenantId): RetentionRun =>
  waiting.get(tenant) ?? { ...nothingYet, startedMs: 0 }

type Removed = Omit<RetentionRun, 'startedMs'>

const add = (state: State, tenant: TenantId, removed: Removed): void => {
  const run = runOf(state, tenant)
  state.waiting.set(tenant, { ...run, ...sum(run, removed) })
  state.totals = { ...state.totals, ...sum(state.totals, removed) }
}

const sum = (left: Removed, right: Removed): Removed => ({
  removedEvents: left.removedEvents + right.removedEvents,
  removedRecords: left.removedRecords + right.removedRecords,
})
