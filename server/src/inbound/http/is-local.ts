import { BlockList } from 'node:net'
import type { FastifyRequest } from 'fastify'

/**
 * Whether a request is from this machine, and for nobody else: a proxy beside the server has a loopback address too, and says
 * in a header that it asks for another.
 */
export const isLocal = ({ socket, headers }: Pick<FastifyRequest, 'socket' | 'headers'>): boolean =>
  isLoopback(socket.remoteAddress ?? '') &&
  !forwardingHeaders.some((name) => headers[name] !== undefined)

const forwardingHeaders = [
  ...['forwarded', 'via', 'x-real-ip'],
  ...['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'],
]

const isLoopback = (address: string): boolean => {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  return loopback.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4')
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')
