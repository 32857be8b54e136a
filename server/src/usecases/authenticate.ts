import type { Principal } from '../core/access.ts'
import type { ApiKey, Tenant, User } from '../core/account.ts'
import type { Credentials } from '../core/credentials.ts'
import { decodeUserName } from '../core/decode-identity.ts'
import { failed, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import { managementTenant } from '../core/identity.ts'
import type { TenantId } from '../core/identity.ts'
import { retryAfterS, verifiedCredentialsMax } from '../core/limits.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Clock } from '../ports/clock.ts'
import type { Passwords } from '../ports/passwords.ts'
import type { Secrets } from '../ports/secrets.ts'

/**
 * Proves credentials. Fails with `unauthenticated`, with `forbidden` (suspended) for right credentials of
 * a suspended tenant, with `forbidden` (tenant) when a user without a tenant calls a host that is named by the id of a
 * tenant with another domain, and with `unavailable` when too many passwords wait to be checked
 * (docs/protocols/cumulocity.md, 5.1).
 */
export type Authenticate = (credentials: Credentials) => Promise<Result<Principal>>

export type AuthenticatePorts = {
  readonly accounts: Accounts
  readonly passwords: Passwords
  readonly secrets: Secrets
  readonly clock: Clock
}

export type AuthenticateConfig = {
  /** For credentials that name no tenant on a host that names none; without it, the only tenant there is. */
  readonly defaultTenant: TenantId | undefined
}

export const createAuthenticate = (
  config: AuthenticateConfig,
  ports: AuthenticatePorts,
): Authenticate => {
  const verify = createPasswordCheck(ports)
  return rememberProofs(ports, (credentials) =>
    credentials.kind === 'key'
      ? authenticateKey(ports, credentials.key)
      : authenticateUser(ports, config, verify, credentials),
  )
}

/** A caller whose credentials were right, and the time from which they no longer are. */
type Proved = { readonly principal: Principal; readonly expiresMs: number }

type Proof = Proved & {
  readonly revision: number
  readonly answer: Promise<Result<Principal>>
}

/**
 * Whoever shows the same credentials again, as one object, is known without a look at anything else for as long as no
 * account has changed. Only success is remembered.
 */
const rememberProofs = (
  { accounts, clock }: AuthenticatePorts,
  authenticate: (credentials: Credentials) => Promise<Result<Proved>>,
): Authenticate => {
  const proofs = new WeakMap<Credentials, Proof>()
  const prove = async (credentials: Credentials): Promise<Result<Principal>> => {
    const revision = accounts.revision()
    const proved = await authenticate(credentials)
    if (!proved.ok) return proved
    const answer = success(proved.value.principal)
    proofs.set(credentials, { ...proved.value, revision, answer: Promise.resolve(answer) })
    return answer
  }
  return (credentials) => {
    const proof = proofs.get(credentials)
    return proof?.revision === accounts.revision() && proof.expiresMs > clock.nowMs()
      ? proof.answer
      : prove(credentials)
  }
}

const badCredentials = failed({ kind: 'unauthenticated', reason: 'bad-credentials' })

const authenticateKey = async (
  { accounts, secrets, clock }: AuthenticatePorts,
  text: string,
): Promise<Result<Proved>> => {
  const hash = secrets.hashApiKey(text)
  if (hash === undefined) return badCredentials
  const key = await accounts.findKey(hash)
  if (!key.ok) return key.failure.kind === 'not-found' ? badCredentials : key
  const expiresMs = key.value.expiresMs ?? Infinity
  if (expiresMs <= clock.nowMs()) return badCredentials
  return admitTo(accounts, key.value.tenant, { principal: keyPrincipals(key.value), expiresMs })
}

/** Made once for each record, which is the same object from one request to the next while nobody changes it. */
const onceFor = <T extends WeakKey>(make: (from: T) => Principal): ((from: T) => Principal) => {
  const made = new WeakMap<T, Principal>()
  return (from) => {
    const known = made.get(from)
    if (known !== undefined) return known
    const principal = make(from)
    made.set(from, principal)
    return principal
  }
}

const keyPrincipals = onceFor<ApiKey>(({ tenant, prefix, allTenants, devices }) => ({
  kind: 'key',
  tenant,
  keyPrefix: prefix,
  allTenants: allTenants && tenant === managementTenant,
  devices: devices === undefined ? undefined : new Set(devices),
}))

type BasicCredentials = Extract<Credentials, { readonly kind: 'basic' }>

/** An unknown tenant or user costs as much time as a wrong password, so that neither can be found out. */
const authenticateUser = async (
  { accounts }: AuthenticatePorts,
  config: AuthenticateConfig,
  verify: PasswordCheck,
  credentials: BasicCredentials,
): Promise<Result<Proved>> => {
  const user = await findUser(accounts, config, credentials)
  if (!user.ok) return user
  const verified = await verify(credentials, user.value)
  if (verified === 'busy') return failed({ kind: 'unavailable', reason: 'busy', retryAfterS })
  if (!verified || user.value === undefined) return badCredentials
  const principal = userPrincipals(user.value)
  return admitTo(accounts, user.value.tenant, { principal, expiresMs: Infinity })
}

/** Undefined when there is none, or when it is disabled. */
const findUser = async (
  accounts: Accounts,
  config: AuthenticateConfig,
  credentials: BasicCredentials,
): Promise<Result<User | undefined>> => {
  const tenant = await findTenant(accounts, config, credentials)
  if (!tenant.ok) return tenant
  const name = decodeUserName(credentials.user)
  if (tenant.value === undefined || name === undefined) return success(undefined)
  const user = await accounts.readUser(tenant.value, name)
  if (user.ok) return success(user.value.enabled ? user.value : undefined)
  return user.failure.kind === 'not-found' ? success(undefined) : user
}

const userPrincipals = onceFor<User>(({ tenant, name, roles }) => ({
  kind: 'user',
  tenant,
  user: name,
  roles: new Set(roles),
}))

const admitTo = async (
  accounts: Accounts,
  id: TenantId,
  proved: Proved,
): Promise<Result<Proved>> => {
  const tenant = await accounts.readTenant(id)
  if (!tenant.ok) return tenant.failure.kind === 'not-found' ? badCredentials : tenant
  return tenant.value.state === 'suspended'
    ? failed({ kind: 'forbidden', reason: 'suspended' })
    : success(proved)
}

/** The named tenant, else the one whose domain is the host's first label, else the default or only one (5.1). */
const findTenant = async (
  accounts: Accounts,
  { defaultTenant }: AuthenticateConfig,
  { tenant, host }: BasicCredentials,
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

type PasswordCheck = (
  credentials: BasicCredentials,
  user: User | undefined,
) => Promise<boolean | 'busy'>

/**
 * Remembers right passwords by a keyed digest of user, password and password hash, so that the slow check
 * is made once and a changed password counts from the next request on. Equal checks that come while one is
 * running share its answer. The oldest of `verifiedCredentialsMax` are forgotten first.
 */
const createPasswordCheck = ({ passwords, secrets }: AuthenticatePorts): PasswordCheck => {
  const verified = new Set<string>()
  const running = new Map<string, Promise<boolean | 'busy'>>()
  const check = async (key: string, password: string, hash: string): Promise<boolean | 'busy'> => {
    try {
      const isRight = await passwords.verify(password, hash)
      if (isRight === true) remember(verified, key)
      return isRight
    } finally {
      running.delete(key)
    }
  }
  return ({ password }, user) => {
    if (user === undefined) return passwords.verify(password, undefined)
    const { tenant, name, passwordHash } = user
    // Neither the hash nor the other names have a line feed; the password comes last.
    const key = secrets.fingerprint(`${tenant}\n${name}\n${passwordHash}\n${password}`)
    if (verified.has(key)) return Promise.resolve(true)
    const shared = running.get(key) ?? check(key, password, passwordHash)
    running.set(key, shared)
    return shared
  }
}

const remember = (verified: Set<string>, key: string): void => {
  const [oldest] = verified
  if (verified.size >= verifiedCredentialsMax && oldest !== undefined) verified.delete(oldest)
  verified.add(key)
}
