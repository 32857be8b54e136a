import type { Role } from '../../core/access.ts'

/**
 * Who may call one route, and what everybody is answered. docs/protocols/roles.md is made of these rows, and the
 * server is tried against them; they say what the dialect promises, not what the code happens to do.
 */
export type AccessRow = {
  /** Method and pattern, as the server has them. */
  readonly route: string
  /** The status for those who may, given a request without a mistake. */
  readonly may: number
  /** Credentials are not looked at. */
  readonly everybody?: true
  /** Every user with right credentials. */
  readonly anyUser?: true
  /** Each of these is enough by itself. */
  readonly roles?: readonly Role[]
  /** The owner of the managed object that the request is about. */
  readonly owner?: true
  /** Each is enough: by an inventory role on the object or above it, or by a device permission on it. */
  readonly permissions?: readonly ObjectPermission[]
  /** An API key of the tenant. */
  readonly key?: true
  /** For users of `management`: each of these is enough. */
  readonly operators?: readonly Role[]
  /** What other users are answered; `empty`: the status for those who may, without the object in it. */
  readonly others?: 403 | 404 | 'empty'
  readonly note?: string
}

export type ObjectPermission =
  'EVENT:READ' | 'EVENT:ADMIN' | 'MANAGED_OBJECT:READ' | 'MANAGED_OBJECT:ADMIN'

export type AccessArea = { readonly title: string; readonly rows: readonly AccessRow[] }
