import type { Principal } from '../core/access.ts'
import type { Account, ApiKey } from '../core/account.ts'
import type { Caller, Credentials } from '../core/credentials.ts'
import { failed, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import { grantsOf } from '../core/grants-of.ts'
import { managementTenant } from '../core/identity.ts'
import type { TenantId } from '../core/identity.ts'
import type { Accounts } from '../ports/accounts.ts'
import { badCredentials, createProvePassword } from './prove-password.ts'
import type { ProvePassword, ProvePasswordConfig, ProvePasswordPorts } from './prove-password.ts'

/**
 * Proves credentials. Fails like `ProvePassword`, with `unauthenticated` for a key or token that proves nothing (any more)
 * and for a cookie without its proof, and with `forbidden` (suspended) for right credentials of a suspended tenant
 * (docs/protocols/cumulocity.md, 5.1 to 5.3).
 */
export type Authenticate = (credentials: Credentials, caller: Caller) => Promise<Result<Principal>>

export const createAuthenticate = (
  config: ProvePasswordConfig,
  ports: ProvePasswordPorts,
  provePassword: ProvePassword = createProvePassword(config, ports),
): Authenticate => {
  const { secrets } = ports
  return rememberProofs(ports, provePassword, async (credentials, caller) => {
    switch (credentials.kind) {
      case 'basic':
        return admitAccount(ports.accounts, await provePassword.prove(credentials, caller))
      case 'key':
        return authenticateKey(ports, credentials.key)
      case 'token':
        return authenticateToken(ports, credentials.token)
      case 'cookie':
        return credentials.proof === secrets.proofOf(credentials.token)
          ? authenticateToken(ports, credentials.token)
          : badCredentials
    }
  })
}

/** A caller whose credentials were right, and the time from which they no longer are. */
type Proved = { readonly principal: Principal; readonly expiresMs: number }

type Proof = Proved & {
  readonly revision: number
  readonly answer: Promise<Result<Principal>>
}

/**
 * Whoever shows the same credentials again, as one object, is known without a look at anything else for as long as no
 * account has changed. Only success is remembered, and it says nothing for who is locked out.
 */
const rememberProofs = (
  { accounts, clock }: ProvePasswordPorts,
  { isLockedOut }: ProvePassword,
  authenticate: (credentials: Credentials, caller: Caller) => Promise<Result<Proved>>,
): Authenticate => {
  const proofs = new WeakMap<Credentials, Proof>()
  const prove: Authenticate = async (credentials, caller) => {
    const revision = accounts.revision()
    const proved = await authenticate(credentials, caller)
    if (!proved.ok) return proved
    const answer = success(proved.value.principal)
    proofs.set(credentials, { ...proved.value, revision, answer: Promise.resolve(answer) })
    return answer
  }
  return (credentials, caller) => {
    const proof = proofs.get(credentials)
    const holds = proof?.revision === accounts.revision() && proof.expiresMs > clock.nowMs()
    return holds && !isLockedOut(credentials, caller) ? proof.answer : prove(credentials, caller)
  }
}

const authenticateKey = async (
  { accounts, secrets, clock }: ProvePasswordPorts,
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

/** A session has ended when its user's password changed: nothing of the user has to be compared here. */
const authenticateToken = async (
  { accounts, secrets, clock }: ProvePasswordPorts,
  token: string,
): Promise<Result<Proved>> => {
  const session = await accounts.findSession(secrets.digest(token))
  if (!session.ok) return session.failure.kind === 'not-found' ? badCredentials : session
  const { tenant, user, expiresMs } = session.value
  if (expiresMs <= clock.nowMs()) return badCredentials
  const account = await accounts.readAccount(tenant, user)
  if (!account.ok) return account.failure.kind === 'not-found' ? badCredentials : account
  return account.value.user.enabled ? admitAccount(accounts, account, expiresMs) : badCredentials
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

/** What a user may is what it was given and what its groups give it. */
const userPrincipals = onceFor<Account>((account) => {
  const { user, groups } = account
  return {
    kind: 'user',
    tenant: user.tenant,
    user: user.name,
    roles: new Set([...user.roles, ...groups.flatMap(({ roles }) => roles)]),
    grants: grantsOf(account),
  }
})

const admitAccount = async (
  accounts: Accounts,
  account: Result<Account>,
  expiresMs = Infinity,
): Promise<Result<Proved>> => {
  if (!account.ok) return account
  const principal = userPrincipals(account.value)
  return admitTo(accounts, account.value.user.tenant, { principal, expiresMs })
}

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
