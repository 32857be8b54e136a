import type { Connection } from './connect.ts'
import { listAt, textAt } from './decode-answer.ts'
import type { refused } from './outcome.ts'

export type Listed =
  { readonly ok: true; readonly elements: readonly unknown[] } | ReturnType<typeof refused>

/**
 * Follows `next` through a collection of the Cumulocity dialect until it ends or `elementsMax` is reached. Only path and
 * query of `next` are used, so that a server behind a proxy is reached the way it was called.
 */
export const listPages = async (
  server: Connection,
  path: string,
  member: string,
  elementsMax = Number.POSITIVE_INFINITY,
): Promise<Listed> => {
  const elements: unknown[] = []
  const pageSize = Math.min(elementsMax, 1_000)
  let next = `${path}${path.includes('?') ? '&' : '?'}pageSize=${pageSize}`
  while (next !== '' && elements.length < elementsMax) {
    const answer = await server.call('GET', next)
    if (!answer.ok) return answer
    elements.push(...listAt(answer.body, member))
    next = pathOf(textAt(answer.body, 'next'))
  }
  return { ok: true, elements: elements.slice(0, elementsMax) }
}

const pathOf = (link: string): string => {
  if (!URL.canParse(link)) return ''
  const { pathname, search } = new URL(link)
  return pathname + search
}
