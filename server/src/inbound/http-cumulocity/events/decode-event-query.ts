import { parseEventId, parseManagedObjectId } from '../../../core/event-id.ts'
import type {
  EventFilter,
  EventOrder,
  InstantRange,
  PagePosition,
} from '../../../core/event-query.ts'
import { parseEventTime } from '../../../core/event-time.ts'
import { childKinds } from '../../../core/family.ts'
import type { ChildKind } from '../../../core/family.ts'
import { failed, invalid, success } from '../../../core/failure.ts'
import type { Issue, Result } from '../../../core/failure.ts'
import { searchedTextLengthMax } from '../../../core/limits.ts'
import type { Paging } from '../ground/decode-paging.ts'
import { firstValue } from '../ground/query-parameters.ts'
import type { QueryParameters } from '../ground/query-parameters.ts'

const filterNames = [
  'source',
  'type',
  'fragmentType',
  'fragmentValue',
  'text',
  'dateFrom',
  'dateTo',
  'createdFrom',
  'createdTo',
  'lastUpdatedFrom',
  'lastUpdatedTo',
] as const

/** What else comes along with a source, and over which references (docs/protocols/cumulocity.md, 3.2). */
const belowParameters = {
  withSourceDevices: ['device'],
  withSourceAssets: ['asset'],
  withSourceAdditions: ['addition'],
  withSourceChildren: childKinds,
} as const satisfies Record<string, readonly ChildKind[]>

/** The references to follow below the source; without a source there is nothing to follow, as all are meant. */
export const decodeBelow = (parameters: QueryParameters): readonly ChildKind[] => {
  const wanted = Object.entries<readonly ChildKind[]>(belowParameters)
    .filter(([name]) => firstValue(parameters, name) === 'true')
    .flatMap(([, kinds]) => kinds)
  return childKinds.filter((kind) => wanted.includes(kind))
}

/** Names that a DELETE knows and ignores (docs/protocols/cumulocity.md, 3.5). */
const ignoredOnDelete = [
  'revert',
  'pageSize',
  'currentPage',
  'withTotalPages',
  'withTotalElements',
] as const

/** One of these must narrow a DELETE: a type alone once removed far too much (3.5). */
const narrowingOnDelete = ['source', 'dateFrom', 'dateTo', 'createdFrom', 'createdTo'] as const

/** Reads the filters of a list; unknown and empty parameters say nothing. Fails with `invalid`. */
export const decodeEventFilter = (parameters: QueryParameters): Result<EventFilter> => {
  const issues: Issue[] = []
  const source = firstValue(parameters, 'source')
  const type = firstValue(parameters, 'type')
  const fragmentType = firstValue(parameters, 'fragmentType')
  const fragmentValue = firstValue(parameters, 'fragmentValue')
  const text = decodeText(parameters, issues)
  const time = decodeRange(parameters, 'dateFrom', 'dateTo', issues)
  const creation = decodeRange(parameters, 'createdFrom', 'createdTo', issues)
  const lastUpdated = decodeRange(parameters, 'lastUpdatedFrom', 'lastUpdatedTo', issues)
  if (fragmentValue !== undefined && fragmentType === undefined) {
    issues.push({ path: 'fragmentValue', problem: 'wrong', message: 'needs fragmentType' })
  }
  if (issues.length > 0) return failed({ kind: 'invalid', issues })
  return success({
    ...(source === undefined ? {} : { sources: decodeSource(source) }),
    ...(type === undefined ? {} : { type }),
    ...(fragmentType === undefined ? {} : { fragmentType }),
    ...(fragmentValue === undefined ? {} : { fragmentValue }),
    ...(text === undefined ? {} : { text }),
    ...(time === undefined ? {} : { time }),
    ...(creation === undefined ? {} : { creation }),
    ...(lastUpdated === undefined ? {} : { lastUpdated }),
  })
}

/**
 * Reads the filters of a DELETE. A misspelt or empty parameter is `invalid` here, since ignoring it would
 * delete too much.
 */
