import type { FastifyRequest } from 'fastify'

/**
 * The beginning of every link in an answer, without a slash at its end; undefined for a Host that no URL could have, and
 * for a forwarded protocol that this server does not speak.
 */
export type BaseUrl = (request: FastifyRequest) => string | undefined

const hostPattern = /^(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/

/** A proxy may hand on what its client says. */
const protocolPattern = /^https?$/i

/**
 * From the configured public address, else from what the client used (`Host`, and the forwarded headers of trusted
 * proxies), so that links lead back to where the request came from.
 */
export const createBaseUrl = (publicUrl: string | undefined): BaseUrl => {
  if (publicUrl !== undefined) {
    const fixed = publicUrl.replace(/\/+$/, '')
    return () => fixed
  }
  // Most requests name the host that the one before has named.
  let [lastHost, lastProtocol, last] = ['', '', '']
  return (request) => {
    const { host: named, protocol } = request
    const host = named === '' ? localAddress(request) : named
    if (host === lastHost && protocol === lastProtocol) return last
    const base = `${protocol}://${host}`
    if (!isBase(base, host, protocol)) return undefined
    ;[lastHost, lastProtocol, last] = [host, protocol, base]
    return last
  }
}

/** The pattern allows ports and addresses that there are not. */
const isBase = (base: string, host: string, protocol: string): boolean =>
  hostPattern.test(host) && protocolPattern.test(protocol) && URL.canParse(base)

const localAddress = ({ socket }: FastifyRequest): string => {
  const address = socket.localAddress ?? 'localhost'
  return `${address.includes(':') ? `[${address}]` : address}:${socket.localPort ?? 80}`
}
