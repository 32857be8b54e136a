import { decodeUserName } from '../../core/decode-identity.ts'
import { parseManagedObjectId } from '../../core/event-id.ts'
import { invalid, success } from '../../core/failure.ts'
import type { ManagedObjectFilter } from '../../core/managed-object.ts'
import type { Answerable } from './exchange.ts'
import { queryNotUnderstood } from './encode-failure.ts'
import { firstValue, listValues } from './query-parameters.ts'
import type { QueryParameters } from './query-parameters.ts'

/** What makes a managed object a device. */
const deviceFragment = 'c8y_IsDevice'

/** Ask for the parents of a child. There are no references yet, so nothing is ever a parent. */
const childParameters = ['childDeviceId', 'childAssetId', 'childAdditionId'] as const

/**
 * Reads the filters of a list (docs/protocols/cumulocity.md, 6.1); unknown and empty parameters say nothing, save an
 * empty `q`, which means all devices. Refuses the query language with the original's words.
 */
export const decodeManagedObjectFilter = (
  parameters: QueryParameters,
): Answerable<ManagedObjectFilter> => {
  if (firstValue(parameters, 'q') !== undefined || firstValue(parameters, 'query') !== undefined) {
    return { ok: false, error: queryNotUnderstood }
  }
  const fragmentType = decodeFragmentType(parameters)
  if (!fragmentType.ok) return fragmentType
  const ids = decodeIds(parameters)
  const type = firstValue(parameters, 'type')
  const text = firstValue(parameters, 'text')?.trim() ?? ''
  return success({
    ...(ids === undefined ? {} : { ids }),
    ...(type === undefined ? {} : { type }),
    ...(fragmentType.value === undefined ? {} : { fragmentType: fragmentType.value }),
    ...(text === '' ? {} : { text }),
    ...decodeOwner(parameters),
  })
}

/** A text that no user can have as its name matches nothing. */
const decodeOwner = (parameters: QueryParameters): ManagedObjectFilter => {
  const text = firstValue(parameters, 'owner')
  if (text === undefined) return {}
  const owner = decodeUserName(text)
  return owner === undefined ? { ids: [] } : { owner }
}

const decodeFragmentType = (parameters: QueryParameters): Answerable<string | undefined> => {
  const fragmentType = firstValue(parameters, 'fragmentType')
  const wantsDevices = parameters.some(([name]) => name === 'q')
  if (!wantsDevices) return success(fragmentType)
  return fragmentType === undefined || fragmentType === deviceFragment
    ? success(deviceFragment)
    : invalid('fragmentType', 'cannot be combined with q')
}

/** Texts that no object can have as its id match nothing. */
const decodeIds = (parameters: QueryParameters): ManagedObjectFilter['ids'] => {
  if (childParameters.some((name) => firstValue(parameters, name) !== undefined)) return []
  return listValues(parameters, 'ids')?.flatMap((id) => parseManagedObjectId(id) ?? [])
}
