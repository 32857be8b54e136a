import { decodeUserName } from '../../../core/decode-identity.ts'
import { parseManagedObjectId } from '../../../core/event-id.ts'
import { success } from '../../../core/failure.ts'
import type { ChildKind } from '../../../core/family.ts'
import { deviceFragment } from '../../../core/managed-object.ts'
import type { ManagedObjectFilter } from '../../../core/managed-object.ts'
import type { ObjectCondition, ObjectQuery } from '../../../core/object-query.ts'
import { parseObjectQuery } from '../../../core/parse-object-query.ts'
import type { Answerable } from '../ground/exchange.ts'
import { queryNotUnderstood } from '../ground/encode-failure.ts'
import { firstValue, listValues } from '../ground/query-parameters.ts'
import type { QueryParameters } from '../ground/query-parameters.ts'

/** Ask for the parents of a child. */
const childParameters: readonly (readonly [string, ChildKind])[] = [
  ['childDeviceId', 'device'],
  ['childAssetId', 'asset'],
  ['childAdditionId', 'addition'],
]

/**
 * Reads the filters of a list (docs/protocols/cumulocity.md, 6.1); unknown and empty parameters say nothing, save an
 * empty `q`, which means all devices. Refuses a query that cannot be read with the original's words.
 */
export const decodeManagedObjectFilter = (
  parameters: QueryParameters,
): Answerable<ManagedObjectFilter> => {
  const query = decodeQuery(parameters)
  if (!query.ok) return query
  const ids = decodeIds(parameters)
  const type = queryTexts(parameters).length === 0 ? firstValue(parameters, 'type') : undefined
  const fragmentType = firstValue(parameters, 'fragmentType')
  const text = firstValue(parameters, 'text')?.trim() ?? ''
  return success({
    ...(type === undefined ? {} : { type }),
    ...(fragmentType === undefined ? {} : { fragmentType }),
    ...(text === '' ? {} : { text }),
    ...(firstValue(parameters, 'onlyRoots') === 'true' ? { onlyRoots: true } : {}),
    ...(query.value === undefined ? {} : { query: query.value }),
    ...(ids === undefined ? {} : { ids }),
    ...decodeParentOf(parameters),
    ...decodeOwner(parameters),
  })
}

const isDevice: ObjectCondition = { kind: 'has', path: [deviceFragment] }

/** `q` is a query among devices; with both, both must hold, and the order of `query` comes first. */
const decodeQuery = (parameters: QueryParameters): Answerable<ObjectQuery | undefined> => {
  const wantsDevices = parameters.some(([name]) => name === 'q')
  const texts = queryTexts(parameters)
  if (!wantsDevices && texts.length === 0) return success(undefined)
  const queries = texts.map(parseObjectQuery)
  const understood = queries.filter((query) => query !== undefined)
  if (understood.length < queries.length) return { ok: false, error: queryNotUnderstood }
  const conditions = understood.flatMap(({ condition }) => condition ?? [])
  const of = wantsDevices ? [isDevice, ...conditions] : conditions
  const order = understood.flatMap((query) => query.order)
  return success({ condition: { kind: 'and', of }, order })
}

/** A query takes the place of `type` (6.1). */
const queryTexts = (parameters: QueryParameters): readonly string[] =>
  ['query', 'q'].flatMap((name) => firstValue(parameters, name) ?? [])

/** A text that no user can have as its name matches nothing. */
const decodeOwner = (parameters: QueryParameters): ManagedObjectFilter => {
  const text = firstValue(parameters, 'owner')
  if (text === undefined) return {}
  const owner = decodeUserName(text)
  return owner === undefined ? { ids: [] } : { owner }
}

/** Of several children only the first kind is looked at; a text that can be no id is nobody's child. */
const decodeParentOf = (parameters: QueryParameters): ManagedObjectFilter => {
  for (const [name, kind] of childParameters) {
    const text = firstValue(parameters, name)
    if (text === undefined) continue
    const child = parseManagedObjectId(text)
    return child === undefined ? { ids: [] } : { parentOf: { child, kind } }
  }
  return {}
}

/** Texts that no object can have as its id match nothing. */
const decodeIds = (parameters: QueryParameters): ManagedObjectFilter['ids'] =>
  listValues(parameters, 'ids')?.flatMap((id) => parseManagedObjectId(id) ?? [])
