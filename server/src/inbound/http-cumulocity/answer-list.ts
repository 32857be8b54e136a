import { success } from '../../core/failure.ts'
import { decodePaging } from './decode-paging.ts'
import { encodeCollection } from './encode-collection.ts'
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
}

/** One page of a list that is in memory as a whole: 200, or 422 for a page that cannot be read. */
export const answerList = <T>(
  { request, base }: Pick<Exchange, 'request' | 'base'>,
  kind: ListKind,
  all: readonly T[],
  encode: (element: T, base: string) => unknown,
): Answerable<Answer> => {
  const parameters = queryParametersOf(request)
  const paging = decodePaging(parameters)
  if (!paging.ok) return paging
  const page = pageOf(all, paging.value)
  const elements = page.elements.map((element) => JSON.stringify(encode(element, base)))
  const { name, url, resource } = kind
  const body = encodeCollection({ name, url, parameters, paging: paging.value, ...page, elements })
  return success({ status: 200, resource, body })
}
