import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { listenBare } from './bare-server.fixture.ts'
import { closeWhenIdle } from './close-when-idle.ts'

/** The answer to a request whose body never comes to its end. */
const beginRequest = async () => {
  const { server, port } = await listenBare()
  const begun = new Promise<ServerResponse>((resolve) => {
    server.once('request', (_, response) => resolve(response))
  })
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.resume()
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx')
  return { response: await begun, socket }
}

it('a client that sends nothing any more loses its connection', async () => {
  const { response, socket } = await beginRequest()
  const closed = once(socket, 'close')
  closeWhenIdle(response, 20)
  await closed
  expect(response.destroyed).toBe(true)
})

it('a client that waits for an answer keeps it', async () => {
  const { response, socket } = await beginRequest()
  closeWhenIdle(response, 20)()
  await once(response, 'timeout')
  expect(response.destroyed).toBe(false)
  const answered = once(socket, 'data')
  response.end('x')
  expect(String((await answered)[0])).toContain('200 OK')
})
