import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

export type HashedFile = { readonly sha256: string; readonly bytes: number }

/** Reads the file once; `onChunk` sees each piece of it and `onEnd` the open file. */
export const hashFile = (
  path: string,
  onChunk: (chunk: Buffer) => void = () => undefined,
  onEnd: (file: number) => void = () => undefined,
): HashedFile => {
  const file = openSync(path, 'r')
  try {
    if (!fstatSync(file).isFile()) throw new Error(`${path} is no file`)
    const hash = createHash('sha256')
    const memory = Buffer.allocUnsafe(chunkBytes)
    let bytes = 0
    for (;;) {
      const read = readSync(file, memory, 0, chunkBytes, bytes)
      if (read === 0) break
      const chunk = memory.subarray(0, read)
      hash.update(chunk)
      onChunk(chunk)
      bytes += read
    }
    onEnd(file)
    return { sha256: hash.digest('hex'), bytes }
  } finally {
    closeSync(file)
  }
}

const chunkBytes = 1024 * 1024
