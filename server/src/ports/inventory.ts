import type { Result } from '../core/failure.ts'
import type { ManagedObjectId, TenantId, UserName } from '../core/identity.ts'
import type {
  ManagedObject,
  ManagedObjectDraft,
  ManagedObjectChange,
} from '../core/managed-object.ts'
import type { ExternalId, ManagedObjectFilter } from '../core/managed-object.ts'

/** What an event needs to know of its source, and access decisions of an object. */
export type Source = {
  readonly id: ManagedObjectId
  readonly name: string | undefined
  readonly type: string | undefined
  readonly owner: UserName | undefined
}

export type ManagedObjectPage = {
  /** By ascending id. */
  readonly objects: readonly ManagedObject[]
  readonly more: boolean
}

/**
 * Keeps managed objects (devices among them) and their external ids. The tenant comes first in every
 * call, and nothing of another tenant is ever seen or touched. Writes are durable on return; a read that
 * begins after a write's answer sees it. Failures of every call: `unavailable`; those named come on top.
 */
export type Inventory = {
  /**
   * Creates all or none, external ids included. Fails with `not-found` (tenant) and with
   * `conflict` (external-id), its id written as `type/externalId`, when a pair is taken or stands twice.
   */
  readonly createObjects: (
    tenant: TenantId,
    owner: UserName | undefined,
    drafts: readonly ManagedObjectDraft[],
  ) => Promise<Result<readonly ManagedObject[]>>

  /** Fails with `not-found` (managed-object). */
  readonly readObject: (tenant: TenantId, id: ManagedObjectId) => Promise<Result<ManagedObject>>

  /**
   * The sources that exist among `ids`, in any order; absent ones are left out, and so are those whose deletion was
   * answered before this is: what is stored in the same turn of the event loop comes before the purge of their
   * events. Cheap: kept in memory.
   */
  readonly readSources: (
    tenant: TenantId,
    ids: readonly ManagedObjectId[],
  ) => Promise<Result<readonly Source[]>>

  /** Elements `skip` to `skip + size` of the list by ascending id. */
  readonly listObjects: (
    tenant: TenantId,
    filter: ManagedObjectFilter,
    skip: number,
    size: number,
  ) => Promise<Result<ManagedObjectPage>>

  readonly countObjects: (tenant: TenantId, filter: ManagedObjectFilter) => Promise<Result<number>>

  /** The ids of a user's own objects, ascending, at most `max`. */
  readonly listOwned: (
    tenant: TenantId,
    owner: UserName,
    max: number,
  ) => Promise<Result<readonly ManagedObjectId[]>>

  /**
   * A partial update at top level; answers the whole object. Fails with `not-found` (managed-object) and with `invalid`
   * when the object would outgrow its bounds (`changeManagedObject`).
   */
  readonly changeObject: (
    tenant: TenantId,
    id: ManagedObjectId,
    change: ManagedObjectChange,
  ) => Promise<Result<ManagedObject>>

  /**
   * Deletes the object with its external ids and notes, in the same transaction, that its events have still to
   * go: the note is answered by `listPurges` until `finishPurge`. Fails with `not-found` (managed-object).
   */
  readonly deleteObject: (tenant: TenantId, id: ManagedObjectId) => Promise<Result<void>>

  /** Deletions whose events may still be there, of all tenants, oldest first. */
  readonly listPurges: () => Promise<Result<readonly Purge[]>>

  readonly finishPurge: (purge: Purge) => Promise<Result<void>>

  /** Fails with `not-found` (managed-object) and with `conflict` (external-id) when the pair is taken. */
  readonly bindExternalId: (
    tenant: TenantId,
    object: ManagedObjectId,
    externalId: ExternalId,
  ) => Promise<Result<void>>

  /** Fails with `not-found` (external-id). Cheap: kept in memory. */
  readonly resolveExternalId: (
    tenant: TenantId,
    externalId: ExternalId,
  ) => Promise<Result<ManagedObjectId>>

  /** In the order of binding. Fails with `not-found` (managed-object). */
  readonly listExternalIds: (
    tenant: TenantId,
    object: ManagedObjectId,
  ) => Promise<Result<readonly ExternalId[]>>

  /** Fails with `not-found` (external-id). */
  readonly unbindExternalId: (tenant: TenantId, externalId: ExternalId) => Promise<Result<void>>
}

/** Events that must go because their object, or their whole tenant (`object` undefined), went. */
export type Purge = {
  readonly tenant: TenantId
  readonly object: ManagedObjectId | undefined
}
