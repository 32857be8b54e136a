import { isDevicePermissionsBound } from './permission.ts'
import type { DevicePermissions } from './permission.ts'
import { failed, success } from './failure.ts'
import type { Issue, Result } from './failure.ts'
import { passwordLengthMax, passwordLengthMin, profileFieldLengthMax } from './limits.ts'

/** What a creation and a change of a user have in common. */
type Judged = {
  readonly password: string | undefined
  readonly profile: Readonly<Record<string, string>> | undefined
  readonly devicePermissions?: DevicePermissions | undefined
}

/** Judges a new or changed user. Reports all problems at once, and never repeats a password. */
export const admitUser = <T extends Judged>(user: T): Result<T> => {
  const issues = [
    ...passwordIssues(user.password),
    ...profileIssues(user.profile ?? {}),
    ...permissionIssues(user),
  ]
  return issues.length > 0 ? failed({ kind: 'invalid', issues }) : success(user)
}

const passwordIssues = (password: string | undefined): readonly Issue[] => {
  if (password === undefined) return []
  const { length } = [...password]
  if (length >= passwordLengthMin && length <= passwordLengthMax) return []
  const message = `has ${passwordLengthMin} to ${passwordLengthMax} characters`
  return [{ path: 'password', problem: 'wrong', message }]
}

const profileIssues = (profile: Readonly<Record<string, string>>): readonly Issue[] =>
  Object.entries(profile)
    .filter(([, value]) => [...value].length > profileFieldLengthMax)
    .map(([path]) => ({
      path,
      problem: 'wrong',
      message: `has at most ${profileFieldLengthMax} characters`,
    }))

const permissionIssues = ({ devicePermissions = {} }: Judged): readonly Issue[] =>
  isDevicePermissionsBound(devicePermissions)
    ? []
    : [{ path: 'devicePermissions', problem: 'wrong', message: 'names too many objects' }]
