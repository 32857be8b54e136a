import type { TenantId, UserName } from './identity.ts'

/**
 * A log-in that goes on by a token (docs/protocols/cumulocity.md, 5.3). The token itself is shown once; what is kept of it is
 * its SHA-256. A session ends by itself, by logging out, and whenever its user's password changes.
 */
export type Session = {
  readonly tenant: TenantId
  readonly user: UserName
  /** The SHA-256 of the token. Unique. */
  readonly hash: string
  readonly creationMs: number
  /** From this moment on the token proves nothing. */
  readonly expiresMs: number
}

export type NewSession = Omit<Session, 'creationMs'>
