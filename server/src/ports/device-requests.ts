import type { NewUser, User } from '../core/account.ts'
import type {
  DeviceRequest,
  DeviceRequestChange,
  NewDeviceRequest,
} from '../core/device-request.ts'
import type { Result } from '../core/failure.ts'
import type { TenantId } from '../core/identity.ts'

/** The part of `Accounts` that keeps devices that are still to be registered (docs/protocols/cumulocity.md, 5.7). */
export type DeviceRequests = {
  /** Waits for its device. Fails with `not-found` (tenant) and `conflict` (device-request). */
  readonly createDeviceRequest: (request: NewDeviceRequest) => Promise<Result<DeviceRequest>>

  /** Fails with `not-found` (device-request). */
  readonly readDeviceRequest: (tenant: TenantId, id: string) => Promise<Result<DeviceRequest>>

  /**
   * The oldest request with this id of any tenant: a device that bootstraps does not know its tenant yet. Fails with
   * `not-found` (device-request).
   */
  readonly findDeviceRequest: (id: string) => Promise<Result<DeviceRequest>>

  /** By ascending id. */
  readonly listDeviceRequests: (tenant: TenantId) => Promise<Result<readonly DeviceRequest[]>>

  /** Fails with `not-found` (device-request). */
  readonly changeDeviceRequest: (
    tenant: TenantId,
    id: string,
    change: DeviceRequestChange,
  ) => Promise<Result<DeviceRequest>>

  /**
   * Ends an accepted request by giving its device a user, in one transaction, so that credentials are handed out once. A
   * user of that name that exists already has its password replaced and the groups added. Fails with `not-found`
   * (device-request) when there is none that is accepted.
   */
  readonly deliverDeviceRequest: (
    tenant: TenantId,
    id: string,
    user: NewUser,
  ) => Promise<Result<User>>

  /** Fails with `not-found` (device-request). */
  readonly deleteDeviceRequest: (tenant: TenantId, id: string) => Promise<Result<void>>
}
