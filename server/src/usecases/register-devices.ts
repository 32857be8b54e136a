import {
  mayAdministerDeviceRequests,
  mayBootstrapDevices,
  mayDeleteDeviceRequests,
  mayReadDeviceRequests,
} from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import type { AuditNote } from '../core/audit.ts'
import { deviceUserName } from '../core/device-request.ts'
import type { DeviceRequest, NewDeviceRequest } from '../core/device-request.ts'
import { denied, invalid, notFound, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import { managementTenant } from '../core/identity.ts'
import type { TenantId, UserName } from '../core/identity.ts'
import { deviceRequestsMax } from '../core/limits.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Inventory } from '../ports/inventory.ts'
import type { Passwords } from '../ports/passwords.ts'
import type { Secrets } from '../ports/secrets.ts'
import { createEnrolDevice, unusableId } from './enrol-device.ts'
import type { EnrolDevice, EnrolledDevice } from './enrol-device.ts'
import { findDeviceUsers } from './find-device-users.ts'
import type { InTurn } from './in-turn.ts'
import { noteOf } from './note-of.ts'

export type DeviceCredentials = {
  readonly id: string
  readonly tenant: TenantId
  readonly user: UserName
  /** Told here and nowhere else. */
  readonly password: string
}

export type ExpectedDevice = Omit<NewDeviceRequest, 'tenant'>

/** One of many: expected, or registered at once with a password that its operator chose. */
export type DeviceToRegister =
  | { readonly kind: 'expected'; readonly request: ExpectedDevice }
  | { readonly kind: 'enrolled'; readonly device: EnrolledDevice }

/** `updated`: it was registered before, and has another password now. */
export type RegistrationOutcome = 'created' | 'updated'

/**
 * How a device comes to its user (docs/protocols/cumulocity.md, 5.7): an operator expects it, it asks with the
 * credentials that all new devices share, the operator accepts it, and the next time it asks it gets its own. Ok means on disk.
 */
export type RegisterDevices = {
  /** Fails with `forbidden`, `invalid` and `conflict` (device-request). */
  readonly expect: (principal: Principal, request: ExpectedDevice) => Promise<Result<DeviceRequest>>

  /**
   * Each on its own, in the order given: a failed one is told in its place as it came, and with `invalid` and `conflict`
   * (device-request, external-id). Fails as a whole with `forbidden`.
   */
  readonly registerMany: (
    principal: Principal,
    devices: readonly Result<DeviceToRegister>[],
  ) => Promise<Result<readonly Result<RegistrationOutcome>[]>>

  /** By ascending id. Fails with `forbidden`. */
  readonly list: (principal: Principal) => Promise<Result<readonly DeviceRequest[]>>

  /** Fails with `forbidden` and `not-found` (device-request). */
  readonly read: (principal: Principal, id: string) => Promise<Result<DeviceRequest>>

  /**
   * Fails with `forbidden`, `not-found` (device-request), and `invalid` when the device showed a token and this is not
   * the same.
   */
  readonly accept: (
    principal: Principal,
    id: string,
    token: string | undefined,
  ) => Promise<Result<DeviceRequest>>

  /** Fails with `forbidden` and `not-found` (device-request). */
  readonly delete: (principal: Principal, id: string) => Promise<Result<void>>

  /**
   * For the device itself: credentials once it is accepted, and once only. A bootstrap user of `management` asks for
   * the devices of all tenants, any other for those of its own. Fails with `forbidden`, and with `not-found`
   * (device-request) until then, and for a token that is not the one it showed first.
   */
  readonly askForCredentials: (
    principal: Principal,
    id: string,
    token: string | undefined,
  ) => Promise<Result<DeviceCredentials>>
}

export type RegistrationPorts = {
  readonly accounts: Accounts
  readonly inventory: Inventory
  readonly passwords: Passwords
  readonly secrets: Secrets
  /** By the tenant's id, and shared by all that changes its users and groups: none may undo another. */
  readonly inTurn: InTurn
}

export const createRegisterDevices = (ports: RegistrationPorts): RegisterDevices => {
  const { accounts, secrets } = ports
  const enrolDevice = createEnrolDevice(ports)
  return {
    expect: async (principal, request) => {
      if (!mayAdministerDeviceRequests(principal)) return denied
      const others = await accounts.listDeviceRequests(principal.tenant)
      return others.ok ? expectOne(accounts, principal, request, others.value.length) : others
    },

    registerMany: (principal, devices) => registerMany(accounts, enrolDevice, principal, devices),

    list: async (principal) =>
      mayReadDeviceRequests(principal) ? accounts.listDeviceRequests(principal.tenant) : denied,

    read: async (principal, id) =>
      mayReadDeviceRequests(principal) ? accounts.readDeviceRequest(principal.tenant, id) : denied,

    accept: async (principal, id, token) => {
      if (!mayAdministerDeviceRequests(principal)) return denied
      const request = await accounts.readDeviceRequest(principal.tenant, id)
      if (!request.ok) return request
      if (!isToken(secrets, request.value, token)) return otherToken
      const note = requestNote(principal, id, 'Device request accepted')
      const change = { state: 'ACCEPTED' } as const
      return accounts.noting(note).changeDeviceRequest(principal.tenant, id, change)
    },

    delete: async (principal, id) =>
      mayDeleteDeviceRequests(principal)
        ? accounts
            .noting(requestNote(principal, id, 'Device request deleted'))
            .deleteDeviceRequest(principal.tenant, id)
        : denied,

    askForCredentials: async (principal, id, token) => {
      if (!mayBootstrapDevices(principal)) return denied
      const request = await findRequest(accounts, principal, id)
      if (!request.ok) return request
      if (request.value.state === 'WAITING_FOR_CONNECTION') {
        return connect(ports, request.value, token)
      }
      const isReady = request.value.state === 'ACCEPTED' && isToken(secrets, request.value, token)
      return isReady ? deliver(ports, principal, request.value) : notFound('device-request', id)
    },
  }
}

const requestNote = (principal: Principal, source: string, activity: string): AuditNote =>
  noteOf(principal, { type: 'DeviceRequest', activity, source })

const tooManyRequests = invalid('', `at most ${deviceRequestsMax} devices may wait at once`)
const otherToken = invalid('securityToken', 'must be the token that the device shows')

/** One after the other: the checks of those who log in meanwhile wait for one slow hash at most. */
const registerMany = async (
  accounts: Accounts,
  enrolDevice: EnrolDevice,
  principal: Principal,
  devices: readonly Result<DeviceToRegister>[],
): Promise<Result<readonly Result<RegistrationOutcome>[]>> => {
  if (!mayAdministerDeviceRequests(principal)) return denied
  const others = await accounts.listDeviceRequests(principal.tenant)
  if (!others.ok) return others
  let waiting = others.value.length
  const expect = async (request: ExpectedDevice): Promise<Result<RegistrationOutcome>> => {
    const expected = await expectOne(accounts, principal, request, waiting)
    if (!expected.ok) return expected
    waiting += 1
    return success('created')
  }
  const outcomes: Result<RegistrationOutcome>[] = []
  for (const device of devices) {
    if (!device.ok) outcomes.push(device)
    else if (device.value.kind === 'expected') outcomes.push(await expect(device.value.request))
    else outcomes.push(await enrolDevice(principal, device.value.device))
  }
  return success(outcomes)
}

const expectOne = async (
  accounts: Accounts,
  principal: Principal,
  request: ExpectedDevice,
  waiting: number,
): Promise<Result<DeviceRequest>> => {
  if (deviceUserName(request.id) === undefined) return unusableId
  if (waiting >= deviceRequestsMax) return tooManyRequests
  const note = requestNote(principal, request.id, 'Device request created')
  return accounts.noting(note).createDeviceRequest({ ...request, tenant: principal.tenant })
}

/** Without a token from the device there is nothing to compare. */
const isToken = (
  secrets: Secrets,
  { tokenHash }: DeviceRequest,
  token: string | undefined,
): boolean =>
  tokenHash === undefined || (token !== undefined && secrets.digest(token) === tokenHash)

const findRequest = (
  accounts: Accounts,
  { tenant }: Principal,
  id: string,
): Promise<Result<DeviceRequest>> =>
  tenant === managementTenant
    ? accounts.findDeviceRequest(id)
    : accounts.readDeviceRequest(tenant, id)

/** The first that asks is the device: its token, if it shows one, is the one that counts. */
const connect = async (
  { accounts, secrets }: RegistrationPorts,
  { tenant, id }: DeviceRequest,
  token: string | undefined,
): Promise<Result<never>> => {
  const tokenHash = token === undefined ? undefined : secrets.digest(token)
  const change = { state: 'PENDING_ACCEPTANCE', tokenHash } as const
  const pending = await accounts.changeDeviceRequest(tenant, id, change)
  return pending.ok ? notFound('device-request', id) : pending
}

const passwordBytes = 18

const deliver = async (
  { accounts, passwords, secrets }: RegistrationPorts,
  principal: Principal,
  { tenant, id }: DeviceRequest,
): Promise<Result<DeviceCredentials>> => {
  const user = deviceUserName(id)
  if (user === undefined) return notFound('device-request', id)
  const group = await findDeviceUsers(accounts, principal, tenant)
  if (!group.ok) return group
  const password = secrets.randomText(passwordBytes)
  const activity = 'User created'
  const note = noteOf(principal, { type: 'User', activity, source: user, tenant })
  const delivered = await accounts.noting(note).deliverDeviceRequest(tenant, id, {
    tenant,
    name: user,
    passwordHash: await passwords.hash(password),
    enabled: true,
    roles: [],
    profile: {},
    groups: [group.value],
  })
  return delivered.ok ? success({ id, tenant, user, password }) : delivered
}
