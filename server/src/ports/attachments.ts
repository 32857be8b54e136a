import type {
  Attachment,
  AttachmentDescription,
  AttachmentOwner,
  AttachmentPlace,
} from '../core/attachment.ts'
import type { Result } from '../core/failure.ts'
import type { TenantId } from '../core/identity.ts'

/** `create` leaves alone what is there already, `replace` takes its place in one step. */
export type KeepMode = 'create' | 'replace'

/**
 * A file on its way in: nobody sees it before `keep`. As long as it is neither released nor settled, a restart
 * answers it in `listUnsettled`, so that whoever describes files elsewhere can make the description true again.
 * Calls are made one after the other.
 */
export type StagedAttachment = {
  /** Bytes written so far. */
  readonly length: () => number

  /**
   * Fails with `too-large` when there would be more than `attachmentBytesMax`, and with `unavailable` (disk-full) on a
   * full disk; then nothing of it is written.
   */
  readonly write: (chunk: Uint8Array) => Promise<Result<void>>

  /** Forgets what was written behind the first `length` bytes. */
  readonly rewind: (length: number) => Promise<Result<void>>

  /**
   * Gives the file to its owner. On return it is on disk under that name, whole; before that, and after a failure, what
   * was there is untouched. Fails with `conflict` (attachment) for `create` when there is one.
   */
  readonly keep: (
    owner: AttachmentOwner,
    description: AttachmentDescription,
    mode: KeepMode,
  ) => Promise<Result<Attachment>>

  /** All is said and done: frees what was not kept, and nothing remembers this. */
  readonly release: () => Promise<void>

  /** Like `release`, but `listUnsettled` answers it from now on. */
  readonly leave: () => Promise<void>
}

/** Something was begun with the file of `owner` and not brought to an end. */
export type UnsettledAttachment = {
  readonly tenant: TenantId
  /** Undefined for a file that was to get an owner at its end. */
  readonly owner: AttachmentOwner | undefined
  readonly sinceMs: number
  /** The adapter's own name for it. */
  readonly ticket: string
}

/** A file to be read from its beginning; later changes do not touch it. Must be closed. */
export type OpenAttachment = Attachment & {
  /** The next bytes, at most `attachmentChunkBytes`, in memory that the next call uses again; undefined at the end. */
  readonly read: () => Promise<Result<Uint8Array | undefined>>
  readonly close: () => Promise<void>
}

export type AttachmentPage = {
  readonly places: readonly AttachmentPlace[]
  /** Where the next page begins; undefined behind the last. */
  readonly next: number | undefined
}

/**
 * Keeps the files of all tenants, each with its own description, so that no other place has to agree with it. Never holds
 * a whole file in memory. Failures of every call: `unavailable` (busy, disk-full, storage-failed, stopping);
 * those named at a call come on top.
 */
export type Attachments = {
  /** Begins a file; `owner` is undefined when it is only known at the end. */
  readonly stage: (
    tenant: TenantId,
    owner: AttachmentOwner | undefined,
  ) => Promise<Result<StagedAttachment>>

  /** Fails with `not-found` (attachment). */
  readonly describe: (tenant: TenantId, owner: AttachmentOwner) => Promise<Result<Attachment>>

  /** Fails with `not-found` (attachment). */
  readonly open: (tenant: TenantId, owner: AttachmentOwner) => Promise<Result<OpenAttachment>>

  /** Durable on return. Fails with `not-found` (attachment). */
  readonly delete: (tenant: TenantId, owner: AttachmentOwner) => Promise<Result<void>>

  /** Every file that exists throughout, once, page by page from 0; pages differ in size and may be empty. */
  readonly list: (page: number) => Promise<Result<AttachmentPage>>

  /** What was left, and what an earlier run of the process did not release. */
  readonly listUnsettled: () => Promise<Result<readonly UnsettledAttachment[]>>

  /** Forgets it and frees its space. */
  readonly settle: (unsettled: UnsettledAttachment) => Promise<Result<void>>

  /** Later calls answer `stopping`. */
  readonly close: () => Promise<void>
}
