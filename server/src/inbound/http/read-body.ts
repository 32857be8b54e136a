import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { failed, invalid, success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import {
  heldBodyBytesMax,
  retryAfterS,
  smallBodyBytesMax,
  transferHeldBytes,
} from '../../core/limits.ts'
import { createFreeChunks } from './free-chunks.ts'
import type { FreeChunks } from './free-chunks.ts'
import { gatherBytes } from './gather-bytes.ts'

/** Reads the bodies of one server; large ones share a budget of memory, with the large answers. */
export type BodyReader = {
  /**
   * The whole body as text. Fails with `too-large` beyond `bytesMax` (the rest is thrown away by Node when the answer
   * is sent, so the connection stays usable), `unavailable` when the large bodies of all
   * connections together would exceed `heldBodyBytesMax`, and `invalid` when it is not UTF-8 or
   * the client hung up.
   */
  readonly readText: (
    request: IncomingMessage,
    response: ServerResponse,
    bytesMax: number,
  ) => Promise<Result<string>>

  /**
   * Counts a large answer to a read against the same budget until it is sent: clients that ask for large pages and
   * take them slowly must not fill the memory. Fails with `unavailable`.
   */
  readonly holdAnswer: (response: ServerResponse, bytes: number) => Result<void>

  /**
   * Counts a file that passes through, in either direction, with `transferHeldBytes` until its answer is sent: it is never
   * in memory as a whole. Fails with `unavailable`.
   */
  readonly holdTransfer: (response: ServerResponse) => Result<void>

  /** To be told of each chunk of a file that has passed. */
  readonly freeChunks: FreeChunks
}

export const createBodyReader = (): BodyReader => {
  const budget = { heldBytes: 0 }
  const hold = (response: ServerResponse, bytes: number): Result<void> => {
    if (budget.heldBytes + bytes > heldBodyBytesMax) return overBudget
    budget.heldBytes += bytes
    response.once('close', () => (budget.heldBytes -= bytes))
    return success(undefined)
  }
  return {
    readText: async (request, response, bytesMax) => {
      const arrived = takeArrived(request, bytesMax)
      if (arrived !== undefined) return decodeText(arrived)
      const body = await readBytes(request, response, bytesMax, budget)
      return body.ok ? decodeText(body.value) : body
    },
    holdAnswer: (response, bytes) =>
      bytes <= smallBodyBytesMax ? success(undefined) : hold(response, bytes),
    holdTransfer: (response) => hold(response, transferHeldBytes),
    freeChunks: createFreeChunks(),
  }
}

const decodeText = (body: Buffer): Result<string> =>
  isUtf8(body) ? success(body.toString('utf8')) : invalid('', 'the body is not UTF-8')

/**
 * The whole of a small body that came together with its head, as nearly all do: it is taken as it lies there, without
 * listening for it.
 */
const takeArrived = (request: IncomingMessage, bytesMax: number): Buffer | undefined => {
  const bytes = request.readableLength
  if (!request.complete || bytes === 0 || bytes > Math.min(bytesMax, smallBodyBytesMax)) {
    return undefined
  }
  const body: unknown = request.read()
  return Buffer.isBuffer(body) ? body : undefined
}

type Budget = { heldBytes: number }

const readBytes = (
  request: IncomingMessage,
  response: ServerResponse,
  bytesMax: number,
  budget: Budget,
): Promise<Result<Buffer>> => {
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > bytesMax) return Promise.resolve(failed({ kind: 'too-large', bytesMax }))
  if (request.destroyed && !request.readableEnded) return Promise.resolve(hungUp)
  return new Promise((resolve) => {
    const gathered = gatherBytes(declared)
    let bytes = 0
    let held = 0
    const settle = (result: Result<Buffer>): void => {
      request.off('data', take)
      request.off('end', finish)
      request.off('close', hangUp)
      if (!result.ok) request.resume()
      resolve(result)
    }
    const take = (chunk: Buffer): void => {
      bytes += chunk.length
      if (bytes > bytesMax) return settle(failed({ kind: 'too-large', bytesMax }))
      gathered.add(chunk)
      if (bytes > smallBodyBytesMax) {
        if (held === 0) response.once('close', () => (budget.heldBytes -= held))
        budget.heldBytes += bytes - held
        held = bytes
        if (budget.heldBytes > heldBodyBytesMax) settle(overBudget)
      }
    }
    const finish = (): void => {
      settle(success(gathered.bytes()))
    }
    const hangUp = (): void => {
      settle(hungUp)
    }
    request.on('data', take)
    request.on('end', finish)
    request.on('close', hangUp)
  })
}

export const hungUp = invalid('', 'the client closed the connection inside the body')
const overBudget = failed({ kind: 'unavailable', reason: 'busy', retryAfterS })
