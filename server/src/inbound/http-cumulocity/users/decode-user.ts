import { roles } from '../../../core/access.ts'
import type { Role } from '../../../core/access.ts'
import { decodeUserName } from '../../../core/decode-identity.ts'
import { failed, notFound, success } from '../../../core/failure.ts'
import type { Issue, Result } from '../../../core/failure.ts'
import type { UserName } from '../../../core/identity.ts'
import { readElements } from '../../../core/json-text.ts'
import type { UserDraft, UserExtras, UserUpdate } from '../../../usecases/manage-users.ts'
import {
  decodeCustomProperties,
  decodeDevicePermissions,
  decodeFlag,
} from './decode-account-members.ts'
import { decodeMandatoryText, decodeMembers, decodeText } from '../ground/decode-members.ts'
import type { Members } from '../ground/decode-members.ts'

/** What is kept of a user besides its name, password, state and roles (6.3). */
const profileFields = ['email', 'firstName', 'lastName', 'displayName', 'phone', 'owner'] as const

/** Reads the body of `POST /user/{tenant}/users`. Fails with `invalid`, every problem at once. */
export const decodeUser = (text: string): Result<UserDraft> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const name = decodeName(members.value, issues)
  const password = decodePassword(members.value, issues)
  const enabled = decodeFlag(members.value, 'enabled', issues) ?? true
  const granted = decodeRoles(members.value, issues)
  const profile = decodeProfile(members.value, issues)
  const more = decodeExtras(members.value, issues)
  if (name === undefined || issues.length > 0) return failed({ kind: 'invalid', issues })
  return success({ name, password, enabled, roles: granted, profile, more })
}

/** Reads the body of `PUT` on a user. Its name cannot change, and its roles have resources of their own: both are ignored. */
export const decodeUserUpdate = (text: string): Result<UserUpdate> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const password = decodeText(members.value, 'password', issues)
  const enabled = decodeFlag(members.value, 'enabled', issues)
  const profile = decodeProfile(members.value, issues)
  const more = decodeExtras(members.value, issues)
  if (issues.length > 0) return failed({ kind: 'invalid', issues })
  return success({ password, enabled, roles: undefined, profile, ...more })
}

/** Reads `{"role": {"id": …}}` or `{"role": {"self": …}}`. Fails with `invalid` and `not-found` (role). */
export const decodeRoleReference = (text: string): Result<Role> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const name = roleNameIn(members.value)
  if (name !== undefined) return decodeRole(name)
  const issue = { path: 'role', problem: 'missing', message: 'must name its id or self' } as const
  return failed({ kind: 'invalid', issues: [issue] })
}

/** Fails with `not-found` (role). */
export const decodeRole = (name: string): Result<Role> => {
  const role = roles.find((known) => known === name)
  return role === undefined ? notFound('role', name) : success(role)
}

const decodeName = (members: Members, issues: Issue[]): UserName | undefined => {
  const text = decodeMandatoryText(members, 'userName', issues)
  const name = text === undefined ? undefined : decodeUserName(text)
  if (text !== undefined && name === undefined) {
    const message = 'must have no white space, slash, +, $ or : and be of a moderate length'
    issues.push({ path: 'userName', problem: 'wrong', message })
  }
  return name
}

/** A user without a password is one that is sent a mail by the original; it must be asked for. */
const decodePassword = (members: Members, issues: Issue[]): string | undefined =>
  decodeFlag(members, 'sendPasswordResetEmail', issues) === true
    ? decodeText(members, 'password', issues)
    : decodeMandatoryText(members, 'password', issues)

const decodeExtras = (members: Members, issues: Issue[]): UserExtras => {
  const devicePermissions = decodeDevicePermissions(members, issues)
  const customProperties = decodeCustomProperties(members, issues)
  const shouldResetPassword = decodeFlag(members, 'shouldResetPassword', issues)
  return {
    ...(devicePermissions === undefined ? {} : { devicePermissions }),
    ...(customProperties === undefined ? {} : { customProperties }),
    ...(shouldResetPassword === undefined ? {} : { shouldResetPassword }),
  }
}

/** Reads `{"currentUserPassword", "newPassword"}`. Fails with `invalid`. */
export const decodePasswordChange = (
  text: string,
): Result<{ readonly old: string; readonly new: string }> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const old = decodeMandatoryText(members.value, 'currentUserPassword', issues)
  const changed = decodeMandatoryText(members.value, 'newPassword', issues)
  if (old === undefined || changed === undefined) return failed({ kind: 'invalid', issues })
  return success({ old, new: changed })
}

const decodeProfile = (members: Members, issues: Issue[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    profileFields.flatMap((field) => {
      const value = decodeText(members, field, issues)
      return value === undefined ? [] : [[field, value] as const]
    }),
  )

/** `{"references": [{"role": {"id": …}}]}`. */
const decodeRoles = (members: Members, issues: Issue[]): readonly Role[] => {
  const references = membersOf(members.get('roles')?.value)?.get('references')
  if (references?.kind !== 'array') return []
  const granted = new Set<Role>()
  for (const [index, element] of readElements(references.value).entries()) {
    const role = decodeRole(roleNameIn(membersOf(element)) ?? '')
    if (role.ok) granted.add(role.value)
    else {
      const path = `roles.references[${index}]`
      issues.push({ path, problem: 'wrong', message: 'must name a role of this server' })
    }
  }
  return [...granted]
}

/** The id of the member `role`, or the last part of its `self`. */
const roleNameIn = (members: Members | undefined): string | undefined => {
  const role = membersOf(members?.get('role')?.value)
  if (role === undefined) return undefined
  return decodeText(role, 'id', []) ?? decodeText(role, 'self', [])?.split('/').at(-1)
}

const membersOf = (text: string | undefined): Members | undefined => {
  const members = text === undefined ? undefined : decodeMembers(text)
  return members?.ok === true ? members.value : undefined
}
