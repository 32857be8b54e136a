import { binaryFragments } from '../../../core/attachment.ts'
import { decodeUserName } from '../../../core/decode-identity.ts'
import { failed, success } from '../../../core/failure.ts'
import type { Issue, Result } from '../../../core/failure.ts'
import { toFragments } from '../../../core/fragments.ts'
import type { Fragments } from '../../../core/fragments.ts'
import type { UserName } from '../../../core/identity.ts'
import { bulkManagedObjectsMax } from '../../../core/limits.ts'
import type {
  ExternalId,
  ManagedObjectChange,
  ManagedObjectDraft,
} from '../../../core/managed-object.ts'
import { decodeExternalIds } from './decode-external-id.ts'
import { decodeList, decodeMembers, decodeText } from '../ground/decode-members.ts'
import type { Members } from '../ground/decode-members.ts'
import { referenceLists } from './object-relations.ts'

/** The fields that are no fragments of the sender: set by the server, or with a place of their own (6.1, 6.9). */
const fields: ReadonlySet<string> = new Set([
  'id',
  'self',
  'creationTime',
  'lastUpdated',
  'name',
  'type',
  'owner',
  'externalIds',
  ...referenceLists.map(([name]) => name),
  ...binaryFragments,
])

/** A managed object to be created; `owner` is undefined when the creating user is meant. */
export type OwnedDraft = {
  readonly draft: ManagedObjectDraft
  readonly owner: UserName | undefined
}

/** Reads the body of `POST /inventory/managedObjects`. Fails with `invalid`, every problem at once. */
export const decodeManagedObject = (text: string): Result<OwnedDraft> => {
  const members = decodeMembers(text)
  return members.ok ? toDraft(members.value) : members
}

/** Reads `{"managedObjects": [...]}`. */
export const decodeManagedObjects = (text: string): Result<readonly OwnedDraft[]> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  return decodeList(members.value, 'managedObjects', bulkManagedObjectsMax, decodeManagedObject)
}

/** `heartbeat`: the body says nothing but, perhaps, the object's id. */
export type ManagedObjectUpdate =
  { readonly kind: 'heartbeat' } | { readonly kind: 'change'; readonly change: ManagedObjectChange }

/** Reads the body of `PUT /inventory/managedObjects/{id}`: `null` removes, what the server sets is ignored. */
export const decodeManagedObjectUpdate = (text: string): Result<ManagedObjectUpdate> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  if ([...members.value.keys()].every((name) => name === 'id')) {
    return success({ kind: 'heartbeat' })
  }
  const issues: Issue[] = []
  const change = {
    name: decodeRemovable(members.value, 'name', issues),
    type: decodeRemovable(members.value, 'type', issues),
    owner: members.value.get('owner')?.kind === 'null' ? null : decodeOwner(members.value, issues),
    fragments: fragmentsOf(members.value),
  }
  if (issues.length > 0) return failed({ kind: 'invalid', issues })
  return success({ kind: 'change', change })
}

const toDraft = (members: Members): Result<OwnedDraft> => {
  const issues: Issue[] = []
  const name = decodeText(members, 'name', issues)
  const type = decodeText(members, 'type', issues)
  const owner = decodeOwner(members, issues)
  const externalIds: Result<readonly ExternalId[]> = members.has('externalIds')
    ? decodeExternalIds(members)
    : success([])
  if (!externalIds.ok) return externalIds
  if (issues.length > 0) return failed({ kind: 'invalid', issues })
  const draft = { name, type, fragments: fragmentsOf(members), externalIds: externalIds.value }
  return success({ draft, owner })
}

const fragmentsOf = (members: Members): Fragments =>
  toFragments([...members.values()].filter(({ name }) => !fields.has(name)))

const decodeRemovable = (
  members: Members,
  path: string,
  issues: Issue[],
): string | null | undefined =>
  members.get(path)?.kind === 'null' ? null : decodeText(members, path, issues)

const decodeOwner = (members: Members, issues: Issue[]): UserName | undefined => {
  const text = decodeText(members, 'owner', issues)
  const owner = text === undefined ? undefined : decodeUserName(text)
  if (text !== undefined && owner === undefined) {
    issues.push({ path: 'owner', problem: 'wrong', message: 'must be a user name' })
  }
  return owner
}
