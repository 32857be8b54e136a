import type { FastifyInstance } from 'fastify'

/** How often connections that have become idle are looked for while stopping. */
const idleCheckMs = 25

/**
 * Stops accepting connections, lets requests that are under way finish, and closes each connection as soon as it is
 * idle, so that clients that keep connections open don't hold the server up. What is still under way after `deadlineMs`
 * is cut off.
 */
export const closeHttpServer = async (http: FastifyInstance, deadlineMs: number): Promise<void> => {
  const idleCheck = setInterval(() => {
    http.server.closeIdleConnections()
  }, idleCheckMs)
  const cut = setTimeout(() => {
    http.log.warn('requests are still under way at the deadline; their connections are closed')
    http.server.closeAllConnections()
  }, deadlineMs)
  try {
    await http.close()
  } finally {
    clearInterval(idleCheck)
    clearTimeout(cut)
  }
}
