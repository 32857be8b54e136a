/**
 * The path that a request line asks for. A server must take the absolute form too (`GET http://host/path`,
 * RFC 9112, 3.2.2); the asterisk form names nothing here, and becomes a path that no route has.
 */
export const pathOfTarget = (target: string | undefined): string => {
  if (target === undefined || target.startsWith('/')) return target ?? '/'
  const absolute = /^https?:\/\/[^/?#]*(.*)$/i.exec(target)
  const path = absolute?.[1] ?? target
  return path.startsWith('/') ? path : `/${path}`
}
