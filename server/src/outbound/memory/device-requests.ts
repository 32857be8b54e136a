import { createdUser } from '../../core/account.ts'
import { deliveredTo } from '../../core/delivered-to.ts'
import { conflict, notFound, success } from '../../core/failure.ts'
import { byText } from './by-text.ts'
import { endSessionsOf } from './sessions.ts'
import type { NewUser, User } from '../../core/account.ts'
import type {
  DeviceRequest,
  DeviceRequestChange,
  NewDeviceRequest,
} from '../../core/device-request.ts'
import type { Result } from '../../core/failure.ts'
import type { TenantId } from '../../core/identity.ts'
import type { Clock } from '../../ports/clock.ts'
import type { DeviceRequests } from '../../ports/device-requests.ts'
import type { RegistryState } from './registry-state.ts'

export const createMemoryDeviceRequests = (
  state: RegistryState,
  changing: () => RegistryState,
  clock: Clock,
): DeviceRequests => ({
  createDeviceRequest: (request) => Promise.resolve(create(state, request, clock.nowMs())),
  readDeviceRequest: (tenant, id) => Promise.resolve(read(state, tenant, id)),
  findDeviceRequest: (id) => Promise.resolve(find(state, id)),
  listDeviceRequests: (tenant) =>
    Promise.resolve(
      success([...requestsOf(state, tenant).values()].sort(byText((request) => request.id))),
    ),
  changeDeviceRequest: (tenant, id, change) => Promise.resolve(changed(state, tenant, id, change)),
  deliverDeviceRequest: (tenant, id, user) =>
    Promise.resolve(deliver(changing(), id, { ...user, tenant }, clock.nowMs())),
  deleteDeviceRequest: (tenant, id) =>
    Promise.resolve(
      requestsOf(state, tenant).delete(id) ? success(undefined) : notFound('device-request', id),
    ),
})

const requestsOf = (state: RegistryState, tenant: TenantId): Map<string, DeviceRequest> =>
  state.tenants.get(tenant)?.deviceRequests ?? new Map<string, DeviceRequest>()

const create = (
  state: RegistryState,
  request: NewDeviceRequest,
  nowMs: number,
): Result<DeviceRequest> => {
  if (!state.tenants.has(request.tenant)) return notFound('tenant', request.tenant)
  const requests = requestsOf(state, request.tenant)
  if (requests.has(request.id)) return conflict('device-request', request.id)
  const created: DeviceRequest = {
    ...request,
    state: 'WAITING_FOR_CONNECTION',
    tokenHash: undefined,
    creationMs: nowMs,
  }
  requests.set(request.id, created)
  return success(created)
}

const read = (state: RegistryState, tenant: TenantId, id: string): Result<DeviceRequest> => {
  const request = requestsOf(state, tenant).get(id)
  return request === undefined ? notFound('device-request', id) : success(request)
}

/** Of two that came in the same millisecond the one of the first tenant by name. */
const find = (state: RegistryState, id: string): Result<DeviceRequest> => {
  const [oldest] = [...state.tenants.values()]
    .flatMap(({ deviceRequests }) => deviceRequests.get(id) ?? [])
    .sort(byText(({ tenant }) => tenant))
    .sort((left, right) => left.creationMs - right.creationMs)
  return oldest === undefined ? notFound('device-request', id) : success(oldest)
}

const changed = (
  state: RegistryState,
  tenant: TenantId,
  id: string,
  change: DeviceRequestChange,
): Result<DeviceRequest> => {
  const old = read(state, tenant, id)
  if (!old.ok) return old
  const after = { ...old.value, ...change }
  requestsOf(state, tenant).set(id, after)
  return success(after)
}

const deliver = (state: RegistryState, id: string, user: NewUser, nowMs: number): Result<User> => {
  const home = state.tenants.get(user.tenant)
  const request = read(state, user.tenant, id)
  if (home === undefined || !request.ok || request.value.state !== 'ACCEPTED') {
    return notFound('device-request', id)
  }
  home.deviceRequests.delete(id)
  const old = home.users.get(user.name)
  const delivered = old === undefined ? createdUser(user, nowMs) : deliveredTo(old, user, nowMs)
  home.users.set(user.name, delivered)
  endSessionsOf(home, user.name)
  return success(delivered)
}
