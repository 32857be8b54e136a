import type { ConnectionError } from 'fastify'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'

/** What was wrong with it; `no-method` names the methods that the path does have. */
export type Unread =
  | { readonly kind: 'no-method'; readonly allowed: readonly string[] }
  | { readonly kind: 'bad-request'; readonly status: 400 | 431; readonly message: string }

/** The body of an answer in the words of a protocol. */
export type UnreadText = { readonly contentType: string; readonly body: string }

/** What the server knows of a path without a request. */
export type UnreadPaths = {
  readonly methodsAt: (url: string) => readonly string[]
  readonly encode: (url: string, unread: Unread) => UnreadText
}

/**
 * Answers what Node cannot read as a request and closes the connection. A method that nobody has heard of is among that,
 * and gets the 405 that every other wrong method gets when its path exists.
 */
export const answerUnread = (error: ConnectionError, socket: Socket, paths: UnreadPaths): void => {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const url = urlOf(error)
  const allowed = error.code === 'HPE_INVALID_METHOD' ? paths.methodsAt(url) : []
  const unread = toUnread(error.code, allowed)
  if (socket.writable) socket.write(encodeAnswer(statusOf(error.code, unread), unread, url, paths))
  socket.destroy(error)
}

/** The target of the request line at which reading stopped; `/` when there is none to be seen. */
const urlOf = ({ rawPacket, bytesParsed }: ConnectionError): string => {
  const packet: unknown = rawPacket
  if (!Buffer.isBuffer(packet)) return '/'
  const text = packet.toString('latin1')
  const start = text.lastIndexOf('\n', Math.max(0, bytesParsed - 1)) + 1
  return /^\S+ (\/\S*) HTTP\//.exec(text.slice(start))?.[1] ?? '/'
}

const toUnread = (code: string, allowed: readonly string[]): Unread => {
  if (allowed.length > 0) return { kind: 'no-method', allowed }
  return code === 'HPE_HEADER_OVERFLOW'
    ? { kind: 'bad-request', status: 431, message: 'the headers are too large' }
    : { kind: 'bad-request', status: 400, message: 'the request is not well-formed HTTP' }
}

const statusOf = (code: string, unread: Unread): number => {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408
  return unread.kind === 'no-method' ? 405 : unread.status
}

const encodeAnswer = (status: number, unread: Unread, url: string, paths: UnreadPaths): string => {
  const { contentType, body } = paths.encode(url, unread)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...(unread.kind === 'no-method' ? [`allow: ${unread.allowed.join(', ')}`] : []),
    `content-type: ${contentType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
