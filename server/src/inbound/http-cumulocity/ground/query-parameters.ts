import type { FastifyRequest } from 'fastify'

/** The query of a request: names and values in their order, decoded. Empty values are kept. */
export type QueryParameters = readonly (readonly [name: string, value: string])[]

export const queryParametersOf = ({ url }: Pick<FastifyRequest, 'url'>): QueryParameters => {
  const start = url.indexOf('?')
  return start < 0 ? [] : [...new URLSearchParams(url.slice(start + 1))]
}

/** The first value that is not empty: an empty one says nothing, as in `?source=`. */
export const firstValue = (parameters: QueryParameters, name: string): string | undefined =>
  parameters.find(([each, value]) => each === name && value !== '')?.[1]

/** All values of a list parameter, sent as `ids=1,2` or `ids=1&ids=2` (1.6). */
export const listValues = (
  parameters: QueryParameters,
  name: string,
): readonly string[] | undefined => {
  const sent = parameters.filter(([each]) => each === name)
  if (sent.length === 0) return undefined
  return sent.flatMap(([, value]) => value.split(',')).filter((value) => value !== '')
}
