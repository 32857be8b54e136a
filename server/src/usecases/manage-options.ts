import { mayChangeOptions, mayReadOptions } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import type { AuditNote } from '../core/audit.ts'
import { denied, failed, invalid, notFound, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import { optionsMax } from '../core/limits.ts'
import { isSecretOption, judgeOption } from '../core/tenant-option.ts'
import type { OptionName, TenantOption } from '../core/tenant-option.ts'
import type { Accounts } from '../ports/accounts.ts'
import { noteOf } from './note-of.ts'

/**
 * The options of the caller's tenant and of the system (docs/protocols/cumulocity.md, 6.5). The value of one whose key begins
 * with `credentials.` is shown as `<<Encrypted>>` to who may only read. Ok means on disk. Every call fails with `forbidden`.
 */
export type ManageOptions = {
  /** By ascending category, then key. */
  readonly list: (principal: Principal) => Promise<Result<readonly TenantOption[]>>

  /** Fails with `not-found` (option). */
  readonly read: (principal: Principal, name: OptionName) => Promise<Result<TenantOption>>

  /** Sets all of these or none, and answers all that there are then. Fails with `invalid`. */
  readonly put: (
    principal: Principal,
    options: readonly TenantOption[],
  ) => Promise<Result<readonly TenantOption[]>>

  /** Changes one that is there. Fails with `invalid` and `not-found` (option). */
  readonly change: (principal: Principal, option: TenantOption) => Promise<Result<TenantOption>>

  /** Fails with `not-found` (option). */
  readonly delete: (principal: Principal, name: OptionName) => Promise<Result<void>>

  /** What every user may know of the server, the same for all tenants. */
  readonly listOfSystem: (principal: Principal) => Result<readonly TenantOption[]>

  /** Fails with `not-found` (option). */
  readonly readOfSystem: (principal: Principal, name: OptionName) => Result<TenantOption>
}

export type OptionConfig = {
  /** Of this server, which clients ask for as `system/version`. */
  readonly version: string
}

export const createManageOptions = (
  config: OptionConfig,
  { accounts }: { readonly accounts: Accounts },
): ManageOptions => {
  const listOfSystem: ManageOptions['listOfSystem'] = ({ kind }) =>
    kind === 'user' ? success(systemOptions(config)) : denied
  return {
    list: async (principal) => {
      if (!mayReadOptions(principal)) return denied
      const list = await accounts.listOptions(principal.tenant)
      return list.ok ? success(list.value.map((option) => shown(principal, option))) : list
    },

    read: async (principal, name) => {
      if (!mayReadOptions(principal)) return denied
      const found = pick(await accounts.listOptions(principal.tenant), name)
      return found.ok ? success(shown(principal, found.value)) : found
    },

    put: async (principal, options) => {
      if (!mayChangeOptions(principal)) return denied
      const done = await put(accounts, principal, options)
      return done.ok ? accounts.listOptions(principal.tenant) : done
    },

    change: async (principal, option) => {
      if (!mayChangeOptions(principal)) return denied
      const known = pick(await accounts.listOptions(principal.tenant), option)
      if (!known.ok) return known
      const done = await put(accounts, principal, [option])
      return done.ok ? success(option) : done
    },

    delete: async (principal, name) =>
      mayChangeOptions(principal)
        ? accounts
            .noting(optionNote(principal, 'Option deleted', [name]))
            .deleteOption(principal.tenant, name)
        : denied,

    listOfSystem,

    readOfSystem: (principal, name) => pick(listOfSystem(principal), name),
  }
}

const tooMany = invalid('', `a tenant has at most ${optionsMax} options`)

/** What this server has to say of itself; there is no account of the operators inside a tenant. */
const systemOptions = ({ version }: OptionConfig): readonly TenantOption[] => [
  { category: 'support-user', key: 'enabled', value: 'false' },
  { category: 'system', key: 'version', value: version },
]

const shown = (principal: Principal, option: TenantOption): TenantOption =>
  isSecretOption(option) && !mayChangeOptions(principal)
    ? { ...option, value: '<<Encrypted>>' }
    : option

const pick = (
  list: Result<readonly TenantOption[]>,
  { category, key }: OptionName,
): Result<TenantOption> => {
  if (!list.ok) return list
  const found = list.value.find((each) => each.category === category && each.key === key)
  return found === undefined ? notFound('option', `${category}/${key}`) : success(found)
}

const put = async (
  accounts: Accounts,
  principal: Principal,
  options: readonly TenantOption[],
): Promise<Result<void>> => {
  const { tenant } = principal
  const issues = options.flatMap(judgeOption)
  if (issues.length > 0) return failed({ kind: 'invalid', issues })
  const known = await accounts.listOptions(tenant)
  if (!known.ok) return known
  const names = new Set([...known.value, ...options].map(nameOf))
  if (names.size > optionsMax) return tooMany
  if (options.length === 0) return accounts.putOptions(tenant, options)
  const note = optionNote(principal, 'Option set', options)
  return accounts.noting(note).putOptions(tenant, options)
}

/** Names only: a value may be a secret whatever its key is called. */
const optionNote = (
  principal: Principal,
  activity: string,
  options: readonly OptionName[],
): AuditNote => {
  const named = options.slice(0, optionsNamedMax).map(({ category, key }) => `${category}/${key}`)
  const others = options.length - named.length
  const source = named[0] ?? principal.tenant
  const about = others > 0 ? `${named.join(', ')} and ${others} more` : named.join(', ')
  return noteOf(principal, { type: 'Option', activity, source, about })
}

const optionsNamedMax = 10

const nameOf = ({ category, key }: OptionName): string => `${category.length}:${category}${key}`
