import { decodeUserName } from './decode-identity.ts'
import type { TenantId, UserName } from './identity.ts'

/** A device that is expected to ask for its credentials (docs/protocols/cumulocity.md, 5.7). */
export type DeviceRequest = {
  readonly tenant: TenantId
  /** What the device calls itself, for example its serial number. Unique in the tenant. */
  readonly id: string
  readonly type: string | undefined
  /** The group of objects that the operator means it for; kept and shown. */
  readonly groupId: string | undefined
  readonly state: DeviceRequestState
  /** The SHA-256 of the token that the device showed when it first asked; accepting it takes the same. */
  readonly tokenHash: string | undefined
  readonly creationMs: number
}

/** How the user names of devices begin that have registered; the rest is the device's id. */
export const deviceUserStart = 'device_'

/** Undefined for an id that cannot be the end of a user's name. */
export const deviceUserName = (id: string): UserName | undefined =>
  id === '' ? undefined : decodeUserName(`${deviceUserStart}${id}`)

export type DeviceRequestState = 'WAITING_FOR_CONNECTION' | 'PENDING_ACCEPTANCE' | 'ACCEPTED'

export type NewDeviceRequest = Pick<DeviceRequest, 'tenant' | 'id' | 'type' | 'groupId'>

/** What is left out stays as it is. */
export type DeviceRequestChange = Partial<Pick<DeviceRequest, 'state' | 'tokenHash'>>
