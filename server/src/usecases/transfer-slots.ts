import { failed, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { TenantId } from '../core/identity.ts'
import { retryAfterS } from '../core/limits.ts'

/** Lets so many things be under way at once, of all tenants and of each. */
export type TransferSlots = {
  /** Answers how to give the slot back, which does it once however often it is called. Fails with `unavailable`. */
  readonly take: (tenant: TenantId) => Result<() => void>
}

export const createTransferSlots = (max: number, ofTenantMax: number): TransferSlots => {
  const ofTenant = new Map<TenantId, number>()
  let taken = 0
  const add = (tenant: TenantId, slots: 1 | -1): void => {
    const now = (ofTenant.get(tenant) ?? 0) + slots
    taken += slots
    if (now > 0) ofTenant.set(tenant, now)
    else ofTenant.delete(tenant)
  }
  return {
    take: (tenant) => {
      if (taken >= max || (ofTenant.get(tenant) ?? 0) >= ofTenantMax) return busy
      add(tenant, 1)
      let isHeld = true
      return success(() => {
        if (isHeld) add(tenant, -1)
        isHeld = false
      })
    },
  }
}

const busy = failed({ kind: 'unavailable', reason: 'busy', retryAfterS })