export const decodeDeletion = (parameters: QueryParameters): Result<EventFilter> => {
  const known: readonly string[] = [...filterNames, ...ignoredOnDelete, ...belowNames]
  for (const [name, value] of parameters) {
    if (!known.includes(name)) return invalid(name.slice(0, 80), 'is not a filter of a deletion')
    const isEmpty = name === 'text' ? value.trim() === '' : value === ''
    if (isEmpty) return invalid(name, 'must not be empty in a deletion')
  }
  if (new Set(parameters.map(([name]) => name)).size < parameters.length) {
    return invalid('', 'a deletion takes every filter once')
  }
  for (const [name, value] of parameters.filter(([each]) => belowNames.includes(each))) {
    if (value !== 'true' && value !== 'false') return invalid(name, 'must be true or false')
    if (firstValue(parameters, 'source') === undefined) return invalid(name, 'needs source')
  }
  if (!narrowingOnDelete.some((name) => firstValue(parameters, name) !== undefined)) {
    return invalid('', `a deletion needs one of ${narrowingOnDelete.join(', ')}`)
  }
  return decodeEventFilter(parameters)
}

const belowNames: readonly string[] = Object.keys(belowParameters)

/** An id that no object can have matches nothing; an unknown source is an empty list, not an error (3.2). */
const decodeSource = (text: string): NonNullable<EventFilter['sources']> => {
  const source = parseManagedObjectId(text)
  return source === undefined ? [] : [source]
}

/** White space alone says nothing, as in the inventory. */
const decodeText = (parameters: QueryParameters, issues: Issue[]): string | undefined => {
  const text = firstValue(parameters, 'text')?.trim() ?? ''
  if (text.length > searchedTextLengthMax) {
    const message = `may have at most ${searchedTextLengthMax} characters`
    issues.push({ path: 'text', problem: 'wrong', message })
  }
  return text === '' ? undefined : text
}

/** Half-open; two equal bounds mean that one instant (1.5). */
const decodeRange = (
  parameters: QueryParameters,
  from: string,
  to: string,
  issues: Issue[],
): InstantRange | undefined => {
  const fromMs = decodeInstant(parameters, from, issues)
  const toMs = decodeInstant(parameters, to, issues)
  if (fromMs === undefined && toMs === undefined) return undefined
  return {
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs: toMs === fromMs ? toMs + 1 : toMs }),
  }
}

const decodeInstant = (
  parameters: QueryParameters,
  path: string,
  issues: Issue[],
): number | undefined => {
  const text = firstValue(parameters, path)
  if (text === undefined) return undefined
  const time = parseEventTime(restorePlus(text))
  if (time === undefined) {
    issues.push({ path, problem: 'wrong', message: 'must be an ISO 8601 date or date-time' })
  }
  return time?.ms
}

/** A client that forgets to encode `+` sends a space in its place (1.5). */
const restorePlus = (text: string): string => text.replace(/(T.*) (\d\d(?::?\d\d)?)$/, '$1+$2')

/** Newest first unless `revert=true` (3.3). */
export const decodeOrder = (parameters: QueryParameters): Result<EventOrder> => {
  const revert = firstValue(parameters, 'revert') ?? 'false'
  if (revert !== 'true' && revert !== 'false') return invalid('revert', 'must be true or false')
  return success(revert === 'true' ? 'oldest-first' : 'newest-first')
}

const positionPattern = /^(after|before)\.(-?\d{1,15})\.(\d{1,16})$/

/** From a link's opaque position, else from the page's number. Fails with `invalid` for a position not made here. */
export const decodePosition = (
  parameters: QueryParameters,
  { currentPage, pageSize }: Paging,
): Result<PagePosition> => {
  const text = firstValue(parameters, 'position')
  if (text === undefined) return success({ from: 'start', skip: (currentPage - 1) * pageSize })
  const [, from, timeMs, idText = ''] = positionPattern.exec(text) ?? []
  const id = parseEventId(idText)
  if ((from !== 'after' && from !== 'before') || id === undefined) {
    return invalid('position', 'is taken from next or prev as it stands')
  }
  return success({ from, timeMs: Number(timeMs), id })
}
