import { hasRole, mayCreateEventsOf, mayReadEventsOf } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import { parseId } from '../core/event-id.ts'
import { notFound, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import { toReceiptId } from '../core/identity.ts'
import type { ReceiptId, TenantId } from '../core/identity.ts'
import type { AcceptedState } from '../ports/event-store.ts'
import type { EventPorts } from './event-ports.ts'
import { findReportingTenant } from './find-reporting-device.ts'
import { reachObjects } from './reach-objects.ts'
import type { DevicePorts } from './find-reporting-device.ts'
import { describeSources } from './find-sources.ts'

/**
 * What became of an event that was answered with 202 (docs/protocols/tenant-device-events.md, 2).
 * Fails as `findReportingTenant` does, then with `not-found` (receipt): never handed out by this tenant, too
 * old, or of an event that is none of the caller's business.
 */
export type ReadReceipt = (
  principal: Principal,
  tenantName: string,
  receiptName: string,
) => Promise<Result<AcceptedReport>>

export type AcceptedReport = { readonly receipt: ReceiptId; readonly state: AcceptedState }

export type ReceiptPorts = DevicePorts & Pick<EventPorts, 'events'>

export const createReadReceipt =
  (ports: ReceiptPorts): ReadReceipt =>
  async (principal, tenantName, receiptName) => {
    const tenant = await findReportingTenant(ports.accounts, principal, tenantName)
    if (!tenant.ok) return tenant
    const number = parseId(receiptName)
    if (number === undefined) return notFound('receipt', receiptName)
    const receipt = toReceiptId(number)
    const state = await ports.events.readAccepted(tenant.value, receipt)
    if (!state.ok) return state
    const visible = await mayKnowOf(ports, principal, tenant.value, state.value)
    if (!visible.ok) return visible
    return visible.value
      ? success({ receipt, state: state.value })
      : notFound('receipt', receiptName)
  }

/** What is still pending names no event, and an event that is gone by now has nothing left to hide. */
const mayKnowOf = async (
  { events, inventory }: ReceiptPorts,
  principal: Principal,
  tenant: TenantId,
  state: AcceptedState,
): Promise<Result<boolean>> => {
  if (mayKnowAll(principal) || !('id' in state)) return success(true)
  const event = await events.read(tenant, state.id)
  if (!event.ok) return event.failure.kind === 'not-found' ? success(true) : event
  const sources = await describeSources(inventory, tenant, [event.value.source])
  if (!sources.ok) return sources
  const reached = await reachObjects(inventory, principal, [event.value.source])
  if (!reached.ok) return reached
  return success(
    sources.value.some(
      (source) =>
        mayCreateEventsOf(reached.value, source) || mayReadEventsOf(reached.value, source),
    ),
  )
}

const mayKnowAll = (principal: Principal): boolean =>
  principal.kind === 'key'
    ? principal.devices === undefined
    : hasRole(principal, 'ROLE_EVENT_ADMIN', 'ROLE_EVENT_READ')
