import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Result } from '../../../core/failure.ts'
import type { Download } from '../../../usecases/attachment-ports.ts'
import { closeWhenIdle } from '../../http/close-when-idle.ts'
import { pathParameter } from '../../http/path-parameter.ts'
import { identifyCaller, sendError, toError } from '../ground/exchange.ts'
import type { Answerable, Caller, Exchange, ExchangePorts } from '../ground/exchange.ts'
import { receiveUpload } from './receive-upload.ts'
import type { ReceivedFile, WriteChunk } from './write-all.ts'

/** A request whose body is a file, or whose answer is one; or that deletes one. */
export type BinaryExchange = Caller &
  Pick<Exchange, 'request' | 'parameter'> & {
    /** Takes in the file of the request: `write` gets it chunk by chunk. */
    readonly receive: (write: WriteChunk) => Promise<Result<ReceivedFile>>
  }

export type BinaryAnswer =
  | { readonly kind: 'deleted' }
  | { readonly kind: 'file'; readonly file: Download }
  | {
      readonly kind: 'json'
      readonly status: 200 | 201
      readonly body: string
      readonly location?: string
    }

export type BinaryHandler = (exchange: BinaryExchange) => Promise<Answerable<BinaryAnswer>>

/**
 * Like `answerWith`, for files: `Accept` says nothing here, because clients ask for an event's type where a file comes back,
 * and for anything where JSON does (docs/protocols/cumulocity.md, 3.7). A request with a file of any size counts like a
 * large body against the memory of all requests.
 */
export const answerBinary =
  (ports: ExchangePorts, handler: BinaryHandler) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const caller = await identifyCaller(ports, request)
    if (!caller.ok) return sendError(request, reply, toError(caller))
    const held = request.method === 'DELETE' ? undefined : ports.bodies.holdTransfer(reply.raw)
    if (held?.ok === false) return sendError(request, reply, toError(held))
    const answer = await handler({
      ...caller.value,
      request,
      parameter: (name) => pathParameter(request, name),
      receive: async (write) => {
        const endIdling = closeWhenIdle(reply.raw)
        const received = await receiveUpload(request.raw, (chunk) => {
          ports.bodies.freeChunks(chunk.length)
          return write(chunk)
        })
        // What is left to do is ours: the client can only wait.
        endIdling()
        return received
      },
    })
    if (!answer.ok) return sendError(request, reply, toError(answer))
    return sendBinary(request, reply, answer.value)
  }

const sendBinary = (
  request: FastifyRequest,
  reply: FastifyReply,
  answer: BinaryAnswer,
): FastifyReply => {
  reply.header('x-request-id', request.id)
  switch (answer.kind) {
    case 'deleted':
      return reply.code(204).send()
    case 'json':
      if (answer.location !== undefined) reply.header('location', answer.location)
      return reply
        .code(answer.status)
        .header('content-type', 'application/json;charset=UTF-8')
        .send(answer.body)
    case 'file':
      return sendFile(request, reply, answer.file)
  }
}

/** What a stranger has uploaded is never run in the page of this server: not shown, not guessed at, and without rights. */
const sendFile = (request: FastifyRequest, reply: FastifyReply, file: Download): FastifyReply => {
  const { raw } = reply
  reply.hijack()
  raw.writeHead(200, {
    'x-request-id': request.id,
    'content-type': file.type,
    'content-length': file.length,
    'content-disposition': encodeDisposition(file.name),
    'x-content-type-options': 'nosniff',
    'content-security-policy': 'sandbox',
  })
  closeWhenIdle(raw)
  passOn(file, raw).catch((error: unknown) => {
    request.log.error({ err: error, requestId: request.id }, 'sending a file failed')
    raw.destroy()
  })
  return reply
}

/** The plain name is for old clients, the extended one (RFC 6266) for all others. */
const encodeDisposition = (name: string): string => {
  const plain = name.replace(/[^\x20-\x7e]/gu, '_').replace(/["\\]/g, '\\$&')
  const extended = `; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, percent)}`
  return `attachment; filename="${plain}"${/^[\x20-\x7e]*$/.test(name) ? '' : extended}`
}

const percent = (mark: string): string => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`

/**
 * Reads from disk only what the client has taken. After the first byte there is no other answer: when the file cannot be
 * read on, the connection breaks, and the client sees that the file is not whole. Closes the file however this ends.
 */
const passOn = async (file: Download, raw: ServerResponse): Promise<void> => {
  try {
    for (;;) {
      const chunk = await file.read()
      if (raw.destroyed) return
      if (!chunk.ok) return void raw.destroy()
      if (chunk.value === undefined) return void raw.end()
      if (!(await isTaken(raw, chunk.value))) return
    }
  } finally {
    await file.close()
  }
}

/** Waits until the bytes have left, because their memory is used again; false when the client is gone. */
const isTaken = (raw: ServerResponse, chunk: Uint8Array): Promise<boolean> =>
  new Promise((resolve) => {
    const isGone = (): void => {
      resolve(false)
    }
    raw.once('close', isGone)
    raw.write(chunk, (error) => {
      raw.off('close', isGone)
      resolve(!error)
    })
  })
