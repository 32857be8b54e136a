import type { TenantOptions } from '../../ports/tenant-options.ts'
import type { RegistryCaches } from './registry-caches.ts'
import type { RegistryCalls } from './registry-calls.ts'

export const createTenantOptionCalls = (
  { write, read }: RegistryCalls,
  { tenantOptions }: RegistryCaches,
): TenantOptions => ({
  listOptions: (tenant) => tenantOptions.read(tenant, () => read('listOptions', tenant)),
  putOptions: async (tenant, options) => {
    const put = await write('putOptions', tenant, options)
    tenantOptions.forget(tenant)
    return put
  },
  deleteOption: async (tenant, name) => {
    const deleted = await write('deleteOption', tenant, name)
    tenantOptions.forget(tenant)
    return deleted
  },
})
