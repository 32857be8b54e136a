import type { TenantChange } from '../../../core/account.ts'
import { failed, success } from '../../../core/failure.ts'
import type { Issue, Result } from '../../../core/failure.ts'
import { passwordLengthMax, passwordLengthMin } from '../../../core/limits.ts'
import type { TenantDraft } from '../../../usecases/manage-tenants.ts'
import { decodeCustomProperties } from '../users/decode-account-members.ts'
import { decodeMandatoryText, decodeMembers, decodeText } from '../ground/decode-members.ts'
import type { Members } from '../ground/decode-members.ts'

/** What is kept of a tenant for people to read (docs/protocols/cumulocity.md, 6.3). */
const profileFields = ['adminName', 'adminEmail', 'contactName', 'contactPhone'] as const

/** Reads the body of `POST /tenant/tenants`. Fails with `invalid`, every problem at once. */
export const decodeTenant = (text: string): Result<TenantDraft> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const name = decodeMandatoryText(members.value, 'company', issues)
  const domain = decodeMandatoryText(members.value, 'domain', issues)
  const administrator = decodeMandatoryText(members.value, 'adminName', issues)
  const password = decodePassword(members.value, issues)
  const id = decodeText(members.value, 'id', issues)
  const profile = decodeProfile(members.value, issues)
  const customProperties = decodeCustomProperties(members.value, issues)
  if (issues.length > 0 || administrator === undefined || domain === undefined) {
    return failed({ kind: 'invalid', issues })
  }
  return success({
    id,
    name,
    domain: domainLabel(domain),
    administrator: { name: administrator, password },
    profile,
    customProperties,
  })
}

/** The domain is asked for whole, and one label of it is what tenants are told apart by. */
export const domainLabel = (domain: string): string => domain.split('.', 1)[0]?.toLowerCase() ?? ''

/** No mail is sent, so that nobody could ever know a password that is not given here. */
const decodePassword = (members: Members, issues: Issue[]): string | undefined => {
  const path = 'adminPass'
  const password = decodeMandatoryText(members, path, issues)
  if (password === undefined) return undefined
  const { length } = [...password]
  if (length < passwordLengthMin || length > passwordLengthMax) {
    const message = `has ${passwordLengthMin} to ${passwordLengthMax} characters`
    issues.push({ path, problem: 'wrong', message })
  }
  return password
}

const decodeProfile = (members: Members, issues: Issue[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    profileFields.flatMap((field) => {
      const text = decodeText(members, field, issues)
      return text === undefined ? [] : [[field, text] as const]
    }),
  )

export type TenantUpdate = {
  readonly change: Omit<TenantChange, 'profile'>
  /** Of the profile's fields, those that are named. */
  readonly profile: Readonly<Record<string, string>>
  /** As it was sent: it can't change, and clients send whole tenants back. */
  readonly domain: string | undefined
}

/** Reads the body of `PUT /tenant/tenants/{id}`, a partial update. Fails with `invalid`, every problem at once. */
export const decodeTenantUpdate = (text: string): Result<TenantUpdate> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const name = decodeText(members.value, 'company', issues)
  const domain = decodeText(members.value, 'domain', issues)
  const state = decodeState(members.value, issues)
  const profile = decodeProfile(members.value, issues)
  const customProperties = decodeCustomProperties(members.value, issues)
  if (members.value.has('adminPass')) issues.push(passwordElsewhere)
  if (issues.length > 0) return failed({ kind: 'invalid', issues })
  const change = {
    ...(name === undefined ? {} : { name }),
    ...(state === undefined ? {} : { state }),
    ...(customProperties === undefined ? {} : { customProperties }),
  }
  return success({ change, profile, domain })
}

const passwordElsewhere: Issue = {
  path: 'adminPass',
  problem: 'wrong',
  message: 'is changed with the user, not with the tenant',
}

const decodeState = (members: Members, issues: Issue[]): 'active' | 'suspended' | undefined => {
  const status = decodeText(members, 'status', issues)
  if (status === undefined) return undefined
  if (status === 'ACTIVE') return 'active'
  if (status === 'SUSPENDED') return 'suspended'
  issues.push({ path: 'status', problem: 'wrong', message: 'must be ACTIVE or SUSPENDED' })
  return undefined
}
