import { hashOf } from './duplicate-hash.ts'
import type { PartConnections } from '../tables/part-connections.ts'

export type Instant = { readonly tenant: number; readonly source: number; readonly timeMs: number }

/**
 * Whether a sealed part may have a row with this instant and digest. Its index leads to the rows of a source and time;
 * where these are very many, because a clock stands still, what their digests hash to is read once and kept, so that the
 * next event of that device is not compared with each of them.
 */
export type MayHaveDigest = (part: number, instant: Instant, digest: string) => boolean

/** Rows of an instant that are simply looked at. */
const crowdFrom = 100

/** Digests kept, of all crowded instants. Beyond, the instants that were asked for longest ago are read anew. */
const rememberedMax = 4_000_000

/** Files never change, so what was read once stays good, as long as numbers of parts are never used twice. */
export const createMayHaveDigest = (
  connections: PartConnections,
  { crowd = crowdFrom, inAll = rememberedMax } = {},
): MayHaveDigest => {
  const known = new Map<string, Uint32Array>()
  let remembered = 0
  const keep = (key: string, hashes: Uint32Array): void => {
    known.set(key, hashes)
    remembered += hashes.length
    for (const [oldest, { length }] of known) {
      if (remembered <= inAll || oldest === key) return
      known.delete(oldest)
      remembered -= length
    }
  }
  return (part, instant, digest) => {
    const { tenant, source, timeMs } = instant
    const key = `${part} ${tenant} ${source} ${timeMs}`
    const crowded = known.get(key)
    if (crowded) {
      known.delete(key)
      known.set(key, crowded)
      return has(crowded, hashed(instant, digest))
    }
    const { statements } = connections.open(part)
    const few = statements.values<string | null>(digestsSql).all(tenant, source, timeMs, crowd)
    if (few.length < crowd) return few.includes(digest)
    const hashes = new Uint32Array(
      statements
        .values<string | null>(digestsSql)
        .all(tenant, source, timeMs, everything)
        .flatMap((each) => (each === null ? [] : hashed(instant, each))),
    ).sort()
    keep(key, hashes)
    return has(hashes, hashed(instant, digest))
  }
}

const digestsSql = `select e.digest from event e indexed by event_by_source
  where e.tenant = ? and e.source = ? and e.time_ms = ? limit ?`

/** What the engine takes for no limit. */
const everything = -1

const hashed = ({ source, timeMs }: Instant, digest: string): number =>
  hashOf(source, timeMs, digest) >>> 0

const has = (sorted: Uint32Array, wanted: number): boolean => {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return sorted[low] === wanted
}
