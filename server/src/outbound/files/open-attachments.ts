import { mkdir, open, readdir, rm, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Attachment, AttachmentOwner } from '../../core/attachment.ts'
import { notFound, success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import type { TenantId } from '../../core/identity.ts'
import { attachmentChunkBytes } from '../../core/limits.ts'
import type { Attachments, OpenAttachment } from '../../ports/attachments.ts'
import type { HoldData } from '../../ports/backups.ts'
import type { Clock } from '../../ports/clock.ts'
import { decodeTrailer, trailerBytesMax } from './decode-trailer.ts'
import { createDiskRoom } from './disk-room.ts'
import type { DiskRoom } from './disk-room.ts'
import { attempt, codeOf, unavailable } from './file-error.ts'
import type { LogProblem } from './file-error.ts'
import {
  parsePlaceName,
  parseStagedName,
  placeName,
  shardName,
  shardOf,
  shardsInAll,
  stagedName,
} from './file-names.ts'
import { createFileHold } from './hold-files.ts'
import type { FileHold } from './hold-files.ts'
import { readySuffix, stageAttachment } from './stage-attachment.ts'
import { syncFolder } from './sync-folder.ts'

export type FilesConfig = {
  /** Created when it is not there; one server at a time, which the caller sees to. */
  readonly folder: string
  /** Bytes of the disk that files on their way in leave free, and a backup there. None unless set. */
  readonly diskReserveBytes?: number
  /** Bytes that they may take of it beyond that, where others need some of what is free; all of it unless set. */
  readonly roomBytes?: () => Promise<Result<number>>
  readonly logProblem: LogProblem
}

/** Attachments that a backup can take hold of. */
export type FileAttachments = Attachments & { readonly hold: HoldData }

/**
 * Files in a folder: `kept/<shard>/<tenant>.<kind>.<id>`, each with its own description, and `staged/` for what is on its
 * way in, and, during a backup, `held/` for what has gone since. Throws when the folders cannot be made or read.
 */
export const openAttachments = async (
  config: FilesConfig,
  clock: Clock,
): Promise<FileAttachments> => {
  const folders = await makeFolders(config.folder)
  const left = await readStaged(folders.staged)
  const { folder, diskReserveBytes = 0, logProblem } = config
  const held = join(folder, 'held')
  await rm(held, { recursive: true, force: true })
  const files = createFileHold({ ...folders, held, diskReserveBytes, logProblem })
  const room = createDiskRoom(config)
  const state: State = {
    ...config,
    ...{ clock, folders, files, room, left: new Set(left), tickets: lastTicket(left) },
  }
  let isOpen = true
  const whenOpen = <T>(run: () => Promise<Result<T>>): Promise<Result<T>> =>
    isOpen ? attempt(config.logProblem, run) : Promise.resolve(unavailable('stopping'))
  return {
    stage: (tenant, owner) => whenOpen(async () => success(await stage(state, tenant, owner))),
    describe: (tenant, owner) =>
      whenOpen(async () => {
        const file = await openKept(state, tenant, owner)
        if (!file.ok) return file
        await file.value.handle.close()
        return success(file.value.attachment)
      }),
    open: (tenant, owner) =>
      whenOpen(async () => {
        const file = await openKept(state, tenant, owner)
        return file.ok ? success(toOpenAttachment(file.value, config.logProblem)) : file
      }),
    delete: (tenant, owner) => whenOpen(() => deleteKept(state, tenant, owner)),
    list: (page) => whenOpen(() => listShard(state, page)),
    listUnsettled: () => whenOpen(async () => success([...state.left].flatMap(toUnsettled))),
    settle: ({ ticket }) =>
      whenOpen(async () => {
        await unlinkIfThere(join(folders.staged, ticket))
        state.left.delete(ticket)
        return success(undefined)
      }),
    hold: () => whenOpen(files.hold),
    close: () => {
      isOpen = false
      return Promise.resolve()
    },
  }
}

type Folders = { readonly kept: string; readonly staged: string }

type State = FilesConfig & {
  readonly clock: Clock
  readonly folders: Folders
  readonly files: FileHold
  readonly room: DiskRoom
  /** Names in `staged/` that nobody works on. */
  readonly left: Set<string>
  tickets: number
}

/** All folders that there will ever be, so that keeping a file has only its own name to make durable. */
const makeFolders = async (folder: string): Promise<Folders> => {
  const folders = { kept: join(folder, 'kept'), staged: join(folder, 'staged') }
  await mkdir(folders.staged, { recursive: true, mode: 0o700 })
  await mkdir(folders.kept, { recursive: true, mode: 0o700 })
  const present = new Set(await readdir(folders.kept))
  const shards = Array.from({ length: shardsInAll }, (_, shard) => shardName(shard))
  for (const shard of shards.filter((name) => !present.has(name))) {
    await mkdir(join(folders.kept, shard), { mode: 0o700 })
  }
  for (const made of [folders.kept, folder, dirname(folder)]) await syncFolder(made)
  return folders
}

/** A name that is ready for its place, and one that this server does not make, is no note of anything. */
const readStaged = async (staged: string): Promise<readonly string[]> => {
  const names = await readdir(staged)
  for (const name of names.filter((each) => each.endsWith(readySuffix))) {
    await unlink(join(staged, name))
  }
  return names.filter((name) => parseStagedName(name) !== undefined)
}

const lastTicket = (names: readonly string[]): number =>
  names.reduce((last, name) => Math.max(last, parseStagedName(name)?.ticket ?? 0), 0)

const stage = (state: State, tenant: TenantId, owner: AttachmentOwner | undefined) => {
  state.tickets += 1
  const name = stagedName(state.tickets, state.clock.nowMs(), tenant, owner)
  return stageAttachment({
    path: join(state.folders.staged, name),
    pathOf: (each) => pathOf(state, tenant, each),
    logProblem: state.logProblem,
    files: state.files,
    room: state.room,
    onEnd: (outcome) => {
      if (outcome === 'left') state.left.add(name)
    },
  })
}

const toUnsettled = (name: string) => {
  const parsed = parseStagedName(name)
  if (parsed === undefined) return []
  const { tenant, owner, sinceMs } = parsed
  return [{ tenant, owner, sinceMs, ticket: name }]
}

const pathOf = ({ folders }: State, tenant: TenantId, owner: AttachmentOwner): string =>
  join(folders.kept, shardName(shardOf(owner)), placeName(tenant, owner))

type KeptFile = { readonly handle: FileHandle; readonly attachment: Attachment }

const openKept = async (
  state: State,
  tenant: TenantId,
  owner: AttachmentOwner,
): Promise<Result<KeptFile>> => {
  const path = pathOf(state, tenant, owner)
  const handle = await openIfThere(path)
  if (handle === undefined) return notFound('attachment', owner.id)
  const attachment = await readDescription(handle)
  if (attachment) return success({ handle, attachment })
  await handle.close()
  state.logProblem('an attachment is damaged: it does not end with its description', path)
  return unavailable('storage-failed')
}

const openIfThere = async (path: string): Promise<FileHandle | undefined> => {
  try {
    return await open(path, 'r')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

const readDescription = async (handle: FileHandle): Promise<Attachment | undefined> => {
  const { size } = await handle.stat()
  const last = Buffer.alloc(Math.min(size, trailerBytesMax))
  const { bytesRead } = await handle.read(last, 0, last.length, size - last.length)
  return bytesRead === last.length ? decodeTrailer(last, size) : undefined
}

const toOpenAttachment = (
  { handle, attachment }: KeptFile,
  logProblem: LogProblem,
): OpenAttachment => {
  const memory = Buffer.allocUnsafe(Math.min(attachmentChunkBytes, attachment.length))
  let at = 0
  return {
    ...attachment,
    read: () =>
      attempt(logProblem, async () => {
        const wanted = Math.min(attachmentChunkBytes, attachment.length - at)
        if (wanted === 0) return success(undefined)
        const { bytesRead } = await handle.read(memory, 0, wanted, at)
        at += bytesRead
        return bytesRead === 0
          ? unavailable('storage-failed')
          : success(memory.subarray(0, bytesRead))
      }),
    close: () => handle.close(),
  }
}

const deleteKept = async (
  state: State,
  tenant: TenantId,
  owner: AttachmentOwner,
): Promise<Result<void>> => {
  const path = pathOf(state, tenant, owner)
  await state.files.beforeLeaving(path)
  if (!(await unlinkIfThere(path))) return notFound('attachment', owner.id)
  await syncFolder(dirname(path))
  return success(undefined)
}

const unlinkIfThere = async (path: string): Promise<boolean> => {
  try {
    await unlink(path)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

const listShard = async (state: State, shard: number) => {
  const names = await readdir(join(state.folders.kept, shardName(shard)))
  const places = names.flatMap((name) => parsePlaceName(name) ?? [])
  return success({ places, next: shard + 1 < shardsInAll ? shard + 1 : undefined })
}
