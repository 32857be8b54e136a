import { notFound, success } from '../../core/failure.ts'
import { byText } from './by-text.ts'
import type { Result } from '../../core/failure.ts'
import type { TenantId } from '../../core/identity.ts'
import type { OptionName, TenantOption } from '../../core/tenant-option.ts'
import type { TenantOptions } from '../../ports/tenant-options.ts'
import type { RegistryState } from './registry-state.ts'

export const createMemoryTenantOptions = (state: RegistryState): TenantOptions => ({
  listOptions: (tenant) => Promise.resolve(success(listOptions(state, tenant))),
  putOptions: (tenant, options) => Promise.resolve(putOptions(state, tenant, options)),
  deleteOption: (tenant, name) => Promise.resolve(deleteOption(state, tenant, name)),
})

const listOptions = (state: RegistryState, tenant: TenantId): readonly TenantOption[] =>
  [...(state.tenants.get(tenant)?.options.values() ?? [])]
    .sort(byText(({ key }) => key))
    .sort(byText(({ category }) => category))

const putOptions = (
  state: RegistryState,
  tenant: TenantId,
  options: readonly TenantOption[],
): Result<void> => {
  const home = state.tenants.get(tenant)
  if (home === undefined) return notFound('tenant', tenant)
  for (const option of options) home.options.set(nameOf(option), option)
  return success(undefined)
}

const deleteOption = (state: RegistryState, tenant: TenantId, name: OptionName): Result<void> =>
  state.tenants.get(tenant)?.options.delete(nameOf(name)) === true
    ? success(undefined)
    : notFound('option', `${name.category}/${name.key}`)

/** The length keeps category and key apart, whatever characters they have. */
const nameOf = ({ category, key }: OptionName): string => `${category.length}:${category}${key}`
