import { describeAttachment, storedFileFragments } from '../core/attachment.ts'
import type { Attachment, AttachmentPlace } from '../core/attachment.ts'
import { attachmentProblemsToldMax } from '../core/limits.ts'
import type { FileLook, SeenFile } from '../outbound/files/look-at-files.ts'
import type { OwnerLook, SeenOwner } from '../outbound/sqlite/look-at-owners.ts'

type Looks = {
  readonly owners: Pick<OwnerLook, 'places' | 'read'>
  readonly files: FileLook
}

/**
 * Compares what events and managed objects say of their files with the files, from both ends, one after the other, so that
 * memory does not grow with them. A server may be writing meanwhile. What a start or the server's next round removes or
 * settles is no problem: a file whose owner is gone, and whatever `staged/` has a note of. Answers a sentence for
 * each problem, `attachmentProblemsToldMax` at most, and how many there are beyond.
 */
export const verifyAttachments = (looks: Looks): readonly string[] => {
  const told = new Set<string>()
  let untold = 0
  for (const places of [looks.owners.places(), looks.files.places()]) {
    for (const place of places) {
      const problem = findProblem(looks, place)
      if (problem === undefined || told.has(problem)) continue
      if (told.size < attachmentProblemsToldMax) told.add(problem)
      else untold += 1
    }
  }
  return untold === 0 ? [...told] : [...told, `up to ${untold} more attachments are not so`]
}

type Seen = { readonly owner: SeenOwner | undefined; readonly file: SeenFile | undefined }

const look = ({ owners, files }: Looks, place: AttachmentPlace): Seen => ({
  owner: owners.read(place),
  file: files.read(place),
})

/**
 * The server notes what it begins with a file before it does anything, and forgets the note when file and owner agree again
 * (ports/attachments.ts). Two looks that see the same disagreement, and no note between them, therefore prove it.
 * Where something changes with every look, somebody is at work, which only a note allows.
 */
const findProblem = (looks: Looks, place: AttachmentPlace): string | undefined => {
  let seen = look(looks, place)
  for (let left = looksMax; left > 0; left -= 1) {
    const problem = describe(place, seen)
    if (problem === undefined || isNoted(looks.files, place, seen)) return undefined
    const again = look(looks, place)
    if (isSame(seen, again)) return problem
    seen = again
  }
  return undefined
}

const looksMax = 100

const isSame = (one: Seen, other: Seen): boolean =>
  one.owner?.said === other.owner?.said &&
  one.owner?.lastUpdatedMs === other.owner?.lastUpdatedMs &&
  one.file?.inode === other.file?.inode

/** An upload that is to make an object has no owner yet in its note; the object that it made came since. */
const isNoted = (files: FileLook, { tenant, owner }: AttachmentPlace, seen: Seen): boolean =>
  files
    .notes()
    .some((note) =>
      note.owner === undefined
        ? note.tenant === tenant &&
          owner.kind === 'managed-object' &&
          (seen.owner?.creationMs ?? 0) >= note.sinceMs
        : note.tenant === tenant && note.owner.kind === owner.kind && note.owner.id === owner.id,
    )

/** Of a file that is damaged is told elsewhere, such as one that is shorter than it was. */
const describe = (
  { tenant, owner: { kind, id } }: AttachmentPlace,
  { owner, file }: Seen,
): string | undefined => {
  if (owner === undefined || (file !== undefined && file.attachment === undefined)) return undefined
  const name = `${kind === 'event' ? 'event' : 'managed object'} ${id} of ${tenant}`
  if (file?.attachment === undefined) {
    return owner.said === undefined ? undefined : `${name} says that it has a file, and has none`
  }
  if (owner.said === undefined) return `${name} has a file, and says that it has none`
  return owner.said === wordsFor(kind, file.attachment)
    ? undefined
    : `${name} says something else of its file than the file does`
}

const wordsFor = (kind: AttachmentPlace['owner']['kind'], attachment: Attachment): string => {
  const said = kind === 'event' ? [describeAttachment(attachment)] : storedFileFragments(attachment)
  return said.map(({ value }) => value).join(' ')
}
