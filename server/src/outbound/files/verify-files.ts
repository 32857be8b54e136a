import { closeSync, existsSync, fstatSync, openSync, readSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { decodeTrailer, trailerBytesMax } from './decode-trailer.ts'
import { parsePlaceName, shardName, shardOf, shardsInAll } from './file-names.ts'

/** Looks whether every kept file is whole and in its place. Answers a sentence for each problem. */
export const verifyFiles = (folder: string): readonly string[] =>
  Array.from({ length: shardsInAll }, (_, shard) => verifyShard(folder, shard)).flat()

const verifyShard = (folder: string, shard: number): readonly string[] => {
  const path = join(folder, 'kept', shardName(shard))
  if (!existsSync(path)) return []
  return readdirSync(path).flatMap((name) => {
    const place = parsePlaceName(name)
    const isHere = place !== undefined && shardOf(place.owner) === shard
    if (!isHere) return [`attachments/kept/${shardName(shard)}/${name} is no file of the server`]
    // One that a running server has removed meanwhile is no problem.
    return isWhole(join(path, name)) ? [] : [`attachment ${name} is damaged`]
  })
}

const isWhole = (path: string): boolean => {
  if (!existsSync(path)) return true
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const last = Buffer.alloc(Math.min(size, trailerBytesMax))
    return (
      readSync(file, last, 0, last.length, size - last.length) === last.length &&
      decodeTrailer(last, size) !== undefined
    )
  } finally {
    closeSync(file)
  }
}
