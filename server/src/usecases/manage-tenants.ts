import { roles, type Principal } from '../core/access.ts'
import { changedTenant } from '../core/account.ts'
import type { AuditChange, AuditNote } from '../core/audit.ts'
import type { NewUser, Tenant, TenantChange } from '../core/account.ts'
import { decodeTenantId, decodeUserName } from '../core/decode-identity.ts'
import { failed, invalid, success, type Issue, type Result } from '../core/failure.ts'
import { managementTenant, type TenantId } from '../core/identity.ts'
import { displayNameLengthMax, profileFieldLengthMax } from '../core/limits.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Passwords } from '../ports/passwords.ts'
import type { Secrets } from '../ports/secrets.ts'
import { mayAdminister, mayOperate } from './administer.ts'
import type { FinishPurges } from './finish-purges.ts'
import { changeFrom, noteOf } from './note-of.ts'

export type TenantPorts = {
  readonly accounts: Accounts
  readonly finishPurges: FinishPurges
  readonly passwords: Passwords
  readonly secrets: Secrets
}

export type TenantDraft = {
  /** One is made without it. */
  readonly id: string | undefined
  /** The id without it. */
  readonly name: string | undefined
  /** The id without it. */
  readonly domain: string | undefined
  readonly administrator: {
    readonly name: string
    /** One is made without it, and answered once. */
    readonly password: string | undefined
  }
  readonly profile?: Readonly<Record<string, string>>
  /** A JSON object as text. */
  readonly customProperties?: string | undefined
}

export type CreatedTenant = {
  readonly tenant: Tenant
  readonly administrator: string
  /** Only when the server made it. */
  readonly madePassword: string | undefined
}

/** Everything operators do with tenants. Each verb fails with `forbidden` for everybody else, before it looks anything up. */
export type ManageTenants = {
  /** Creates the tenant with an administrator who holds every role in it. Fails with `invalid` and `conflict` (tenant). */
  readonly create: (principal: Principal, draft: TenantDraft) => Promise<Result<CreatedTenant>>
  /** Fails with `not-found` (tenant). A tenant's own administrators may read it too. */
  readonly read: (principal: Principal, tenant: TenantId) => Promise<Result<Tenant>>
  readonly list: (principal: Principal) => Promise<Result<readonly Tenant[]>>
  /** `suspended` refuses every request of the tenant until it is `active` again. Fails with `not-found` (tenant). */
  readonly changeState: (
    principal: Principal,
    tenant: TenantId,
    state: Tenant['state'],
  ) => Promise<Result<Tenant>>
  /** Its name, state and what is kept for people to read. Fails with `invalid` and `not-found` (tenant). */
  readonly change: (
    principal: Principal,
    tenant: TenantId,
    change: TenantChange,
  ) => Promise<Result<Tenant>>
  /** Deletes the tenant and hides its events at once; they are removed in the background. Fails with `not-found` (tenant). */
  readonly delete: (principal: Principal, tenant: TenantId) => Promise<Result<void>>
}

export const createManageTenants = (ports: TenantPorts): ManageTenants => {
  return {
    create: async (principal, draft) => {
      const allowed = mayOperate(principal)
      return allowed.ok ? createTenant(ports, principal, draft) : allowed
    },
    read: (principal, tenant) => {
      const allowed = mayAdminister(principal, tenant)
      return allowed.ok ? ports.accounts.readTenant(tenant) : Promise.resolve(allowed)
    },
    list: (principal) => {
      const allowed = mayOperate(principal)
      return allowed.ok ? ports.accounts.listTenants() : Promise.resolve(allowed)
    },
    changeState: async (principal, tenant, state) => {
      const allowed = mayOperate(principal)
      if (!allowed.ok) return allowed
      if (tenant === managementTenant) return untouchable
      const note = await noteOfChange(ports.accounts, principal, tenant, { state })
      return note.ok ? ports.accounts.noting(note.value).changeTenantState(tenant, state) : note
    },
    change: async (principal, tenant, change) => {
      const allowed = mayOperate(principal)
      if (!allowed.ok) return allowed
      if (tenant === managementTenant && change.state === 'suspended') return untouchable
      const issues = judgeTexts(change)
      if (issues.length > 0) return failed({ kind: 'invalid', issues })
      const note = await noteOfChange(ports.accounts, principal, tenant, change)
      return note.ok ? ports.accounts.noting(note.value).changeTenant(tenant, change) : note
    },
    delete: async (principal, tenant) => {
      const allowed = mayOperate(principal)
      if (!allowed.ok) return allowed
      return tenant === managementTenant ? untouchable : deleteTenant(ports, principal, tenant)
    },
  }
}

const untouchable = invalid('id', "the operators' own tenant can't be suspended or deleted")

const tenantNote = (
  principal: Principal,
  activity: string,
  source: TenantId,
  changes: readonly AuditChange[] = [],
): AuditNote => noteOf(principal, { type: 'Tenant', activity, source, changes })

