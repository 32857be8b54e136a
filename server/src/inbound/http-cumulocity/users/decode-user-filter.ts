import type { User } from '../../../core/account.ts'
import { deviceUserStart } from '../../../core/device-request.ts'
import { parseId } from '../../../core/event-id.ts'
import { failed, success } from '../../../core/failure.ts'
import type { Issue, Result } from '../../../core/failure.ts'
import { userNamePartLengthMin } from '../../../core/limits.ts'
import { firstValue, listValues } from '../ground/query-parameters.ts'
import type { QueryParameters } from '../ground/query-parameters.ts'

/** Which users a list holds, and what it says of them. */
export type UserFilter = {
  readonly holds: (user: User) => boolean
  /** Whether it tells of each how many users it owns. */
  readonly withSubusersCount: boolean
}

/**
 * Reads the query of a list of users (docs/protocols/cumulocity.md, 6.3). Fails with `invalid` for a part of a name that is too
 * short, for a group that is no number, and for a flag that is none.
 */
export const decodeUserFilter = (parameters: QueryParameters): Result<UserFilter> => {
  const issues: Issue[] = []
  const start = firstValue(parameters, 'username') ?? ''
  const part = decodePart(parameters, issues)
  const owner = firstValue(parameters, 'owner')
  const groups = decodeGroups(parameters, issues)
  const onlyDevices = decodeFlag(parameters, 'onlyDevices', issues)
  const withSubusersCount = decodeFlag(parameters, 'withSubusersCount', issues)
  if (issues.length > 0) return failed({ kind: 'invalid', issues })
  const holds = (user: User): boolean =>
    user.name.startsWith(deviceUserStart) === onlyDevices &&
    user.name.startsWith(start) &&
    user.name.includes(part) &&
    (owner === undefined || user.profile['owner'] === owner) &&
    (groups === undefined || user.groups.some((group) => groups.has(group)))
  return success({ holds, withSubusersCount })
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

const decodeFlag = (parameters: QueryParameters, path: string, issues: Issue[]): boolean => {
  const value = firstValue(parameters, path)?.toLowerCase() ?? 'false'
  if (value !== 'true' && value !== 'false') {
    issues.push({ path, problem: 'wrong', message: 'must be true or false' })
  }
  return value === 'true'
}
