import type { BasicCredentials, Caller, Credentials } from '../core/credentials.ts'
import { failed, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { TenantId, UserName } from '../core/identity.ts'
import { logInLifetimeOf } from '../core/log-in-lifetime.ts'
import { badCredentials } from './prove-password.ts'
import type { ProvePassword, ProvePasswordPorts } from './prove-password.ts'

export type LoggedIn = {
  readonly tenant: TenantId
  readonly user: UserName
  readonly token: string
  /** What a browser shows together with the token's cookie. */
  readonly proof: string
  /** How long a browser keeps the cookies; undefined for until it is closed. */
  readonly cookieMs: number | undefined
}

/** Log-ins that go on by a token (docs/protocols/cumulocity.md, 5.3). Ok means on disk. */
export type LogIn = {
  /** Fails like `ProvePassword`, and with `forbidden` (suspended). */
  readonly begin: (
    credentials: BasicCredentials,
    caller: Caller,
    kept: 'in-cookie' | 'in-body',
  ) => Promise<Result<LoggedIn>>

  /** Ends the session whose token proved the caller; without one there is nothing to end. */
  readonly end: (credentials: Credentials) => Promise<Result<void>>
}

export const createLogIn = (ports: ProvePasswordPorts, provePassword: ProvePassword): LogIn => ({
  begin: async (credentials, caller, kept) => {
    const account = await provePassword.prove(credentials, caller)
    if (!account.ok) return account
    const { tenant, name: user, passwordHash } = account.value.user
    const home = await ports.accounts.readTenant(tenant)
    if (!home.ok) return home.failure.kind === 'not-found' ? badCredentials : home
    if (home.value.state === 'suspended') return suspended
    const options = await ports.accounts.listOptions(tenant)
    if (!options.ok) return options
    const { tokenMs, cookieMs } = logInLifetimeOf(kept, options.value)
    const creationMs = ports.clock.nowMs()
    const expiresMs = creationMs + tokenMs
    const { token, hash } = ports.secrets.createToken({ tenant, user, creationMs, expiresMs })
    const created = await ports.accounts.createSession(
      { tenant, user, hash, expiresMs },
      passwordHash,
    )
    // The password has changed, or the user has gone, since it was proved.
    if (!created.ok) return created.failure.kind === 'not-found' ? badCredentials : created
    return success({ tenant, user, token, proof: ports.secrets.proofOf(token), cookieMs })
  },

  end: async (credentials) => {
    if (credentials.kind !== 'token' && credentials.kind !== 'cookie') return success(undefined)
    const ended = await ports.accounts.endSession(ports.secrets.digest(credentials.token))
    const isGone = !ended.ok && ended.failure.kind === 'not-found'
    return isGone ? success(undefined) : ended
  },
})

const suspended = failed({ kind: 'forbidden', reason: 'suspended' })
