import type { Result } from '../core/failure.ts'
import type { TenantId } from '../core/identity.ts'
import type { OptionName, TenantOption } from '../core/tenant-option.ts'

/** The part of `Accounts` that keeps the settings of tenants (docs/protocols/cumulocity.md, 6.5). */
export type TenantOptions = {
  /** By ascending category, then key; none for a tenant that does not exist. Cheap: kept in memory. */
  readonly listOptions: (tenant: TenantId) => Promise<Result<readonly TenantOption[]>>

  /**
   * Sets all of these or none; one that is there gets the new value. Of two with one name the later counts. Fails with
   * `not-found` (tenant).
   */
  readonly putOptions: (tenant: TenantId, options: readonly TenantOption[]) => Promise<Result<void>>

  /** Fails with `not-found` (option). */
  readonly deleteOption: (tenant: TenantId, name: OptionName) => Promise<Result<void>>
}
