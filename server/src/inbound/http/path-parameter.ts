import type { FastifyRequest } from 'fastify'

/** A path parameter, percent-decoded once; '' for one that the route does not have. */
export const pathParameter = ({ params }: FastifyRequest, name: string): string => {
  const value: unknown =
    typeof params === 'object' && params !== null ? Reflect.get(params, name) : undefined
  return typeof value === 'string' ? value : ''
}
