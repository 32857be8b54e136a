import type { Account, Tenant } from '../core/account.ts'
import { recordOf } from '../core/audit.ts'
import type { BasicCredentials, Caller, Credentials } from '../core/credentials.ts'
import { decodeTenantId, decodeUserName } from '../core/decode-identity.ts'
import { failed, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import { managementTenant } from '../core/identity.ts'
import type { TenantId } from '../core/identity.ts'
import { retryAfterS } from '../core/limits.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Clock } from '../ports/clock.ts'
import type { Secrets } from '../ports/secrets.ts'
import type { KnownPasswords } from './remember-passwords.ts'
import { createThrottleGuesses } from './throttle-guesses.ts'
import type { Attempt, ThrottleGuesses } from './throttle-guesses.ts'

/**
 * Proves a user's password. Fails with `unauthenticated`, with `too-many` for who is locked out after too many wrong
 * passwords (docs/protocols/cumulocity.md, 5.2), with `forbidden` (tenant) when a user without a tenant calls a
 * host that is named by the id of a tenant with another domain, and with `unavailable` when too many passwords
 * wait to be checked (5.1). Whether the tenant is suspended is not looked at.
 */
export type ProvePassword = {
  readonly prove: (credentials: BasicCredentials, caller: Caller) => Promise<Result<Account>>

  /** Whether even the right password is refused at present. Cheap while nobody is locked out. */
  readonly isLockedOut: (credentials: Credentials, caller: Caller) => boolean
}

export type ProvePasswordPorts = {
  readonly accounts: Accounts
  readonly passwords: KnownPasswords
  readonly secrets: Secrets
  readonly clock: Clock
  /** Told once for each lock-out, which is an audit record of its tenant besides. */
  readonly noteLockOut?: (account: LockedOut) => void
}

export type LockedOut = {
  /** As it was named; undefined when it followed from the host. */
  readonly tenant: TenantId | undefined
  readonly user: string
  readonly address: string
}

export type ProvePasswordConfig = {
  /** For credentials that name no tenant on a host that names none; without it, the only tenant there is. */
  readonly defaultTenant: TenantId | undefined
}

/** An unknown tenant or user costs as much time as a wrong password, so that neither can be found out. */
export const createProvePassword = (
  config: ProvePasswordConfig,
  ports: ProvePasswordPorts,
): ProvePassword => {
  const throttle = createThrottleGuesses(ports.clock)
  const verify = createPasswordCheck(ports, throttle)
  return {
    prove: async (credentials, caller) => {
      const attempt = { credentials, caller }
      const lockedForS = throttle.lockedForS(attempt)
      if (lockedForS !== undefined) return lockedOut(lockedForS)
      const account = await findAccount(ports.accounts, config, credentials)
      if (!account.ok) return account
      const verified = await verify(attempt, account.value)
      if (verified !== true) return verified
      return account.value === undefined ? badCredentials : success(account.value)
    },
    isLockedOut: (credentials, caller) =>
      throttle.anyLocked() &&
      credentials.kind === 'basic' &&
      throttle.lockedForS({ credentials, caller }) !== undefined,
  }
}

export const badCredentials = failed({ kind: 'unauthenticated', reason: 'bad-credentials' })

const lockedOut = (forS: number): Result<never> => failed({ kind: 'too-many', retryAfterS: forS })

/** Undefined when there is none, or when its user is disabled. */
const findAccount = async (
  accounts: Accounts,
  config: ProvePasswordConfig,
  credentials: BasicCredentials,
): Promise<Result<Account | undefined>> => {
  const tenant = await findNamedTenant(accounts, config, credentials)
  if (!tenant.ok) return tenant
  const name = decodeUserName(credentials.user)
  if (tenant.value === undefined || name === undefined) return success(undefined)
  const account = await accounts.readAccount(tenant.value, name)
  if (account.ok) return success(account.value.user.enabled ? account.value : undefined)
  return account.failure.kind === 'not-found' ? success(undefined) : account
}

/** The named tenant, else the one whose domain is the host's first label, else the default or only one (5.1). */
export const findNamedTenant = async (
  accounts: Accounts,
  { defaultTenant }: ProvePasswordConfig,
  { tenant, host }: Pick<BasicCredentials, 'tenant' | 'host'>,
): Promise<Result<TenantId | undefined>> => {
  if (tenant !== undefined) return success(tenant)
  const tenants = await accounts.listTenants()
  if (!tenants.ok) return tenants
  const [label] = host.toLowerCase().split('.', 1)
  const named = tenants.value.find(({ domain }) => domain === label)
  if (named !== undefined) return success(named.id)
  if (tenants.value.some(({ id }) => id === label)) return otherTenant
  return success(defaultTenant ?? onlyTenant(tenants.value))
}

const otherTenant = failed({ kind: 'forbidden', reason: 'tenant' })

const onlyTenant = (tenants: readonly Tenant[]): TenantId | undefined => {
  const [first, ...others] = tenants.filter(({ id }) => id !== managementTenant)
  return others.length === 0 ? first?.id : undefined
}

/** True, or the failure. */
type PasswordCheck = (
  attempt: Attempt,
  account: Account | undefined,
) => Promise<true | Result<never>>

/**
 * A password that is known to be right is not checked slowly again. Equal checks that come while one is running share its
 * answer. A password that was wrong before is refused without being checked again.
 */
const createPasswordCheck = (
  ports: ProvePasswordPorts,
  throttle: ThrottleGuesses,
): PasswordCheck => {
  const { passwords, secrets } = ports
  const checkSlowly = createSlowCheck(ports, throttle)
  return async (attempt, account) => {
    const { credentials } = attempt
    if (passwords.isKnown(credentials.password, account?.user.passwordHash)) return true
    const key = secrets.fingerprint(comparison(credentials, account))
    return checkSlowly(attempt, account, key)
  }
}

/** Neither the hash nor the names have a line feed; the password comes last. */
const comparison = (
  { tenant: named, user, password }: BasicCredentials,
  account: Account | undefined,
): string => {
  if (account === undefined) return `${named ?? ''}\n${user}\n\n${password}`
  const { tenant, name, passwordHash } = account.user
  return `${tenant}\n${name}\n${passwordHash}\n${password}`
}

type SlowCheck = (
  attempt: Attempt,
  account: Account | undefined,
  key: string,
) => Promise<true | Result<never>>

const createSlowCheck = (ports: ProvePasswordPorts, throttle: ThrottleGuesses): SlowCheck => {
  const running = new Map<string, Promise<boolean | 'busy'>>()
  const check = async (key: string, password: string, hash: string | undefined) => {
    try {
      return await ports.passwords.verify(password, hash)
    } finally {
      running.delete(key)
    }
  }
  return async (attempt, account, key) => {
    if (throttle.isKnownWrong(attempt, key)) return badCredentials
    const uncheckedForS = throttle.uncheckedForS(attempt)
    if (uncheckedForS !== undefined) return lockedOut(uncheckedForS)
    const { password } = attempt.credentials
    const shared = running.get(key) ?? check(key, password, account?.user.passwordHash)
    running.set(key, shared)
    const isRight = await shared
    if (isRight === 'busy') return failed({ kind: 'unavailable', reason: 'busy', retryAfterS })
    if (isRight && account !== undefined) return true
    if (throttle.countWrong(attempt, key)) await noteLockOut(ports, attempt, account)
    return badCredentials
  }
}

/**
 * The name of a user who does not exist is left out of the record: it may be a password, typed into the wrong field. A record
 * that can't be written changes nothing for who guesses; the lock-out is told either way.
 */
const noteLockOut = async (
  { accounts, clock, noteLockOut: tell }: ProvePasswordPorts,
  { credentials, caller }: Attempt,
  account: Account | undefined,
): Promise<void> => {
  tell?.({ tenant: credentials.tenant, user: credentials.user, address: caller.ip })
  const tenant = account?.user.tenant ?? decodeTenantId(credentials.tenant ?? '')
  if (tenant === undefined) return
  const user = account?.user.name
  const activity = 'Log-in locked out'
  const text = `${activity}: ${user ?? 'unknown user'} from ${caller.ip}`
  const note = { tenant, type: 'UserAuthentication', activity, text, source: user, user } as const
  await accounts.createAuditRecord(recordOf(note, undefined, clock.nowMs()))
}
