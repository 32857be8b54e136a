import { failed, success } from '../../../core/failure.ts'
import type { Issue, Result } from '../../../core/failure.ts'
import { pageOffsetMax, pageSizeDefault, pageSizeMax } from '../../../core/limits.ts'
import { firstValue } from './query-parameters.ts'
import type { QueryParameters } from './query-parameters.ts'

/** Which page is asked for (docs/protocols/cumulocity.md, 1.6). */
export type Paging = {
  readonly currentPage: number
  readonly pageSize: number
  readonly withTotalPages: boolean
  readonly withTotalElements: boolean
}

/** Names that say which page, not what is on it: left out when a link is built from a request's filters. */
export const pagingParameters: ReadonlySet<string> = new Set([
  'currentPage',
  'pageSize',
  'position',
])

/**
 * Fails with `invalid` for anything that is not a whole number from 1; a `pageSize` over the maximum is cut silently.
 * With a link's position the number only counts pages, so that following `next` never ends early.
 */
export const decodePaging = (parameters: QueryParameters): Result<Paging> => {
  const issues: Issue[] = []
  const currentPage = decodeCount(parameters, 'currentPage', 1, issues)
  const pageSize = decodeCount(parameters, 'pageSize', pageSizeDefault, issues)
  const size = Math.min(pageSize, pageSizeMax)
  const isFollowed = firstValue(parameters, 'position') !== undefined
  if (!isFollowed && (currentPage - 1) * size > pageOffsetMax) {
    const message = `reaches beyond element ${pageOffsetMax}: follow "next" or narrow the filter`
    issues.push({ path: 'currentPage', problem: 'wrong', message })
  }
  if (issues.length > 0) return failed({ kind: 'invalid', issues })
  return success({
    currentPage,
    pageSize: size,
    withTotalPages: firstValue(parameters, 'withTotalPages') === 'true',
    withTotalElements: firstValue(parameters, 'withTotalElements') === 'true',
  })
}

/** Far over every bound, and exact in every sum that is made of it. */
const countMax = 1_000_000_000

const decodeCount = (
  parameters: QueryParameters,
  path: string,
  byDefault: number,
  issues: Issue[],
): number => {
  const text = firstValue(parameters, path)
  if (text === undefined) return byDefault
  if (/^\d+$/.test(text) && Number(text) > 0) return Math.min(Number(text), countMax)
  issues.push({ path, problem: 'wrong', message: 'must be a whole number from 1' })
  return byDefault
}
