import { formatInstant } from '../../core/event-time.ts'
import { encodeFragments } from '../../core/fragments.ts'
import type { ManagedObject } from '../../core/managed-object.ts'

/**
 * A managed object as JSON text; fragments keep the sender's own text. The six reference lists are always there,
 * because clients read `references` from each (docs/protocols/cumulocity.md, 6.1).
 */
export const encodeManagedObject = (object: ManagedObject, base: string): string => {
  const self = managedObjectUrl(base, object.id)
  const members = [
    `"id":"${object.id}"`,
    `"self":"${self}"`,
    `"creationTime":"${formatInstant(object.creationMs)}"`,
    `"lastUpdated":"${formatInstant(object.lastUpdatedMs)}"`,
    ...encodeText('name', object.name),
    ...encodeText('type', object.type),
    ...encodeText('owner', object.owner),
    ...referenceLists.map((name) => `"${name}":{"references":[],"self":"${self}/${name}"}`),
    encodeFragments(object.fragments),
  ]
  return `{${members.filter((member) => member !== '').join(',')}}`
}

export const managedObjectUrl = (base: string, id: number): string =>
  `${base}/inventory/managedObjects/${id}`

/** Where children and parents are listed. */
export const referenceLists = [
  'childDevices',
  'childAssets',
  'childAdditions',
  'deviceParents',
  'assetParents',
  'additionParents',
] as const

const encodeText = (name: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [`"${name}":${JSON.stringify(value)}`]