const noteOfChange = async (
  accounts: Accounts,
  principal: Principal,
  tenant: TenantId,
  { name, state }: TenantChange,
): Promise<Result<AuditNote>> => {
  const old = await accounts.readTenant(tenant)
  if (!old.ok) return old
  const changes = [
    ...changeFrom('name', old.value.name, name),
    ...changeFrom('state', old.value.state, state),
  ]
  const isSwitched = state !== undefined && state !== old.value.state
  const activity = isSwitched ? stateActivities[state] : 'Tenant changed'
  return success(tenantNote(principal, activity, tenant, changes))
}

const stateActivities = { active: 'Tenant activated', suspended: 'Tenant suspended' } as const

const createTenant = async (
  ports: TenantPorts,
  principal: Principal,
  draft: TenantDraft,
): Promise<Result<CreatedTenant>> => {
  const id = draft.id ?? newTenantId(ports.secrets)
  const admitted = admitTenant({ ...draft, id })
  if (!admitted.ok) return admitted
  const { accounts, passwords, secrets } = ports
  const { tenant, administrator } = admitted.value
  // What is left of an earlier tenant of this name: the new one begins empty and is not emptied later.
  const purged = await ports.finishPurges(tenant.id)
  if (!purged.ok) return purged
  const known = draft.administrator.password
  const madePassword = known === undefined ? secrets.randomText(18) : undefined
  const user: NewUser = {
    tenant: tenant.id,
    name: administrator,
    passwordHash: await passwords.hash(known ?? madePassword ?? ''),
    enabled: true,
    roles,
    profile: {},
  }
  const note = tenantNote(principal, 'Tenant created', tenant.id)
  const created = await accounts.noting(note).createTenant(tenant, [user])
  if (!created.ok) return created
  return success({ tenant: created.value, administrator, madePassword })
}

/** `t` and a number, as the original's are; far too many for two to meet, and if they do, creating fails. */
const newTenantId = ({ digest, randomText }: Secrets): string =>
  `t${Number.parseInt(digest(randomText(tenantIdBytes)).slice(0, tenantIdDigits), 16)}`

const tenantIdBytes = 18
const tenantIdDigits = 10

const admitTenant = (draft: TenantDraft & { readonly id: string }) => {
  const tenant = decodeTenantId(draft.id)
  const domain = decodeTenantId(draft.domain ?? draft.id)
  const administrator = decodeUserName(draft.administrator.name)
  const issues = judgeTexts(draft)
  if (draft.administrator.password === '') {
    issues.push(wrong('administrator.password', 'must not be empty'))
  }
  if (tenant === undefined) issues.push(wrong('id', 'must be 2 to 63 of a-z, 0-9, - and _'))
  else if (domain === undefined) issues.push(wrong('domain', 'must be a host label'))
  if (administrator === undefined) {
    issues.push(wrong('administrator.name', 'must have no white space, /, +, $ and :'))
  }
  if (tenant && domain && administrator && issues.length === 0) {
    const state = 'active' as const
    return success({
      tenant: changedTenant(
        { id: tenant, name: draft.name ?? tenant, domain, state },
        keptOf(draft),
      ),
      administrator,
    })
  }
  return failed({ kind: 'invalid', issues })
}

const keptOf = ({ profile = {}, customProperties = '{}' }: TenantDraft): TenantChange => ({
  profile,
  customProperties,
})

type Texts = Partial<Pick<Tenant, 'profile'>> & { readonly name?: string | undefined }

const judgeTexts = ({ name, profile = {} }: Texts): Issue[] => {
  const issues: Issue[] = []
  if (name !== undefined && !isDisplayName(name)) {
    issues.push(wrong('name', `must be 1 to ${displayNameLengthMax} characters`))
  }
  for (const [field, text] of Object.entries(profile)) {
    if ([...text].length > profileFieldLengthMax) {
      issues.push(wrong(field, `has at most ${profileFieldLengthMax} characters`))
    }
  }
  return issues
}

const wrong = (path: string, message: string): Issue => ({ path, problem: 'wrong', message })

/** What people may call a tenant, an app or a key. */
export const isDisplayName = (text: string): boolean =>
  text !== '' && !/\p{Cc}/u.test(text) && [...text].length <= displayNameLengthMax

/**
 * The registry notes what has still to go in the same transaction, so that a crash in between loses nothing. The tenant
 * is gone whatever happens to its events now: what fails here is tried again later.
 */
const deleteTenant = async (
  { accounts, finishPurges }: TenantPorts,
  principal: Principal,
  tenant: TenantId,
): Promise<Result<void>> => {
  const note = tenantNote(principal, 'Tenant deleted', tenant)
  const deleted = await accounts.noting(note).deleteTenant(tenant)
  if (deleted.ok) await finishPurges(tenant)
  return deleted
}
