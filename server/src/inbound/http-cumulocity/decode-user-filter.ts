import type { User } from '../../core/account.ts'
import { deviceUserStart } from '../../core/device-request.ts'
import { parseId } from '../../core/event-id.ts'
import { failed, success } from '../../core/failure.ts'
import type { Issue, Result } from '../../core/failure.ts'
import { userNamePartLengthMin } from '../../core/limits.ts'
import { firstValue, listValues } from './query-parameters.ts'
import type { QueryParameters } from './query-parameters.ts'

export type UserFilter = (user: User) => boolean

/**
 * Which users a list holds (docs/protocols/cumulocity.md, 6.3). Fails with `invalid` for a part of a name that is too short, for
 * a group that is no number, and for an `onlyDevices` that is no flag.
 */
export const decodeUserFilter = (parameters: QueryParameters): Result<UserFilter> => {
  const issues: Issue[] = []
  const start = firstValue(parameters, 'username') ?? ''
  const part = decodePart(parameters, issues)
  const owner = firstValue(parameters, 'owner')
  const groups = decodeGroups(parameters, issues)
  const onlyDevices = decodeOnlyDevices(parameters, issues)
  if (issues.length > 0) return failed({ kind: 'invalid', issues })
  return success(
    (user) =>
      user.name.startsWith(deviceUserStart) === onlyDevices &&
      user.name.startsWith(start) &&
      user.name.includes(part) &&
      (owner === undefined || user.profile['owner'] === owner) &&
      (groups === undefined || user.groups.some((group) => groups.has(group))),
  )
}

const decodePart = (parameters: QueryParameters, issues: Issue[]): string => {
  const path = 'usernameContains'
  const part = firstValue(parameters, path) ?? ''
  if (part !== '' && [...part].length < userNamePartLengthMin) {
    const message = `has at least ${userNamePartLengthMin} characters`
    issues.push({ path, problem: 'wrong', message })
  }
  return part
}

/** Undefined for users of whatever groups; `groups=` without a value says nothing, like every filter. */
const decodeGroups = (
  parameters: QueryParameters,
  issues: Issue[],
): ReadonlySet<number> | undefined => {
  const path = 'groups'
  const named = listValues(parameters, path) ?? []
  const ids = named.flatMap((text) => parseId(text) ?? [])
  if (ids.length < named.length) {
    issues.push({ path, problem: 'wrong', message: 'must be ids of groups' })
  }
  return named.length === 0 ? undefined : new Set(ids)
}

const decodeOnlyDevices = (parameters: QueryParameters, issues: Issue[]): boolean => {
  const path = 'onlyDevices'
  const value = firstValue(parameters, path)?.toLowerCase() ?? 'false'
  if (value !== 'true' && value !== 'false') {
    issues.push({ path, problem: 'wrong', message: 'must be true or false' })
  }
  return value === 'true'
}
