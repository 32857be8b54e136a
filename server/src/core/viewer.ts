import type { UserPrincipal } from './access.ts'
import type { Family } from './family.ts'
import { coveredKinds, objectsWith } from './grants.ts'
import type { ManagedObjectId, UserName } from './identity.ts'

/**
 * A user without a role that reads every managed object, and which it may read all the same beside its own and the global
 * ones (docs/protocols/cumulocity.md, 5.6). An id that its tenant does not have gives nothing.
 */
export type Viewer = {
  readonly user: UserName
  /** These alone: by device permissions. */
  readonly on: readonly ManagedObjectId[]
  /** These and all that hangs below them over `coveredKinds`: by inventory roles. */
  readonly below: readonly ManagedObjectId[]
}

export const viewerOf = ({ user, grants }: UserPrincipal): Viewer => ({
  user,
  on: grants === undefined ? [] : objectsWith(grants.on, 'MANAGED_OBJECT', 'READ'),
  below: grants === undefined ? [] : objectsWith(grants.below, 'MANAGED_OBJECT', 'READ'),
})

/** Whether a permission or a role lets it see this object. */
export const isCoveredFor = (
  { on, below }: Viewer,
  object: ManagedObjectId,
  family: Family,
): boolean => {
  if (on.includes(object)) return true
  if (below.length === 0) return false
  const above = new Set([object])
  // A set is walked in the order of arrival, also over what is added meanwhile.
  for (const each of above) {
    if (below.includes(each)) return true
    for (const parent of family.parentsOf(each, coveredKinds)) above.add(parent)
  }
  return false
}
