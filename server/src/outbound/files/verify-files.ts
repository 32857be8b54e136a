import { join } from 'node:path'
import { parsePlaceName, shardName, shardOf, shardsInAll } from './file-names.ts'
import { namesIn, readKept } from './look-at-files.ts'

/** Looks whether every kept file is whole and in its place. Answers a sentence for each problem. */
export const verifyFiles = (folder: string): readonly string[] =>
  Array.from({ length: shardsInAll }, (_, shard) => verifyShard(folder, shard)).flat()

const verifyShard = (folder: string, shard: number): readonly string[] => {
  const path = join(folder, 'kept', shardName(shard))
  return namesIn(path).flatMap((name) => {
    const place = parsePlaceName(name)
    const isHere = place !== undefined && shardOf(place.owner) === shard
    if (!isHere) return [`attachments/kept/${shardName(shard)}/${name} is no file of the server`]
    const file = readKept(join(path, name))
    // One that a running server has removed meanwhile is no problem.
    return file === undefined || file.attachment ? [] : [`attachment ${name} is damaged`]
  })
}
