import type { FastifyInstance } from 'fastify'

/** Which methods a path has: fastify itself answers 404 for a path that exists under another method. */
export type RouteTable = {
  /** Upper-case, sorted; empty when no route has this path. */
  readonly methodsAt: (url: string) => readonly string[]
  /** Every route: method and pattern. */
  readonly list: () => readonly RouteEntry[]
}

export type RouteEntry = { readonly method: string; readonly pattern: string }

/** Must be called before routes are added. */
export const collectRoutes = (server: FastifyInstance): RouteTable => {
  const routes: (RouteEntry & { readonly path: RegExp })[] = []
  server.addHook('onRoute', ({ method, url }) => {
    for (const each of Array.isArray(method) ? method : [method]) {
      routes.push({ method: each.toUpperCase(), pattern: url, path: toPathPattern(url) })
    }
  })
  return {
    methodsAt: (url) => {
      const [path = ''] = url.split('?', 1)
      return [
        ...new Set(routes.filter((route) => route.path.test(path)).map(({ method }) => method)),
      ].sort()
    },
    list: () => routes.map(({ method, pattern }) => ({ method, pattern })),
  }
}

const toPathPattern = (pattern: string): RegExp => {
  const source = pattern
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('/')
  return new RegExp(`^${source}/?$`)
}
