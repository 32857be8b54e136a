import { externalIdText } from '../../core/managed-object.ts'
import type { ApiKey, App, Tenant, User } from '../../core/account.ts'
import type { AuditRecord, AuditShelf } from '../../core/audit.ts'
import type { DeviceRequest } from '../../core/device-request.ts'
import type { ChildReference } from '../../core/family.ts'
import type { Group } from '../../core/group.ts'
import type {
  AuditRecordId,
  GroupId,
  InventoryRoleId,
  ManagedObjectId,
  RetentionRuleId,
  TenantId,
  UserName,
} from '../../core/identity.ts'
import type { OwnInventoryRole } from '../../core/inventory-role.ts'
import type { RetentionRule, RetentionRun } from '../../core/retention.ts'
import type { Session } from '../../core/session.ts'
import type { TenantOption } from '../../core/tenant-option.ts'
import type { ExternalId, ManagedObject } from '../../core/managed-object.ts'
import type { Purge } from '../../ports/inventory.ts'

/** All that one tenant has. It lives and dies as one. */
export type TenantState = {
  tenant: Tenant
  readonly users: Map<UserName, User>
  readonly apps: Map<string, App>
  readonly keys: Map<string, ApiKey>
  /** By ascending id. */
  readonly groups: Map<GroupId, Group>
  /** By ascending id. */
  readonly inventoryRoles: Map<InventoryRoleId, OwnInventoryRole>
  readonly deviceRequests: Map<string, DeviceRequest>
  /** By ascending id. */
  readonly retentionRules: Map<RetentionRuleId, RetentionRule>
  retentionRun: RetentionRun | undefined
  /** On each shelf in the order of arrival, which is by ascending id. */
  readonly auditShelves: Map<AuditShelf, Map<AuditRecordId, AuditRecord>>
  readonly options: Map<string, TenantOption>
  /** By the hash of the token, oldest first. */
  sessions: ReadonlyMap<string, Session>
  /** In the order of creation, which is by ascending id. */
  readonly objects: Map<ManagedObjectId, ManagedObject>
  /** In the order of binding. */
  readonly bindings: Map<string, Binding>
  readonly references: Map<string, ChildReference>
}

export type Binding = { readonly externalId: ExternalId; readonly object: ManagedObjectId }

export type RegistryState = {
  readonly tenants: Map<TenantId, TenantState>
  purges: readonly Purge[]
  /** The highest managed object id ever given; no id is given twice. */
  lastId: number
  lastGroupId: number
  lastInventoryRoleId: number
  lastRetentionRuleId: number
  lastAuditRecordId: number
}

export const createRegistryState = (): RegistryState => ({
  tenants: new Map(),
  purges: [],
  lastId: 0,
  // Far from every other number, so that one is told from the other in what a test compares.
  lastGroupId: 70_000_000,
  lastInventoryRoleId: 80_000_000,
  lastRetentionRuleId: 60_000_000,
  lastAuditRecordId: 50_000_000,
})

export const createTenantState = (tenant: Tenant): TenantState => ({
  tenant,
  users: new Map(),
  apps: new Map(),
  keys: new Map(),
  groups: new Map(),
  inventoryRoles: new Map(),
  deviceRequests: new Map(),
  retentionRules: new Map(),
  retentionRun: undefined,
  auditShelves: new Map(),
  options: new Map(),
  sessions: new Map(),
  objects: new Map(),
  bindings: new Map(),
  references: new Map(),
})

/** One text per pair; the length keeps `a/b` + `c` apart from `a` + `b/c`. */
export const bindingKey = (externalId: ExternalId): string =>
  `${externalId.type.length}:${externalIdText(externalId)}`

export const isPurgeOf = (left: Purge, right: Purge): boolean =>
  left.tenant === right.tenant && left.object === right.object

export const referenceKey = ({ parent, kind, child }: ChildReference): string =>
  `${parent}/${kind}/${child}`
