import { intersect, meets, rangeOf } from './part-view.ts'
import type { Lane, PartView, Place, Times, Walk } from './part-view.ts'

/** A place and the part that has its row. */
export type Found = Place & { readonly view: PartView }

/** Places read from a lane at once: few at first, because the next one may well be another lane's turn. */
const firstPlaces = 8
const growth = 4
const placesMax = 4_096

/**
 * The places of a walk over all parts, the first `skip` left out, at most `max`. A part is opened, and a lane
 * in it read, only when its bounds say that the next place may be there.
 */
export const mergeLanes = (
  views: readonly PartView[],
  walk: Walk,
  { skip, max }: { readonly skip: number; readonly max: number },
): readonly Found[] => {
  const heads = createHeads(walk.isAscending)
  for (const view of views) {
    for (const times of view.times()) {
      if (isAhead(times, walk)) heads.push({ ...near(times, walk), view, kind: 'part', times })
    }
  }
  const found: Found[] = []
  let left = skip
  while (found.length < max) {
    const head = heads.pop()
    if (head === undefined) break
    if (head.kind === 'part') openPart(heads, head, walk)
    else if (head.kind === 'lane') readOn(heads, head, left + max - found.length)
    else {
      if (left > 0) left -= 1
      else found.push({ timeMs: head.timeMs, id: head.id, view: head.view })
      stepOn(heads, head)
    }
  }
  return found
}

/** The next of a stretch of a part, or of a lane: a place, or a bound before which it has none. */
type Head = Place & { readonly view: PartView } & (
    | { readonly kind: 'part'; readonly times: Times }
    | { readonly kind: 'lane'; readonly lane: Lane; readonly size: number }
    | {
        readonly kind: 'place'
        readonly lane: Lane
        readonly size: number
        readonly places: readonly Place[]
        readonly at: number
      }
  )

/** Whether anything in these bounds can be on the walk. */
const isAhead = (times: Times, { time, place, isAscending }: Walk): boolean => {
  if (!meets(times, time)) return false
  if (place === undefined) return true
  return isAscending ? times.maxMs >= place.timeMs : times.minMs <= place.timeMs
}

/** Before every place that the walk can find in the bounds. */
const near = (times: Times, { time, isAscending }: Walk): Place =>
  isAscending
    ? { timeMs: Math.max(times.minMs, time?.fromMs ?? -Infinity), id: -Infinity }
    : { timeMs: Math.min(times.maxMs, (time?.toMs ?? Infinity) - 1), id: Infinity }

/** The lanes of one stretch of a part's times: another one may have its turn much later. */
const openPart = (
  heads: Heads,
  { view, times }: Extract<Head, { kind: 'part' }>,
  walk: Walk,
): void => {
  const stretch = { ...walk, time: intersect(walk.time, rangeOf(times)) }
  for (const lane of view.lanes(stretch)) {
    if (!isAhead(lane.times, stretch)) continue
    heads.push({ ...near(lane.times, stretch), view, kind: 'lane', lane, size: firstPlaces })
  }
}

const readOn = (heads: Heads, head: Extract<Head, { kind: 'lane' }>, wanted: number): void => {
  const { view, lane, size } = head
  const places = lane.next(Math.min(size, wanted))
  const [first] = places
  if (first === undefined) return
  const grown = Math.min(size * growth, placesMax)
  heads.push({ ...first, view, kind: 'place', lane, size: grown, places, at: 0 })
}

const stepOn = (heads: Heads, head: Extract<Head, { kind: 'place' }>): void => {
  const at = head.at + 1
  const next = head.places[at]
  if (next) heads.push({ ...head, timeMs: next.timeMs, id: next.id, at })
  else heads.push({ ...head, kind: 'lane' })
}

type Heads = { readonly push: (head: Head) => void; readonly pop: () => Head | undefined }

/** A binary heap, the next head on top. */
const createHeads = (isAscending: boolean): Heads => {
  const heads: Head[] = []
  const sign = isAscending ? 1 : -1
  const isBefore = (left: Head, right: Head): boolean =>
    left.timeMs === right.timeMs
      ? sign * left.id < sign * right.id
      : sign * left.timeMs < sign * right.timeMs
  return {
    push: (head) => {
      let at = heads.push(head) - 1
      for (;;) {
        const above = (at - 1) >> 1
        const upper = heads[above]
        if (at === 0 || upper === undefined || !isBefore(head, upper)) break
        heads[at] = upper
        at = above
      }
      heads[at] = head
    },
    pop: () => {
      const [top] = heads
      const last = heads.pop()
      if (last === undefined || top === last) return top
      sink(heads, last, isBefore)
      return top
    },
  }
}

/** Puts `head` in the place of the top and moves it down to where it belongs. */
const sink = (heads: Head[], head: Head, isBefore: (left: Head, right: Head) => boolean): void => {
  let at = 0
  for (;;) {
    const [left, right] = [heads[2 * at + 1], heads[2 * at + 2]]
    const isRight = left !== undefined && right !== undefined && isBefore(right, left)
    const lower = isRight ? right : left
    if (lower === undefined || !isBefore(lower, head)) break
    heads[at] = lower
    at = 2 * at + (isRight ? 2 : 1)
  }
  heads[at] = head
}
