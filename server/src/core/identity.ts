/** A tenant's id, for example `t1`. Opaque; compared byte for byte. */
export type TenantId = string & { readonly brand: 'TenantId' }

/** A user's name inside its tenant, for example `device_4711`. */
export type UserName = string & { readonly brand: 'UserName' }

/** An event's id: a positive whole number below 2^53, larger than that of every earlier event. */
export type EventId = number & { readonly brand: 'EventId' }

/** A managed object's id (devices are managed objects): a positive whole number below 2^53. */
export type ManagedObjectId = number & { readonly brand: 'ManagedObjectId' }

/** The id of a receipt handed out with a 202. Unique in the whole store. */
export type ReceiptId = number & { readonly brand: 'ReceiptId' }

/** The id of a background deletion. */
export type JobId = number & { readonly brand: 'JobId' }

/** The id of a group of users: a positive whole number. */
export type GroupId = number & { readonly brand: 'GroupId' }

/** The id of an inventory role: a positive whole number. */
export type InventoryRoleId = number & { readonly brand: 'InventoryRoleId' }

/** The id of a retention rule: a positive whole number. */
export type RetentionRuleId = number & { readonly brand: 'RetentionRuleId' }

/** The id of an audit record: a positive whole number. */
export type AuditRecordId = number & { readonly brand: 'AuditRecordId' }

/** The operators' tenant. It owns no devices and sees no tenant's events. */
export const managementTenant = 'management' as TenantId

/** The operator that the very first start makes. */
export const firstOperator = 'admin' as UserName

/** For stores: names a number or text that the store itself has kept. Callers' input is parsed instead. */
export const toTenantId = (kept: string): TenantId => kept as TenantId
export const toUserName = (kept: string): UserName => kept as UserName
export const toEventId = (kept: number): EventId => kept as EventId
export const toManagedObjectId = (kept: number): ManagedObjectId => kept as ManagedObjectId
export const toReceiptId = (kept: number): ReceiptId => kept as ReceiptId
export const toJobId = (kept: number): JobId => kept as JobId
export const toGroupId = (kept: number): GroupId => kept as GroupId
export const toInventoryRoleId = (kept: number): InventoryRoleId => kept as InventoryRoleId
export const toRetentionRuleId = (kept: number): RetentionRuleId => kept as RetentionRuleId
export const toAuditRecordId = (kept: number): AuditRecordId => kept as AuditRecordId
