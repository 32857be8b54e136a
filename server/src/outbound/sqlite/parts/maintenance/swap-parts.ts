import type { BuiltPart } from '../files/build-part.ts'
import type { Part } from '../tables/catalogue.ts'
import type { DeadRow } from '../head/dead-rows.ts'
import type { StoreState } from '../head/store-state.ts'

/**
 * Rows that may die in parts while a file is made of the rest, and still be carried over to it: some 20 ms between two
 * batches. With more of them the file is made anew.
 */
export const carriedRowsMax = 2_000

export type Swap = {
  readonly from: readonly number[]
  readonly built: BuiltPart
  /** The deletion that covers what was left out. */
  readonly job?: number | undefined
}

/**
 * Puts a part that was built of one or several others in their place, by one commit. What died in these while it was
 * being built is dead in it too. False when one of them is not there any more, when all that a tenant had in one has
 * gone meanwhile, when the deletion was cancelled, or when more rows died than one commit can carry over in good time:
 * then nothing happens, and the new file is of no use.
 */
export const swapParts = (state: StoreState, { from, built, job }: Swap): boolean => {
  const { parts, dead, jobs, commit } = state
  const { part: into, summary, version, coveredRows } = built
  const { byNumber } = parts.catalogue()
  const old = from.flatMap((part) => byNumber.get(part) ?? [])
  const isStale = from.some((part) => dead.hasGoneSince(part, version))
  const isCancelled = job !== undefined && !jobs.isRunning(job)
  const lost = coveredRows + summary.rows - livingRows(old)
  if (old.length < from.length || isStale || isCancelled || lost > carriedRowsMax) return false
  commit(() => {
    parts.add(into, summary)
    // Nearly never any, and then the whole lists of the dead are walked.
    if (lost > 0) {
      for (const part of from) carryOver(state, dead.diedSince(part, version), into)
    }
    for (const part of from) parts.remove(part)
    // The new part has a later number; the deletion will find nothing there.
    if (job !== undefined) jobs.advance(job, { donePart: Math.max(...from), removed: coveredRows })
  })
  return true
}

const livingRows = (parts: readonly Part[]): number =>
  parts.reduce((sum, part) => sum + part.rows - part.deadRows, 0)

/** Lists of the dead have the numbers of types and shapes of their own part. */
const numbersSql = 'select type, shape from event where id = ?'

const carryOver = (
  { dead, connections, counter }: StoreState,
  died: readonly DeadRow[],
  into: number,
): void => {
  const { statements } = connections.open(into)
  const tenants = new Map<number, DeadRow[]>()
  for (const row of died) {
    const numbers = statements.objects<Pick<DeadRow, 'type' | 'shape'>>(numbersSql).get(row.id)
    // What is not in the new file need not be dead there.
    if (!numbers) continue
    const rows = tenants.get(row.tenant) ?? []
    rows.push({ ...row, ...numbers })
    tenants.set(row.tenant, rows)
  }
  for (const rows of tenants.values()) dead.add(into, rows, counter.version())
}
