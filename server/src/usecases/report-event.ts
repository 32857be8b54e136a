import { admitEvent } from '../core/admit-event.ts'
import type { StoredEvent, UniqueEvent } from '../core/event.ts'
import { failed, success } from '../core/failure.ts'
import type { Issue, Result } from '../core/failure.ts'
import type { EventId, ReceiptId, TenantId } from '../core/identity.ts'
import { clockSkewToldMs, journalFromQueuedEvents } from '../core/limits.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { EventPorts } from './event-ports.ts'
import type { ReportingDevice } from './find-reporting-device.ts'
import { findReportingApp } from './find-reporting-app.ts'
import type { AppNames } from './find-reporting-app.ts'
import { findSources } from './find-sources.ts'
import { toStored } from './ingest-events.ts'

/** A report as decoded; what is wrong with its fields waits for the check of the app, to be told together. */
export type Report = {
  readonly app: AppNames
  readonly fields: Result<ReportFields>
}

export type ReportFields = {
  readonly type: string
  readonly text: string
  /** A whole number in its plain spelling, for example `3`. */
  readonly severity: string
  /** A JSON object, as sent. */
  readonly data: string
  readonly timeMs: number
}

export type ReportOutcome = {
  readonly taken: TakenReport
  /** By how many milliseconds the event is dated ahead of the server's clock, when beyond `clockSkewToldMs`. */
  readonly skewMs: number | undefined
}

/** `duplicate` names the event that was there first. */
export type TakenReport =
  | { readonly outcome: 'stored'; readonly event: StoredEvent }
  | { readonly outcome: 'duplicate'; readonly id: EventId }
  | { readonly outcome: 'accepted'; readonly receipt: ReceiptId }

/**
 * Takes in one event of a tenant's device, once: an event that is there already with the same device, type, time and
 * data is answered as `duplicate` (docs/protocols/tenant-device-events.md, 2 and 3). `stored` and `accepted` mean on
 * disk. It is only `accepted`, to be stored soon, when the caller asks for that or the store cannot keep up.
 * Fails with `invalid` (every problem of the report at once), with `not-found` (source) when the device has been deleted
 * since it was found, and with `unavailable`.
 */
export type ReportEvent = (
  place: ReportingDevice,
  report: Report,
  options: { readonly respondAsync: boolean },
) => Promise<Result<ReportOutcome>>

export type ReportPorts = Pick<EventPorts, 'events' | 'inventory' | 'clock' | 'meter'> & {
  readonly accounts: Accounts
}

export const createReportEvent =
  (ports: ReportPorts): ReportEvent =>
  async (place, report, { respondAsync }) => {
    const appId = await findReportingApp(ports.accounts, place.tenant, report.app)
    if (!report.fields.ok || !appId.ok) {
      const issues = [...issuesOf(report.fields), ...issuesOf(appId)]
      if (issues.length > 0) return failed({ kind: 'invalid', issues })
    }
    if (!report.fields.ok) return report.fields
    if (!appId.ok) return appId
    const event = admitReport(place, report.fields.value, appId.value)
    if (!event.ok) return event
    const taken = await takeIn(ports, place.tenant, event.value, respondAsync)
    if (!taken.ok) return taken
    ports.meter.countEvents(place.tenant, countedAs[taken.value.outcome], 1)
    const skewMs = countSkew(ports, place.tenant, report.fields.value.timeMs)
    return success({ taken: taken.value, skewMs })
  }

const issuesOf = (result: Result<unknown>): readonly Issue[] =>
  !result.ok && result.failure.kind === 'invalid' ? result.failure.issues : []

const admitReport = (
  { device }: ReportingDevice,
  { type, text, timeMs, severity, data }: ReportFields,
  appId: string,
): Result<UniqueEvent> => {
  const event = admitEvent({
    source: device.id,
    type,
    text,
    time: { ms: timeMs, offsetMinutes: 0 },
    fragments: [
      { name: 'appId', value: JSON.stringify(appId) },
      { name: 'severity', value: severity },
      { name: 'data', value: data },
    ],
  })
  if (!event.ok) return event
  const { digest } = event.value
  if (digest === undefined) throw new Error('these three fragments always have a digest')
  return success({ ...event.value, digest })
}

/**
 * Waits for the store unless it is behind; a store that refuses may still have a journal that takes. Much may have
 * happened since the device was found, because the body was read from the network: it is looked for once more before
 * each of the two, in the same turn of the event loop, so that nothing is stored behind the purge of its events.
 */
const takeIn = async (
  { events, inventory }: ReportPorts,
  tenant: TenantId,
  event: UniqueEvent,
  respondAsync: boolean,
): Promise<Result<TakenReport>> => {
  const isBehind = events.health().queuedEvents > journalFromQueuedEvents
  if (!respondAsync && !isBehind) {
    const source = await findSources(inventory, tenant, [event.source])
    if (!source.ok) return source
    const receipt = await events.appendUnique(tenant, event)
    if (receipt.ok) {
      const { outcome, id } = receipt.value
      if (outcome === 'duplicate') return success({ outcome, id })
      return success({ outcome, event: toStored(tenant, event, receipt.value) })
    }
    if (receipt.failure.kind !== 'unavailable') return receipt
  }
  const source = await findSources(inventory, tenant, [event.source])
  if (!source.ok) return source
  const receipt = await events.accept(tenant, event)
  return receipt.ok ? success({ outcome: 'accepted', receipt: receipt.value }) : receipt
}

const countedAs = { stored: 'accepted', accepted: 'accepted', duplicate: 'duplicate' } as const

const countSkew = (
  { clock, meter }: ReportPorts,
  tenant: TenantId,
  timeMs: number,
): number | undefined => {
  const skewMs = timeMs - clock.nowMs()
  if (Math.abs(skewMs) <= clockSkewToldMs) return undefined
  meter.countSkewedClock(tenant)
  return skewMs
}
