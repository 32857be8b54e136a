import type { InstantRange } from '../../../../core/event-query.ts'
import { intersect, meets } from './part-view.ts'
import type { PartView } from './part-view.ts'

/** A list of what is wanted in a range of times, of which so many are left out. */
export type Skip = {
  /** When no more is left to skip than this, it may as well be walked. */
  readonly walkedMax: number
  readonly time: InstantRange | undefined
  readonly isAscending: boolean
  readonly skip: number
}

/** Each step costs a count of every part and one guess. */
const stepsMax = 12

/**
 * The same list with less to skip: it begins at a later instant, because counts say how many stand before it. Only
 * where counts are cheap; they are exact, so that every step is right however bad its guess was. Undefined when
 * everything is skipped.
 */
export const skipAhead = (all: readonly PartView[], list: Skip): Skip | undefined => {
  if (list.skip <= list.walkedMax) return list
  const views = all.filter((view) => view.times().some((times) => meets(times, list.time)))
  if (!views.every((view) => view.isCountCheap())) return list
  const last = views.map((view) => view.count(list.time))
  if (sum(last) <= list.skip) return undefined
  const search: Search = { views, list, low: { ranks: last.map(() => 0) }, high: { ranks: last } }
  const { low } = narrow(search)
  return {
    ...list,
    skip: list.skip - sum(low.ranks),
    time: low.timeMs === undefined ? list.time : intersect(list.time, from(low.timeMs, list)),
  }
}

/** An instant, undefined for an end of the list, and how many of each part stand before it. */
type Mark = { readonly timeMs?: number; readonly ranks: readonly number[] }

/** Up to `low` not more than `skip` are passed, up to `high` more. */
type Search = {
  readonly views: readonly PartView[]
  readonly list: Skip
  readonly low: Mark
  readonly high: Mark
}

const narrow = (start: Search): Search => {
  const { skip, walkedMax } = start.list
  let search = start
  let failures = 0
  for (let step = 0; step < stepsMax && failures < 2; step += 1) {
    if (skip - sum(search.low.ranks) <= walkedMax) break
    const mark = markAt(
      search,
      failures === 0 && step % 3 < 2 ? guessInTurn(search) : guessByShare(search),
    )
    const isNew = mark && mark.timeMs !== search.low.timeMs && mark.timeMs !== search.high.timeMs
    if (!isNew) {
      failures += 1
      continue
    }
    failures = 0
    search = sum(mark.ranks) <= skip ? { ...search, low: mark } : { ...search, high: mark }
  }
  return search
}

/** The element number `skip` between the marks of the part number `at`. */
type Target = { readonly at: number; readonly skip: number; readonly among: number }

const gapsOf = ({ low, high }: Search): readonly number[] =>
  high.ranks.map((rank, at) => rank - (low.ranks[at] ?? 0))

/** As if the parts followed each other without mingling, which is nearly so. */
const guessInTurn = (search: Search): Target => {
  const { views, list, low } = search
  const sign = list.isAscending ? 1 : -1
  const gaps = gapsOf(search)
  const turns = views
    .map((view, at) => ({ at, among: gaps[at] ?? 0, middle: sign * middleOf(view) }))
    .toSorted((left, right) => left.middle - right.middle)
  let left = list.skip - sum(low.ranks)
  for (const { at, among } of turns) {
    if (left < among) return { at, skip: left, among }
    left -= among
  }
  return guessByShare(search)
}

/** A part without bounds is one that is still filled, with what is newest. */
const middleOf = (view: PartView): number => {
  const usual = view.times().find(({ isUsual }) => isUsual)
  return usual && usual.minMs > -Infinity ? usual.minMs / 2 + usual.maxMs / 2 : Infinity
}

/** As if the part with the most between the marks were mingled evenly with the rest. */
const guessByShare = (search: Search): Target => {
  const { list, low } = search
  const gaps = gapsOf(search)
  const among = Math.max(...gaps)
  const share = (list.skip - sum(low.ranks)) / sum(gaps)
  return { at: gaps.indexOf(among), skip: Math.min(among - 1, Math.floor(among * share)), among }
}

const markAt = ({ views, list, low, high }: Search, target: Target): Mark | undefined => {
  const between = intersect(
    low.timeMs === undefined ? undefined : from(low.timeMs, list),
    high.timeMs === undefined ? undefined : before(high.timeMs, list),
  )
  const { isAscending, time } = list
  const { at, skip, among } = target
  const timeMs = views[at]?.guessTime({ time: intersect(time, between), isAscending, skip, among })
  if (timeMs === undefined) return undefined
  const passed = intersect(time, before(timeMs, list))
  return { timeMs, ranks: views.map((view) => view.count(passed)) }
}

/** What stands before an instant, and the instant with what comes after. */
const before = (timeMs: number, { isAscending }: Skip): InstantRange =>
  isAscending ? { toMs: timeMs } : { fromMs: timeMs + 1 }

const from = (timeMs: number, { isAscending }: Skip): InstantRange =>
  isAscending ? { fromMs: timeMs } : { toMs: timeMs + 1 }

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)
