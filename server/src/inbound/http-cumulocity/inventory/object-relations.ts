import type { ChildKind, Relation } from '../../../core/family.ts'

/** The six lists that every managed object has, by the names of the dialect (docs/protocols/cumulocity.md, 6.1). */
export const childLists = {
  childDevices: { to: 'children', kind: 'device' },
  childAssets: { to: 'children', kind: 'asset' },
  childAdditions: { to: 'children', kind: 'addition' },
} as const satisfies Record<string, Relation>

export const parentLists = {
  deviceParents: { to: 'parents', kind: 'device' },
  assetParents: { to: 'parents', kind: 'asset' },
  additionParents: { to: 'parents', kind: 'addition' },
} as const satisfies Record<string, Relation>

const relationsByList: Readonly<Record<string, Relation>> = { ...childLists, ...parentLists }

/** Every list with what it lists, in the order in which objects show them. */
export const referenceLists: readonly (readonly [name: string, relation: Relation])[] =
  Object.entries(relationsByList)

/** Where a parent lists its children of a kind. */
export const listOfKind: Readonly<Record<ChildKind, keyof typeof childLists>> = {
  device: 'childDevices',
  asset: 'childAssets',
  addition: 'childAdditions',
}
