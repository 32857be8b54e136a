import { connect } from 'node:net'

/** A request as bytes: nothing is checked or completed, so that a server meets what no client library would send. */
export type RawRequest = {
  readonly what: string
  readonly head: readonly string[]
  readonly body: Buffer
}

/** The first status code that came back; 0 when the server closed the connection without one. */
export const sendRaw = (port: number, request: RawRequest): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let received = ''
    const finish = (): void => {
      socket.destroy()
      resolve(Number(/^HTTP\/1\.[01] (\d{3})/.exec(received)?.[1] ?? 0))
    }
    socket.setTimeout(answerDeadlineMs, () => {
      socket.destroy()
      reject(new Error(`no answer within ${answerDeadlineMs} ms to ${request.what}`))
    })
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      if (received.includes('\r\n\r\n')) finish()
    })
    socket.on('error', finish)
    socket.on('close', finish)
    socket.write(`${request.head.join('\r\n')}\r\n\r\n`, 'latin1')
    socket.end(request.body)
  })

const answerDeadlineMs = 30_000
