import { mayCreateManagedObjects } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import { admitManagedObject } from '../core/admit-managed-object.ts'
import {
  admitDescription,
  storedFileFragments,
  storedFileNames,
  unknownType,
} from '../core/attachment.ts'
import type { Attachment, AttachmentNaming, AttachmentOwner } from '../core/attachment.ts'
import { denied, notFound, success } from '../core/failure.ts'
import type { Failure, Result } from '../core/failure.ts'
import type { ManagedObjectId, UserName } from '../core/identity.ts'
import type { ManagedObject, ManagedObjectDraft } from '../core/managed-object.ts'
import type { StagedAttachment } from '../ports/attachments.ts'
import type { AttachmentPorts, Download, Upload } from './attachment-ports.ts'
import { openDownload } from './attach-to-events.ts'
import type { ManageInventory } from './manage-inventory.ts'
import { agreeWithFile, turnOf } from './settle-attachments.ts'
import { readChangeable } from './visible-objects.ts'

/** What an uploader says of the object that its file becomes; the server adds what it knows of the file. */
export type FileDraft = {
  readonly draft: ManagedObjectDraft
  /** The caller without it. */
  readonly owner: UserName | undefined
}

/** What is known when a file has come in whole. */
export type FileNaming = AttachmentNaming & { readonly object: FileDraft | undefined }

/** A file on its way into the inventory; see `Upload`. */
export type FileUpload = Omit<Upload<ManagedObject>, 'keep'> & {
  readonly keep: (naming: FileNaming) => Promise<Result<ManagedObject>>
}

/** Files that are managed objects of their own (docs/protocols/cumulocity.md, 6.9). Ok means on disk. */
export type StoreFiles = {
  /** Fails with `forbidden` and `unavailable`; `keep` also with `invalid` and `conflict` (external-id). */
  readonly begin: (principal: Principal) => Promise<Result<FileUpload>>

  /** Fails with `not-found` (managed-object), also for one that is no file, `forbidden` and `unavailable`. */
  readonly beginReplacing: (
    principal: Principal,
    id: ManagedObjectId,
  ) => Promise<Result<FileUpload>>

  /** Fails with `not-found` (managed-object), also for one that is no file, and `forbidden`. */
  readonly read: (principal: Principal, id: ManagedObjectId) => Promise<Result<Download>>

  /**
   * Deletes the object and its file. Fails with `not-found` (managed-object), also for one that is no file, and
   * `forbidden`.
   */
  readonly delete: (principal: Principal, id: ManagedObjectId) => Promise<Result<void>>
}

/** The part of the inventory's use cases that judges the caller. */
type Objects = Pick<ManageInventory, 'create' | 'read' | 'delete'>

export type StoreFilesPorts = AttachmentPorts & { readonly manageInventory: Objects }

export const createStoreFiles = (ports: StoreFilesPorts): StoreFiles => {
  let made = 0
  return {
    begin: async (principal) => {
      if (!mayCreateManagedObjects(principal)) return denied
      return beginUpload(ports, principal, undefined, (staged, naming) =>
        // Nobody else has this key: only a backup waits for the turn.
        ports.inTurn(`${principal.tenant}/new/${(made += 1)}`, () =>
          keepNew(ports, principal, staged, naming),
        ),
      )
    },

    beginReplacing: async (principal, id) => {
      const former = await findChangeable(ports, principal, id)
      if (!former.ok) return former
      const owner: AttachmentOwner = { kind: 'managed-object', id }
      return beginUpload(ports, principal, owner, (staged, naming) =>
        keepReplaced({ ports, principal, id, former: former.value }, staged, naming),
      )
    },

    read: async (principal, id) => {
      const object = await ports.manageInventory.read(principal, id)
      if (!object.ok) return object
      return asObject(await openDownload(ports, principal, { kind: 'managed-object', id }), id)
    },

    delete: async (principal, id) => {
      const file = await findChangeable(ports, principal, id)
      return file.ok ? ports.manageInventory.delete(principal, id, alone) : file
    },
  }
}

/** Only the object itself: what is below it stays. */
const alone = { cascade: 'never', withDeviceUser: false } as const

