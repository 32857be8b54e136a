import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { invalid, success } from '../../../core/failure.ts'
import { listenBare } from '../../http/bare-server.fixture.ts'
import { hungUp } from '../../http/read-body.ts'
import { receiveUpload } from './receive-upload.ts'

/** The request that a socket begins, and the socket. */
const beginRequest = async (head: readonly string[], body: string) => {
  const { server, port } = await listenBare()
  const arrived = new Promise<IncomingMessage>((resolve) => server.once('request', resolve))
  const socket = connect(port, '127.0.0.1')
  socket.write(`${['POST / HTTP/1.1', 'Host: x', ...head].join('\r\n')}\r\n\r\n${body}`)
  return { request: await arrived, socket }
}

const createGate = () => {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

const fileHead = '--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n'

it.each([
  ['a form', 'multipart/form-data; boundary=b', fileHead],
  ['a file as it stands', 'text/plain', ''],
])(
  '%s whose sender hangs up is over when nothing is written to it any more',
  async (_, type, start) => {
    const head = [`Content-Type: ${type}`, 'Content-Length: 1000000']
    const { request, socket } = await beginRequest(head, start + 'x'.repeat(1_000))
    const [reached, disk] = [createGate(), createGate()]
    let isWriting = false
    let wasWriting: boolean | undefined
    const received = receiveUpload(request, async () => {
      isWriting = true
      reached.open()
      await disk.opened
      isWriting = false
      return success(undefined)
    }).then((result) => {
      wasWriting = isWriting
      return result
    })
    await reached.opened
    const closed = new Promise<void>((resolve) => request.once('close', () => resolve()))
    socket.destroy()
    await closed
    await new Promise(setImmediate)
    disk.open()
    expect(await received).toEqual(hungUp)
    expect(wasWriting).toBe(false)
  },
)

it.each([
  ['a form', 'multipart/form-data; boundary=b', fileHead],
  ['a file as it stands', 'text/plain', ''],
])(
  '%s that is refused in its middle does not hold up the next request',
  async (_, type, start) => {
    const { server, port } = await listenBare()
    const refuse = () => Promise.resolve(invalid('', 'no room'))
    server.on('request', (request, response) => {
      void receiveUpload(request, refuse).then(({ ok }) => response.end(ok ? 'kept.' : 'refused.'))
    })
    const socket = connect(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    const body = start + 'x'.repeat(1_000_000)
    const head = ['POST / HTTP/1.1', 'Host: x', `Content-Type: ${type}`]
    socket.write([...head, `Content-Length: ${body.length}`, '', body].join('\r\n'))
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n')
    let told = ''
    await new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        told += String(chunk)
        if (told.includes('kept.')) resolve()
      })
    })
    expect(told.indexOf('refused.')).toBeLessThan(told.indexOf('kept.'))
    expect(told).toContain('refused.')
  },
  10_000,
)
