import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { onTestFinished } from 'vitest'

/** A server that answers nothing by itself, and its port; gone when the test has finished. */
export const listenBare = async (): Promise<{ readonly server: Server; readonly port: number }> => {
  const server = createServer()
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP port is expected')
  return { server, port: address.port }
}
