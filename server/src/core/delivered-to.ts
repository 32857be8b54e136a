import { mergeUser } from './account.ts'
import type { NewUser, User } from './account.ts'

/** The user of a device that is registered once more: a new password, enabled, and in the new groups too. */
export const deliveredTo = (
  old: User,
  { passwordHash, groups = [] }: NewUser,
  nowMs: number,
): User =>
  mergeUser(
    old,
    {
      passwordHash,
      enabled: true,
      roles: undefined,
      profile: undefined,
      groups: [...new Set([...old.groups, ...groups])],
    },
    nowMs,
  )
