import { parseManagedObjectId } from '../../../core/event-id.ts'
import { failed, notFound, success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { ManagedObjectId } from '../../../core/identity.ts'
import { bulkChildrenMax } from '../../../core/limits.ts'
import { readMembers, stringOf } from '../../../core/json-text.ts'
import type { JsonMember } from '../../../core/json-text.ts'
import { decodeManagedObject } from './decode-managed-object.ts'
import type { OwnedDraft } from './decode-managed-object.ts'
import { decodeList, decodeMembers, membersOf, missing } from '../ground/decode-members.ts'
import type { Members } from '../ground/decode-members.ts'
import type { Body } from '../ground/exchange.ts'

/** What is to become a child: one object or many that exist, or a new one (docs/protocols/cumulocity.md, 6.1). */
export type Children =
  | { readonly kind: 'one' | 'many'; readonly ids: readonly ManagedObjectId[] }
  | { readonly kind: 'new'; readonly owned: OwnedDraft }

/** By the media type; a body of plain JSON tells by its members. */
export const decodeChildren = ({ text, resource }: Body): Result<Children> => {
  const shape = shapes.get(resource) ?? shapeOf(text)
  if (shape === 'new') {
    const owned = decodeManagedObject(text)
    return owned.ok ? success({ kind: 'new', owned: owned.value }) : owned
  }
  const ids = shape === 'many' ? decodeReferences(text) : decodeOne(text)
  return ids.ok ? success({ kind: shape, ids: ids.value }) : ids
}

/** Reads `{"references": [{"managedObject": {"id": "1"}}, …]}`. */
export const decodeReferences = (text: string): Result<readonly ManagedObjectId[]> => {
  const members = decodeMembers(text)
  return members.ok
    ? decodeList(members.value, 'references', bulkChildrenMax, decodeReference)
    : members
}

const shapes: ReadonlyMap<string, Children['kind']> = new Map([
  ['managedobject', 'new'],
  ['managedobjectreference', 'one'],
  ['managedobjectreferencecollection', 'many'],
])

const shapeOf = (text: string): Children['kind'] => {
  const members = decodeMembers(text)
  if (!members.ok) return 'new'
  if (members.value.has('references')) return 'many'
  return members.value.has('managedObject') ? 'one' : 'new'
}

const decodeOne = (text: string): Result<readonly ManagedObjectId[]> => {
  const id = decodeReference(text)
  return id.ok ? success([id.value]) : id
}

/** Named by `id`, or by the `self` that an older client knows it by. */
const decodeReference = (text: string): Result<ManagedObjectId> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const object = insideOf(members.value.get('managedObject'))
  const id = textOf(object.get('id')) ?? lastSegment(textOf(object.get('self')))
  if (id === undefined) return failed(missing('managedObject.id'))
  const parsed = parseManagedObjectId(id)
  return parsed === undefined ? notFound('managed-object', id.slice(0, 100)) : success(parsed)
}

const insideOf = (member: JsonMember | undefined): Members => {
  const reading = member?.kind === 'object' ? readMembers(member.value, 'at-the-top') : undefined
  return membersOf(reading?.ok === true ? reading.members : [])
}

const textOf = (member: JsonMember | undefined): string | undefined => {
  if (member?.kind === 'string') return stringOf(member)
  return member?.kind === 'number' ? member.value : undefined
}

const lastSegment = (url: string | undefined): string | undefined => url?.split('/').at(-1)
