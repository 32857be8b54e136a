import Database from 'better-sqlite3'
import { addHash, createBloomFilter } from '../between-threads/bloom-filter.ts'
import type { BloomFilter } from '../between-threads/bloom-filter.ts'
import { hashOf } from './duplicate-hash.ts'
import { partPath } from '../tables/part-files.ts'

type Unique = readonly [source: number, timeMs: number, digest: string]

/** The filter of a sealed part's events with a digest, dead ones as well. */
export const siftPart = (folder: string, part: number): BloomFilter => {
  const db = new Database(partPath(folder, part), { readonly: true, fileMustExist: true })
  try {
    const count = db.prepare<[], number>('select count(digest) from event').pluck().get() ?? 0
    const filter = createBloomFilter(count)
    const uniques = db
      .prepare<[], Unique>('select source, time_ms, digest from event where digest is not null')
      .raw()
    for (const [source, timeMs, digest] of uniques.iterate()) {
      addHash(filter, hashOf(source, timeMs, digest))
    }
    return filter
  } finally {
    db.close()
  }
}
