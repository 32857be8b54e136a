import type { Paging } from './decode-paging.ts'
import { pagingParameters } from './decode-paging.ts'
import type { QueryParameters } from './query-parameters.ts'

/** A page of any collection, ready to be written. */
export type Collection = {
  /** The JSON member that holds the elements, for example `events`. */
  readonly name: string
  /** The collection's address without a query. */
  readonly url: string
  readonly parameters: QueryParameters
  readonly paging: Paging
  /** The elements as JSON texts. */
  readonly elements: readonly string[]
  readonly more: boolean
  /** Whether there is a page before this one; without it the page's number says so. */
  readonly earlier?: boolean
  /** Elements in all pages; only when a total was asked for. */
  readonly total: number | undefined
  /** Opaque positions that make `next` and `prev` exact while others write (1.6). */
  readonly nextPosition?: string | undefined
  readonly previousPosition?: string | undefined
}

/**
 * `{self, next?, prev?, statistics, <name>: [...]}`. Links carry every filter of the request, percent-encoded;
 * `next` and `prev` are absent, never null, when there is no such page, because clients run a pattern over them.
 */
export const encodeCollection = (collection: Collection): string => {
  const { paging, more, nextPosition, previousPosition } = collection
  const { currentPage } = paging
  const { earlier = currentPage > 1 } = collection
  const self = pageUrl(collection, currentPage, undefined)
  const next = more ? `,"next":${pageUrl(collection, currentPage + 1, nextPosition)}` : ''
  const previousPage = Math.max(1, currentPage - 1)
  const previous = earlier ? `,"prev":${pageUrl(collection, previousPage, previousPosition)}` : ''
  return (
    `{"self":${self}${next}${previous},"statistics":${encodeStatistics(collection)},` +
    `"${collection.name}":[${collection.elements.join(',')}]}`
  )
}

const encodeStatistics = ({ paging, total }: Collection): string => {
  const { currentPage, pageSize, withTotalPages, withTotalElements } = paging
  return JSON.stringify({
    currentPage,
    pageSize,
    ...(withTotalPages && total !== undefined ? { totalPages: Math.ceil(total / pageSize) } : {}),
    ...(withTotalElements && total !== undefined ? { totalElements: total } : {}),
  })
}

const pageUrl = (
  { url, parameters, paging }: Collection,
  currentPage: number,
  position: string | undefined,
): string => {
  const filters = parameters.filter(
    ([name, value]) => isSaid(name, value) && !pagingParameters.has(name),
  )
  const query = [
    ...filters,
    ['pageSize', String(paging.pageSize)] as const,
    ['currentPage', String(currentPage)] as const,
    ...(position === undefined ? [] : [['position', position] as const]),
  ]
  const encoded = query.map(([name, value]) => `${encode(name)}=${encode(value)}`)
  return JSON.stringify(`${url}?${encoded.join('&')}`)
}

/** An empty parameter says nothing, except `q`, which asks for devices (docs/protocols/cumulocity.md, 6.1). */
const isSaid = (name: string, value: string): boolean => value !== '' || name === 'q'

const encode = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, percent)

const percent = (mark: string): string => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`
