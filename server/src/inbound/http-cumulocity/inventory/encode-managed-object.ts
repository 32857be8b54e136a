import { formatInstant } from '../../../core/event-time.ts'
import type { ChildLink, Relation } from '../../../core/family.ts'
import { encodeFragments } from '../../../core/fragments.ts'
import type { ManagedObjectId } from '../../../core/identity.ts'
import type { ManagedObject } from '../../../core/managed-object.ts'
import type { Relatives } from '../../../ports/inventory.ts'
import { listOfKind, referenceLists } from './object-relations.ts'

/** What is shown in an object's reference lists. */
export type ShownRelatives = {
  /** By the object that they are of. */
  readonly lists: ReadonlyMap<ManagedObjectId, readonly Relatives[]>
  /** Whether relatives are shown with their names. */
  readonly withNames: boolean
}

const nothingShown: ShownRelatives = { lists: new Map(), withNames: true }

/**
 * A managed object as JSON text; fragments keep the sender's own text. The six reference lists are always there,
 * because clients read `references` from each (docs/protocols/cumulocity.md, 6.1).
 */
export const encodeManagedObject = (
  object: ManagedObject,
  base: string,
  shown: ShownRelatives = nothingShown,
): string => {
  const self = managedObjectUrl(base, object.id)
  const own = shown.lists.get(object.id) ?? []
  const members = [
    `"id":"${object.id}"`,
    `"self":"${self}"`,
    `"creationTime":"${formatInstant(object.creationMs)}"`,
    `"lastUpdated":"${formatInstant(object.lastUpdatedMs)}"`,
    ...encodeText('name', object.name),
    ...encodeText('type', object.type),
    ...encodeText('owner', object.owner),
    ...referenceLists.map(([name, relation]) => {
      const lists = own.filter((list) => isOf(list, relation))
      const references = lists.flatMap((list) => encodeRelatives(list, shown.withNames, base))
      const count = lists.find((list) => list.count !== undefined)?.count
      const counted = count === undefined ? '' : `,"count":${count}`
      return `"${name}":{"references":[${references.join(',')}],"self":"${self}/${name}"${counted}}`
    }),
    encodeFragments(object.fragments),
  ]
  return `{${members.filter((member) => member !== '').join(',')}}`
}

/** One child as its parent's list shows it: the object itself, and where the reference is. */
export const encodeReference = (object: string, at: ChildLink, child: number, base: string) =>
  `{"managedObject":${object},"self":"${referenceUrl(base, at, child)}"}`

export const managedObjectUrl = (base: string, id: number): string =>
  `${base}/inventory/managedObjects/${id}`

export const referenceUrl = (base: string, { parent, kind }: ChildLink, child: number): string =>
  `${managedObjectUrl(base, parent)}/${listOfKind[kind]}/${child}`

const isOf = ({ relation }: Relatives, { to, kind }: Relation): boolean =>
  relation.to === to && relation.kind === kind

const encodeRelatives = (
  { of, relation, relatives }: Relatives,
  withNames: boolean,
  base: string,
): readonly string[] =>
  relatives.map(({ id, name }) => {
    const called = withNames && name !== undefined ? `,"name":${JSON.stringify(name)}` : ''
    const relative = `{"id":"${id}"${called},"self":"${managedObjectUrl(base, id)}"}`
    const [parent, child] = endsOf(relation, of, id)
    return encodeReference(relative, { parent, kind: relation.kind }, child, base)
  })

const endsOf = (
  { to }: Relation,
  of: ManagedObjectId,
  relative: ManagedObjectId,
): readonly [parent: ManagedObjectId, child: ManagedObjectId] =>
  to === 'children' ? [of, relative] : [relative, of]

const encodeText = (name: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [`"${name}":${JSON.stringify(value)}`]
