import type { ManagedObjectId } from './identity.ts'
import type { ChildKind } from './family.ts'
import type { Permission } from './permission.ts'

/** What a user may do with single objects beside its roles (docs/protocols/cumulocity.md, 5.6). */
export type Grants = {
  /** On these objects alone: device permissions. */
  readonly on: ReadonlyMap<ManagedObjectId, readonly Permission[]>
  /** On these objects and all below them: inventory roles. */
  readonly below: ReadonlyMap<ManagedObjectId, readonly Permission[]>
}

/** What inventory roles go down over: child additions are not covered. */
export const coveredKinds = ['asset', 'device'] as const satisfies readonly ChildKind[]

/** The ids among these grants where this much may be done. */
export const objectsWith = (
  grants: ReadonlyMap<ManagedObjectId, readonly Permission[]>,
  scope: 'EVENT' | 'MANAGED_OBJECT',
  level: 'READ' | 'ADMIN',
): readonly ManagedObjectId[] =>
  [...grants].flatMap(([id, permissions]) => (allows(permissions, scope, level) ? [id] : []))

/** One that is limited to a fragment gives nothing here: a list could not keep to it. */
export const allows = (
  permissions: readonly Permission[],
  scope: 'EVENT' | 'MANAGED_OBJECT',
  level: 'READ' | 'ADMIN',
): boolean =>
  permissions.some(
    (permission) =>
      permission.fragment === '*' &&
      (permission.scope === scope || permission.scope === '*') &&
      (permission.level === level || permission.level === '*'),
  )
