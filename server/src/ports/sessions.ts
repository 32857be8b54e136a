import type { Result } from '../core/failure.ts'
import type { NewSession, Session } from '../core/session.ts'

/**
 * The part of `Accounts` that keeps log-ins (docs/protocols/cumulocity.md, 5.3). A session ends in the same transaction as the
 * change of its user that ends it (`endsSessions`), the user's deletion, or its tenant's.
 */
export type Sessions = {
  /**
   * Keeps a session of a user whose password hash is still `passwordHash`, so that a log-in under way cannot outlive a
   * change of the password. Beyond `sessionsPerUserMax` the user's oldest end. Fails with `not-found` (user) when there is
   * none with this hash.
   */
  readonly createSession: (session: NewSession, passwordHash: string) => Promise<Result<Session>>

  /** By the SHA-256 of the token, also when it has expired. Fails with `not-found` (session). Cheap: kept in memory. */
  readonly findSession: (hash: string) => Promise<Result<Session>>

  /** Fails with `not-found` (session). */
  readonly endSession: (hash: string) => Promise<Result<void>>
}
