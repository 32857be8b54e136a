import type { Columns } from '../between-threads/columns.ts'

type Order = Pick<Columns, 'times' | 'ids'> & { readonly isAscending: boolean }

/** Beyond, sorting everything is as good as picking. */
const pickedMax = 10_000

/** The first `max` of the entries, or more, in order of time and id. */
export const firstEntries = (entries: Int32Array, order: Order, max: number): readonly number[] => {
  if (entries.length <= max || max > pickedMax) return sortEntries(entries, order)
  return sortEntries(pickFirst(entries, order, max), order)
}

/** Entries lie in the order of arrival, nearly that of time: a list that this sort is quick with. */
export const sortEntries = (
  entries: Int32Array,
  { times, ids, isAscending }: Order,
): readonly number[] => {
  const sign = isAscending ? 1 : -1
  return Array.from(entries).sort(
    (left, right) =>
      sign * ((times[left] ?? 0) - (times[right] ?? 0) || (ids[left] ?? 0) - (ids[right] ?? 0)),
  )
}

/**
 * Keeps the best so far in a heap with the worst of them on top. It begins at the end where the best are likely, so
 * that nearly all others are turned away by one comparison.
 */
const pickFirst = (entries: Int32Array, order: Order, max: number): Int32Array => {
  const { times, ids, isAscending } = order
  const sign = isAscending ? 1 : -1
  const isBehind = (left: number, right: number): boolean => {
    const later = (times[left] ?? 0) - (times[right] ?? 0)
    return sign * (later === 0 ? (ids[left] ?? 0) - (ids[right] ?? 0) : later) > 0
  }
  const step = isAscending ? 1 : -1
  const start = isAscending ? 0 : entries.length - 1
  const heap = new Int32Array(max)
  for (let at = 0; at < max; at += 1) heap[at] = entries[start + step * at] ?? 0
  for (let at = (max >> 1) - 1; at >= 0; at -= 1) sink(heap, at, heap[at] ?? 0, isBehind)
  for (let n = max; n < entries.length; n += 1) {
    const entry = entries[start + step * n] ?? 0
    if (isBehind(heap[0] ?? 0, entry)) sink(heap, 0, entry, isBehind)
  }
  return heap
}

const sink = (
  heap: Int32Array,
  start: number,
  entry: number,
  isBehind: (left: number, right: number) => boolean,
): void => {
  let at = start
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    const isRight = child + 1 < heap.length && isBehind(heap[child + 1] ?? 0, heap[child] ?? 0)
    if (isRight) child += 1
    const lower = heap[child] ?? 0
    if (!isBehind(lower, entry)) break
    heap[at] = lower
    at = child
  }
  heap[at] = entry
}
