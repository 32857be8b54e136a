import { forgetUser } from './registry-caches.ts'
import type { Clock } from '../../ports/clock.ts'
import type { DeviceRequests } from '../../ports/device-requests.ts'
import type { RegistryCaches } from './registry-caches.ts'
import type { RegistryCalls } from './registry-calls.ts'

export const createDeviceRequestCalls = (
  { write, read }: RegistryCalls,
  caches: RegistryCaches,
  clock: Clock,
): DeviceRequests => ({
  createDeviceRequest: (request) => write('createDeviceRequest', request, clock.nowMs()),
  readDeviceRequest: (tenant, id) => read('readDeviceRequest', tenant, id),
  findDeviceRequest: (id) => read('findDeviceRequest', id),
  listDeviceRequests: (tenant) => read('listDeviceRequests', tenant),
  changeDeviceRequest: (tenant, id, change) => write('changeDeviceRequest', tenant, id, change),
  deliverDeviceRequest: async (tenant, id, user) => {
    const delivered = await write('deliverDeviceRequest', tenant, id, user, clock.nowMs())
    forgetUser(caches, tenant, user.name)
    caches.sessions.forgetAll()
    return delivered
  },
  deleteDeviceRequest: (tenant, id) => write('deleteDeviceRequest', tenant, id),
})
