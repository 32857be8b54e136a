import type { Attachment, AttachmentOwner, AttachmentPlace } from '../../core/attachment.ts'
import { conflict, failed, notFound, success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import type { TenantId } from '../../core/identity.ts'
import { attachmentBytesMax, attachmentChunkBytes, retryAfterS } from '../../core/limits.ts'
import type {
  Attachments,
  OpenAttachment,
  StagedAttachment,
  UnsettledAttachment,
} from '../../ports/attachments.ts'
import type { Clock } from '../../ports/clock.ts'

/** The reference of `Attachments`: whole files in memory, gone with the process. */
export const createMemoryAttachments = (clock: Clock): Attachments => {
  const kept: Kept = { files: new Map(), unsettled: new Map(), tickets: 0 }
  let isOpen = true
  const whenOpen = <T>(run: () => Result<T>): Promise<Result<T>> =>
    Promise.resolve(
      isOpen ? run() : failed({ kind: 'unavailable', reason: 'stopping', retryAfterS }),
    )
  return {
    stage: (tenant, owner) =>
      whenOpen(() => success(stage(kept, { tenant, owner, sinceMs: clock.nowMs() }))),
    describe: (tenant, owner) =>
      whenOpen(() => {
        const file = kept.files.get(keyOf(tenant, owner))
        return file ? success(file.attachment) : notFound('attachment', owner.id)
      }),
    open: (tenant, owner) =>
      whenOpen(() => {
        const file = kept.files.get(keyOf(tenant, owner))
        return file ? success(openFile(file)) : notFound('attachment', owner.id)
      }),
    delete: (tenant, owner) =>
      whenOpen(() =>
        kept.files.delete(keyOf(tenant, owner))
          ? success(undefined)
          : notFound('attachment', owner.id),
      ),
    list: () =>
      whenOpen(() =>
        success({ places: [...kept.files.values()].map(({ place }) => place), next: undefined }),
      ),
    listUnsettled: () => whenOpen(() => success([...kept.unsettled.values()])),
    settle: ({ ticket }) =>
      whenOpen(() => {
        kept.unsettled.delete(ticket)
        return success(undefined)
      }),
    close: () => {
      isOpen = false
      return Promise.resolve()
    },
  }
}

type KeptFile = {
  readonly place: AttachmentPlace
  readonly attachment: Attachment
  readonly content: Buffer
}

type Kept = {
  readonly files: Map<string, KeptFile>
  readonly unsettled: Map<string, UnsettledAttachment>
  tickets: number
}

const keyOf = (tenant: TenantId, { kind, id }: AttachmentOwner): string => `${tenant}/${kind}/${id}`

const stage = (kept: Kept, begun: Omit<UnsettledAttachment, 'ticket'>): StagedAttachment => {
  kept.tickets += 1
  const ticket = String(kept.tickets)
  let content = Buffer.alloc(0)
  const end = (): Promise<void> => {
    content = Buffer.alloc(0)
    return Promise.resolve()
  }
  return {
    length: () => content.length,
    write: (chunk) => {
      if (content.length + chunk.length > attachmentBytesMax) return Promise.resolve(tooLarge)
      content = Buffer.concat([content, chunk])
      return Promise.resolve(success(undefined))
    },
    rewind: (length) => {
      content = content.subarray(0, length)
      return Promise.resolve(success(undefined))
    },
    keep: (owner, { name, type }, mode) => {
      const key = keyOf(begun.tenant, owner)
      if (mode === 'create' && kept.files.has(key)) {
        return Promise.resolve(conflict('attachment', owner.id))
      }
      const attachment = { name, type, length: content.length }
      kept.files.set(key, { place: { tenant: begun.tenant, owner }, attachment, content })
      return Promise.resolve(success(attachment))
    },
    release: end,
    leave: () => {
      kept.unsettled.set(ticket, { ...begun, ticket })
      return end()
    },
  }
}

const tooLarge = failed({ kind: 'too-large', bytesMax: attachmentBytesMax })

const openFile = ({ attachment, content }: KeptFile): OpenAttachment => {
  let at = 0
  return {
    ...attachment,
    read: () => {
      const chunk = content.subarray(at, at + attachmentChunkBytes)
      at += chunk.length
      return Promise.resolve(success(chunk.length === 0 ? undefined : chunk))
    },
    close: () => Promise.resolve(),
  }
}
