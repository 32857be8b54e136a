import { BlockList } from 'node:net'
import type { FastifyRequest } from 'fastify'

/**
 * Whether a request is from this machine, and for nobody else: a proxy beside the server has a loopback address too, and says
 * in a header that it asks for another.
 */
export const isLocal = ({
  socket,
  headers,
  ip,
}: Pick<FastifyRequest, 'socket' | 'headers' | 'ip'>): boolean => {
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined
  return isLoopback(socket.remoteAddress ?? '') && (!isForwarded || isTrusted(socket, ip))
}

/** A proxy that is trusted changes `ip`; one that is not leaves the socket's own address there. */
const isTrusted = (socket: FastifyRequest['socket'], ip: string): boolean =>
  ip !== socket.remoteAddress && isLoopback(ip)

const isLoopback = (address: string): boolean => {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  return loopback.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4')
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')
