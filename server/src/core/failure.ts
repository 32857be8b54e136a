/** One thing that is wrong with what a caller sent. */
export type Issue = {
  /** Where: a field's name, a query parameter, or '' for the whole body. */
  readonly path: string
  /** `missing`: a mandatory field is absent. `wrong`: it is there and not acceptable. */
  readonly problem: 'missing' | 'wrong'
  /** A sentence that says what would be right. Never repeats secrets. */
  readonly message: string
}

/** The things that can be absent or already there. */
export type Thing =
  | 'event'
  | 'attachment'
  | 'source'
  | 'managed-object'
  | 'child'
  | 'external-id'
  | 'global-id'
  | 'tenant'
  | 'user'
  | 'role'
  | 'app'
  | 'key'
  | 'receipt'
  | 'job'
  | 'backup'
  | 'route'
  | 'session'
  | 'group'
  | 'inventory-role'
  | 'inventory-assignment'
  | 'device-request'
  | 'login-option'
  | 'retention-rule'
  | 'audit-record'
  | 'option'

/**
 * Everything that can be expected to go wrong, as a value. Bugs throw. Each protocol maps this union
 * once, totally; no status code exists below `inbound/`.
 */
export type Failure =
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] }
  | { readonly kind: 'unauthenticated'; readonly reason: 'no-credentials' | 'bad-credentials' }
  | {
      readonly kind: 'forbidden'
      /**
       * `role`: a role is missing. `tenant`, `device`: outside what the credentials cover. `address`: only from the
       * server's own machine.
       */
      readonly reason: 'role' | 'tenant' | 'device' | 'suspended' | 'address'
    }
  | { readonly kind: 'not-found'; readonly what: Thing; readonly id: string }
  | { readonly kind: 'conflict'; readonly what: Thing; readonly id: string }
  | { readonly kind: 'too-large'; readonly bytesMax: number }
  | { readonly kind: 'too-many'; readonly retryAfterS: number }
  | {
      readonly kind: 'unavailable'
      /**
       * `busy`: a named bound is reached. `disk-full` heals by itself, `tenant-full` when something of the tenant is
       * deleted; `storage-failed` needs a restart.
       */
      readonly reason: 'busy' | 'stopping' | 'disk-full' | 'tenant-full' | 'storage-failed'
      readonly retryAfterS: number
    }

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }

export const success = <T>(value: T): Result<T> => ({ ok: true, value })

export const failed = (failure: Failure): Result<never> => ({ ok: false, failure })

/** To who has no role, and nothing else that would give the right. */
export const denied = failed({ kind: 'forbidden', reason: 'role' })

export const invalid = (path: string, message: string): Result<never> =>
  failed({ kind: 'invalid', issues: [{ path, problem: 'wrong', message }] })

export const notFound = (what: Thing, id: string | number): Result<never> =>
  failed({ kind: 'not-found', what, id: String(id) })

export const conflict = (what: Thing, id: string | number): Result<never> =>
  failed({ kind: 'conflict', what, id: String(id) })
