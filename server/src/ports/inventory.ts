import type { AuditNote } from '../core/audit.ts'
import type { Result } from '../core/failure.ts'
import type { ChildKind, ChildLink, Link, Relation } from '../core/family.ts'
import type { ManagedObjectId, TenantId, UserName } from '../core/identity.ts'
import type {
  ManagedObject,
  ManagedObjectDraft,
  ManagedObjectChange,
} from '../core/managed-object.ts'
import type { ExternalId, ManagedObjectFilter } from '../core/managed-object.ts'
import type { Viewer } from '../core/viewer.ts'

/** What an event needs to know of its source, and access decisions of an object. */
export type Source = {
  readonly id: ManagedObjectId
  readonly name: string | undefined
  readonly type: string | undefined
  readonly owner: UserName | undefined
}

/** Which of an object's six lists are wanted. */
export type RelativesRequest = {
  readonly relations: readonly Relation[]
  /** At most so many of each list; 0 for none. */
  readonly eachMax: number
  /** Whether each list's whole size is wanted too. */
  readonly withCount: boolean
  /** Only relatives that this viewer may see. */
  readonly visibleTo?: Viewer
}

/** One list of one object, by ascending id. */
export type Relatives = {
  readonly of: ManagedObjectId
  readonly relation: Relation
  readonly relatives: readonly Pick<Source, 'id' | 'name'>[]
  /** How many there are in all; only when asked for. */
  readonly count: number | undefined
}

/** One change of many. */
export type ObjectUpdate = {
  readonly id: ManagedObjectId
  readonly change: ManagedObjectChange
}

export type ManagedObjectPage = {
  /** In the order of the filter's query, without one by ascending id. */
  readonly objects: readonly ManagedObject[]
  readonly more: boolean
}

/**
 * Keeps managed objects (devices among them), who is whose child, and their external ids. The tenant comes first in every
 * call, and nothing of another tenant is ever seen or touched. Writes are durable on return; a read that
 * begins after a write's answer sees it. Failures of every call: `unavailable`; those named come on top.
 */
export type Inventory = {
  /** The same inventory, whose changes write this audit record too, like `Accounts.noting`. */
  readonly noting: (note: AuditNote) => Inventory

  /**
   * Creates all or none, external ids included. Fails with `not-found` (tenant) and with
   * `conflict` (external-id), its id written as `type/externalId`, when a pair is taken or stands twice. With
   * `under`, they are linked there in the same transaction: fails with `not-found` (managed-object) without the parent.
   */
  readonly createObjects: (
    tenant: TenantId,
    owner: UserName | undefined,
    drafts: readonly ManagedObjectDraft[],
    under?: ChildLink,
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

  /**
   * The source if it is in memory: an answer without a wait, as good as that of `readSources`. Undefined says nothing:
   * neither that it is there nor that it is not.
   */
  readonly knownSource: (tenant: TenantId, id: ManagedObjectId) => Source | undefined

  /** Elements `skip` to `skip + size` of the list. */
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

  /** Changes all or none, in their order. Fails like `changeObject`, for the first that cannot be changed. */
  readonly changeObjects: (
    tenant: TenantId,
    updates: readonly ObjectUpdate[],
  ) => Promise<Result<readonly ManagedObject[]>>

  /**
   * Deletes the object with its external ids and all references to and from it; parents and children stay. Notes, in
   * the same transaction, that its events have still to go: the note is answered by `listPurges` until `finishPurges`.
   * Fails with `not-found` (managed-object).
   */
  readonly deleteObject: (tenant: TenantId, id: ManagedObjectId) => Promise<Result<void>>

  /** Deletes those of at most `deletionSliceObjectsMax` objects that exist, in one transaction, like `deleteObject`. */
  readonly deleteObjects: (
    tenant: TenantId,
    ids: readonly ManagedObjectId[],
  ) => Promise<Result<void>>

  /**
   * Links all or none; what is linked already stays so. Fails with `not-found` (managed-object) for the parent or the
   * first child that does not exist, and with `invalid` for an object that would be its own child.
   */
  readonly linkChildren: (
    tenant: TenantId,
    link: ChildLink,
    children: readonly ManagedObjectId[],
  ) => Promise<Result<void>>

  /**
   * Unlinks all or none. Fails with `not-found` (managed-object) for the parent or a child that does not exist, and with
   * `not-found` (child), its id written as `child/parent`, for an object that is not linked there.
   */
  readonly unlinkChildren: (
    tenant: TenantId,
    link: ChildLink,
    children: readonly ManagedObjectId[],
  ) => Promise<Result<void>>

  /** Every wanted list of every object among `ids`, by object and then by relation in the order asked for. */
  readonly readRelatives: (
    tenant: TenantId,
    ids: readonly ManagedObjectId[],
    wanted: RelativesRequest,
  ) => Promise<Result<readonly Relatives[]>>

  /**
   * The objects among `roots` that exist and all below them over these kinds, each once, at most `max` of them: level by
   * level, so that each stands behind one that it hangs below; every level by ascending id.
   */
  readonly readHierarchy: (
    tenant: TenantId,
    roots: readonly ManagedObjectId[],
    kinds: readonly ChildKind[],
    max: number,
  ) => Promise<Result<readonly ManagedObjectId[]>>

  /**
   * Who hangs directly below whom over these kinds, from these objects upwards, each pair once: level by level, every
   * level by child and then by parent; at most `max`, the first of them.
   */
  readonly readLinksAbove: (
    tenant: TenantId,
    ids: readonly ManagedObjectId[],
    kinds: readonly ChildKind[],
    max: number,
  ) => Promise<Result<readonly Link[]>>

  /** Deletions whose events may still be there, of all tenants, oldest first. */
  readonly listPurges: () => Promise<Result<readonly Purge[]>>

  /** Forgets these, all in one transaction; one that is not there is no failure. */
  readonly finishPurges: (purges: readonly Purge[]) => Promise<Result<void>>

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
