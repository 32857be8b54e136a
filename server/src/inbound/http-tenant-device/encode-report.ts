import type { StoredEvent } from '../../core/event.ts'
import { formatInstant } from '../../core/event-time.ts'
import { encodeFragments } from '../../core/fragments.ts'
import type { EventId, ReceiptId, TenantId } from '../../core/identity.ts'

/**
 * A stored event as JSON text (docs/protocols/tenant-device-events.md, 4); `deviceId` is the name by which the caller
 * called the device, `self` its address, and `data` the caller's own text.
 */
export const encodeReport = (event: StoredEvent, deviceName: string, self: string): string =>
  `{"id":"${event.id}","self":"${self}",` +
  `"tenantId":${JSON.stringify(event.tenant)},"deviceId":${JSON.stringify(deviceName)},` +
  `"typeId":${JSON.stringify(event.type)},"description":${JSON.stringify(event.text)},` +
  `${encodeFragments(event.fragments)},"timestamp":${event.time.ms},` +
  `"creationTime":"${formatInstant(event.creationMs)}"}`

/** The event as a resource of the other dialect, where a key reads it. */
export const eventUrl = (base: string, id: EventId): string => `${base}/event/events/${id}`

export const receiptUrl = (base: string, tenant: TenantId, receipt: ReceiptId): string =>
  `${base}/rest/v1/api/tenants/${encodeURIComponent(tenant)}/receipts/${receipt}`
