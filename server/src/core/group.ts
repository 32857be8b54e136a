import type { Role } from './access.ts'
import type { GroupId, TenantId } from './identity.ts'
import type { DevicePermissions } from './permission.ts'

/** Users that have roles and permissions in common (docs/protocols/cumulocity.md, 6.3). A user knows its groups. */
export type Group = {
  readonly tenant: TenantId
  /** Unique in the whole server, and never given twice. */
  readonly id: GroupId
  /** Unique in the tenant. */
  readonly name: string
  readonly description: string
  readonly roles: readonly Role[]
  readonly devicePermissions: DevicePermissions
  /** A JSON object as text. */
  readonly customProperties: string
  readonly creationMs: number
}

export type NewGroup = Omit<Group, 'id' | 'creationMs'>

/** What is left out stays as it is. */
export type GroupChange = Partial<Omit<Group, 'tenant' | 'id' | 'creationMs'>>
