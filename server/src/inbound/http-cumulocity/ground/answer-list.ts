import { success } from '../../../core/failure.ts'
import { pageSizeMax } from '../../../core/limits.ts'
import { decodePaging } from './decode-paging.ts'
import type { Paging } from './decode-paging.ts'
import { encodeCollection } from './encode-collection.ts'
import { encodeJson } from './encode-json.ts'
import type { Answer, Answerable, Exchange } from './exchange.ts'
import type { Resource } from './media-types.ts'
import { pageOf } from './page-of.ts'
import { queryParametersOf } from './query-parameters.ts'

export type ListKind = {
  /** The JSON member that holds the elements. */
  readonly name: string
  readonly resource: Resource
  /** The collection's address without a query. */
  readonly url: string
  /** Everything is on one page, whichever was asked for. */
  readonly isWhole?: boolean
}

/** One page of a list that is in memory as a whole: 200, or 422 for a page that cannot be read. */
export const answerList = <T>(
  { request, base }: Pick<Exchange, 'request' | 'base'>,
  kind: ListKind,
  all: readonly T[],
  encode: (element: T, base: string) => unknown,
): Answerable<Answer> => {
  const parameters = queryParametersOf(request)
  const asked = decodePaging(parameters)
  if (!asked.ok) return asked
  const paging = kind.isWhole === true ? wholeOf(asked.value) : asked.value
  const page = pageOf(all, paging)
  const elements = page.elements.map((element) => encodeJson(encode(element, base)))
  const { name, url, resource } = kind
  const body = encodeCollection({ name, url, parameters, paging, ...page, elements })
  return success({ status: 200, resource, body })
}

const wholeOf = (paging: Paging): Paging => ({
  ...paging,
  currentPage: 1,
  pageSize: pageSizeMax,
})
