import type { Readable } from 'node:stream'
import { success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import { hungUp } from '../../http/read-body.ts'

/** What a request says of the file that it carries. */
export type ReceivedFile = {
  readonly name: string | undefined
  readonly type: string | undefined
  /** The text of a multipart's `object` part. */
  readonly object: string | undefined
}

export type WriteChunk = (chunk: Uint8Array) => Promise<Result<void>>

/** Why a stream ended before its time does not matter: the request's connection is gone, or the body is not whole. */
export const writeAll = async (stream: Readable, write: WriteChunk): Promise<Result<void>> => {
  // The stream stays alive after a failure of `write`, because its connection has still to carry the answer.
  const chunks = stream.iterator({ destroyOnReturn: false })
  for (;;) {
    const next: Result<IteratorResult<unknown, unknown>> = await chunks
      .next()
      .then(success, () => hungUp)
    if (!next.ok) return next
    const { value, done } = next.value
    if (done === true) return success(undefined)
    if (!Buffer.isBuffer(value)) throw new Error('a body is made of bytes')
    const written = await write(value)
    if (written.ok) continue
    // As long as somebody waits for more of it, nothing would throw the rest away, and the connection would stand still.
    await chunks.return?.()
    return written
  }
}
