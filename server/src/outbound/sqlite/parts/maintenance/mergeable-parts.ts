import { partBytesMax } from '../../../../core/limits.ts'
import type { Part } from '../tables/catalogue.ts'

/**
 * Sealed parts that are to become one, the most there are; none when nothing is worth it. They are neighbours by their
 * newest events, because a part that was written anew has a later number than those around it.
 *
 * - What lives in them is together at most half of a part, so that rows are never copied into a part that is full, and at
 *   most 16 become one.
 * - The heaviest is at most three quarters of all, so that what has been merged is copied again only when it grows by a
 *   third: each row so many times in all as that takes from a 32nd of a part to half of it, nine or ten at the worst. What is
 *   less than a 32nd may be copied whenever a neighbour comes, which costs hardly more than the file does.
 *
 * When nothing is left to merge there are at most about eight parts for each full one that all living rows would make.
 */
export const findMergeable = (parts: readonly Part[], partRows: number): readonly Part[] => {
  const weighed = parts
    .filter(({ state }) => state === 'sealed')
    .toSorted((left, right) => left.maxId - right.maxId || left.number - right.number)
    .map((part) => ({ part, weight: weightOf(part, partRows) }))
  let best: Run = { length: 0, weight: 0, from: 0 }
  for (let from = 0; from < weighed.length; from += 1) {
    const run = longestFrom(weighed, from)
    if (isBetter(run, best)) best = run
  }
  return weighed.slice(best.from, best.from + best.length).map(({ part }) => part)
}

/** Of a part: rows and bytes that may live in one that was made of several. */
const mergedShareMax = 1 / 2

/** What a file counts at least, because each costs something, however little is in it. */
const leastShare = 1 / 32

/** Of all that become one: how much the heaviest may have. */
const heaviestShareMax = 3 / 4

/** How many bytes of a part's file are for rows that live: as many as for the others, on an average. */
export const livingBytes = ({ bytes, rows, deadRows }: Part): number =>
  rows === 0 ? 0 : (bytes * (rows - deadRows)) / rows

type Weighed = { readonly part: Part; readonly weight: number }

/** The share of a full part that lives in it. */
const weightOf = (part: Part, partRows: number): number =>
  Math.max((part.rows - part.deadRows) / partRows, livingBytes(part) / partBytesMax, leastShare)

type Run = { readonly from: number; readonly length: number; readonly weight: number }

const longestFrom = (weighed: readonly Weighed[], from: number): Run => {
  let longest: Run = { from, length: 0, weight: 0 }
  let [all, heaviest] = [0, 0]
  for (const [at, { weight }] of weighed.slice(from, from + runMax).entries()) {
    all += weight
    heaviest = Math.max(heaviest, weight)
    if (all > mergedShareMax) break
    if (at > 0 && heaviest <= all * heaviestShareMax)
      longest = { from, length: at + 1, weight: all }
  }
  return longest
}

const runMax = mergedShareMax / leastShare

/** More files become one; or as many, and less is to be copied. */
const isBetter = (left: Run, right: Run): boolean =>
  left.length === right.length ? left.weight < right.weight : left.length > right.length
