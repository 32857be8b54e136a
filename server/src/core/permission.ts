import { permissionsMax, permittedObjectsMax } from './limits.ts'

/** What a permission on an object is about (docs/protocols/cumulocity.md, 5.6). */
const permissionScopes = [
  'ALARM',
  'AUDIT',
  'EVENT',
  'MANAGED_OBJECT',
  'MEASUREMENT',
  'OPERATION',
  '*',
] as const

export type PermissionScope = (typeof permissionScopes)[number]

/** What may be done; ADMIN does not include READ, `*` is both. */
const permissionLevels = ['READ', 'ADMIN', '*'] as const

export type PermissionLevel = (typeof permissionLevels)[number]

/** One line of a device permission or an inventory role, for example `EVENT:*:READ`. */
export type Permission = {
  readonly scope: PermissionScope
  /** The only fragment that things may have, besides their own fields; `*` for any. */
  readonly fragment: string
  readonly level: PermissionLevel
}

/** Undefined when the text is none. */
export const decodePermission = (text: string): Permission | undefined => {
  const [scopeName, fragment, levelName, ...rest] = text.split(':')
  const scope = permissionScopes.find((known) => known === scopeName)
  const level = permissionLevels.find((known) => known === levelName)
  if (scope === undefined || level === undefined || rest.length > 0) return undefined
  return fragment === undefined || fragment === '' ? undefined : { scope, fragment, level }
}

export const encodePermission = ({ scope, fragment, level }: Permission): string =>
  `${scope}:${fragment}:${level}`

/** Permissions by the id of the managed object that they are on, as texts like `EVENT:*:READ`. */
export type DevicePermissions = Readonly<Record<string, readonly string[]>>

export const isDevicePermissionsBound = (permissions: DevicePermissions): boolean =>
  Object.keys(permissions).length <= permittedObjectsMax &&
  Object.values(permissions).every((texts) => texts.length <= permissionsMax)
