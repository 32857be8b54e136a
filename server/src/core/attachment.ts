import { isLongerThan } from './code-points.ts'
import { failed, success } from './failure.ts'
import type { Issue, Result } from './failure.ts'
import type { Fragment, Fragments } from './fragments.ts'
import type { EventId, ManagedObjectId, TenantId } from './identity.ts'
import { attachmentNameLengthMax, attachmentTypeLengthMax } from './limits.ts'

/** What a file belongs to: an event has at most one attachment, a managed object is at most one stored file. */
export type AttachmentOwner =
  | { readonly kind: 'event'; readonly id: EventId }
  | { readonly kind: 'managed-object'; readonly id: ManagedObjectId }

export type AttachmentPlace = { readonly tenant: TenantId; readonly owner: AttachmentOwner }

/** How a file is called and what is in it. */
export type AttachmentDescription = {
  readonly name: string
  /** A media type, as it stands in a Content-Type. */
  readonly type: string
}

export type Attachment = AttachmentDescription & {
  /** Bytes. */
  readonly length: number
}

/** What an uploader has said, which may be nothing. */
export type AttachmentNaming = {
  readonly name: string | undefined
  readonly type: string | undefined
}

/**
 * The fragments that say of an event or object that it has a file. Only the server writes them
 * (docs/protocols/cumulocity.md, 3.7).
 */
export const binaryFragment = 'c8y_IsBinary'
export const incompleteBinaryFragment = 'c8y_IsIncompleteBinary'
export const binaryFragments: readonly string[] = [binaryFragment, incompleteBinaryFragment]

/** Of bytes that nobody has named. */
export const unknownType = 'application/octet-stream'

export const describeAttachment = ({ name, type, length }: Attachment): Fragment => ({
  name: binaryFragment,
  value: JSON.stringify({ name, length, type }),
})

/**
 * What a managed object says of being a stored file (docs/protocols/cumulocity.md, 6.9). As long as it is one, only the server
 * changes that.
 */
export const storedFileFragments = ({
  type,
  length,
}: Pick<Attachment, 'type' | 'length'>): Fragments => [
  { name: binaryFragment, value: '""' },
  { name: 'contentType', value: JSON.stringify(type) },
  { name: 'length', value: String(length) },
]

export const storedFileNames: readonly string[] = storedFileFragments({ type: '', length: 0 }).map(
  ({ name }) => name,
)

/** Whether an event or object says that it has a file. */
export const hasBinaryFragment = (fragments: Fragments): boolean =>
  fragments.some(({ name, value }) => name === binaryFragment && value !== 'null')

/** Judges a name and a type, which will stand in the headers of a download. Reports all problems at once. */
export const admitDescription = ({
  name,
  type,
}: AttachmentDescription): Result<AttachmentDescription> => {
  const issues = [...nameIssues(name), ...typeIssues(type)]
  return issues.length > 0 ? failed({ kind: 'invalid', issues }) : success({ name, type })
}

const nameIssues = (name: string): readonly Issue[] => {
  if (name === '' || isLongerThan(name, attachmentNameLengthMax)) {
    return [wrong('name', `a file's name has 1 to ${attachmentNameLengthMax} characters`)]
  }
  return /[\p{Cc}\p{Cs}\u2028\u2029]/u.test(name)
    ? [wrong('name', "a file's name has no control characters")]
    : []
}

const typeIssues = (type: string): readonly Issue[] =>
  isMediaType(type) ? [] : [wrong('type', 'must be a media type such as text/plain')]

export const isMediaType = (text: string): boolean =>
  text.length <= attachmentTypeLengthMax && mediaType.test(text)

/** Type, subtype and parameters in printable ASCII, so that nothing else can get into a header. */
const mediaType = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+(?:\s*;[\x20-\x7e]*)?$/

const wrong = (path: string, message: string): Issue => ({ path, problem: 'wrong', message })
