import type { AttachmentNaming } from '../core/attachment.ts'
import type { Failure, Result } from '../core/failure.ts'
import type { Attachments, OpenAttachment } from '../ports/attachments.ts'
import type { Clock } from '../ports/clock.ts'
import type { EventStore } from '../ports/event-store.ts'
import type { Inventory } from '../ports/inventory.ts'
import type { InTurn } from './in-turn.ts'
import type { TransferSlots } from './transfer-slots.ts'

/** What the use cases around files need. All of them share `inTurn` and `slots`. */
export type AttachmentPorts = {
  readonly attachments: Attachments
  readonly events: EventStore
  readonly inventory: Inventory
  readonly clock: Clock
  /** One at a time for each owner, so that a file and what is said of it elsewhere change together. */
  readonly inTurn: InTurn
  readonly slots: TransferSlots
}

/** A file on its way in. One of `keep` and `discard` must be called, once. */
export type Upload<T> = {
  /** Fails with `too-large` beyond `attachmentBytesMax`. */
  readonly write: (chunk: Uint8Array) => Promise<Result<void>>
  readonly keep: (naming: AttachmentNaming) => Promise<Result<T>>
  /** `cause` is what went wrong with the body; undefined when the client just went away. */
  readonly discard: (cause: Failure | undefined) => Promise<void>
}

/** Holds a slot until it is closed. */
export type Download = OpenAttachment