/** A managed object that is no file is, here, as good as none. */
const asObject = <T>(file: Result<T>, id: ManagedObjectId): Result<T> =>
  file.ok || file.failure.kind !== 'not-found' ? file : notFound('managed-object', id)

const findChangeable = async (
  { inventory, attachments }: StoreFilesPorts,
  principal: Principal,
  id: ManagedObjectId,
): Promise<Result<Attachment>> => {
  const object = await readChangeable(inventory, principal, id)
  if (!object.ok) return object
  return asObject(await attachments.describe(principal.tenant, { kind: 'managed-object', id }), id)
}

type Keep = (staged: StagedAttachment, naming: FileNaming) => Promise<Result<ManagedObject>>

/** `keep` answers with what was staged neither released nor left when it fails. */
const beginUpload = async (
  { attachments, slots }: StoreFilesPorts,
  { tenant }: Principal,
  owner: AttachmentOwner | undefined,
  keep: Keep,
): Promise<Result<FileUpload>> => {
  const slot = slots.take(tenant)
  if (!slot.ok) return slot
  const staged = await attachments.stage(tenant, owner)
  if (!staged.ok) {
    slot.value()
    return staged
  }
  return success({
    write: staged.value.write,
    keep: async (naming) => {
      const kept = await keep(staged.value, naming)
      await (kept.ok || !isUnclear(kept.failure) ? staged.value.release() : staged.value.leave())
      slot.value()
      return kept
    },
    discard: async () => {
      await staged.value.release()
      slot.value()
    },
  })
}

/** After a failure of the storage nobody knows what is in force: it is looked at again later. */
const isUnclear = ({ kind }: Failure): boolean => kind === 'unavailable'

/** First the object, because its id names the file; cut short in between, the object goes again later. */
const keepNew = async (
  ports: StoreFilesPorts,
  principal: Principal,
  staged: StagedAttachment,
  naming: FileNaming,
): Promise<Result<ManagedObject>> => {
  const { draft, owner } = naming.object ?? { draft: emptyDraft, owner: undefined }
  const description = admitDescription({
    name: draft.name ?? naming.name ?? unnamed,
    type: naming.type ?? unknownType,
  })
  if (!description.ok) return description
  const { name, type } = description.value
  const said = storedFileFragments({ type, length: staged.length() })
  const whole = {
    ...draft,
    name,
    type: draft.type ?? type,
    fragments: [...draft.fragments.filter((each) => !storedFileNames.includes(each.name)), ...said],
  }
  const admitted = admitManagedObject(whole)
  if (!admitted.ok) return admitted
  const created = await ports.manageInventory.create(principal, [whole], owner)
  if (!created.ok) return created
  const [object] = created.value
  if (object === undefined) return notFound('managed-object', '')
  const place: AttachmentOwner = { kind: 'managed-object', id: object.id }
  const kept = await staged.keep(place, description.value, 'create')
  if (kept.ok) return success(object)
  await ports.inventory.deleteObject(principal.tenant, object.id)
  return kept
}

const unnamed = 'file'
const emptyDraft: ManagedObjectDraft = {
  name: undefined,
  type: undefined,
  fragments: [],
  externalIds: [],
}

type Replacing = {
  readonly ports: StoreFilesPorts
  readonly principal: Principal
  readonly id: ManagedObjectId
  readonly former: Attachment
}

const keepReplaced = async (
  { ports, principal: { tenant }, id, former }: Replacing,
  staged: StagedAttachment,
  naming: FileNaming,
): Promise<Result<ManagedObject>> => {
  const description = admitDescription({
    name: naming.object?.draft.name ?? naming.name ?? former.name,
    type: naming.type ?? former.type,
  })
  if (!description.ok) return description
  const owner: AttachmentOwner = { kind: 'managed-object', id }
  return ports.inTurn(turnOf(tenant, owner), async () => {
    const kept = await staged.keep(owner, description.value, 'replace')
    if (!kept.ok) return kept
    // Also takes the file away again when the object was deleted while the file came in.
    const agreed = await agreeWithFile(ports, tenant, owner)
    return agreed.ok ? ports.inventory.readObject(tenant, id) : agreed
  })
}
