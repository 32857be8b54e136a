import type { BuiltPart } from './build-part.ts'
import type { Part } from './catalogue.ts'
import type { DeadRow } from './dead-rows.ts'
import type { PartSummary } from './janitor-messages.ts'
import type { StoreState } from './store-state.ts'

/**
 * Puts a part that was built of one or several others in their place, by one commit. What died in these while it was
 * being built is dead in it too. False when one of them is not there any more, or all that a tenant had in one has
 * gone meanwhile: then nothing happens, and the new file is of no use.
 */
export const swapParts = (
  state: StoreState,
  from: readonly number[],
  { part: into, summary, version }: BuiltPart,
): boolean => {
  const { parts, dead, commit } = state
  const { byNumber } = parts.catalogue()
  const old = from.flatMap((part) => byNumber.get(part) ?? [])
  const isStale = from.some((part) => dead.hasGoneSince(part, version))
  if (old.length < from.length || isStale) return false
  commit(() => {
    parts.add(into, summary)
    if (hasLostSince(old, summary)) {
      for (const part of from) carryOver(state, dead.diedSince(part, version), into)
    }
    for (const part of from) parts.remove(part)
  })
  return true
}

/** Whether a row has died that the new file has: nearly never, and then the whole lists of the dead are walked for it. */
const hasLostSince = (old: readonly Part[], { rows }: PartSummary): boolean =>
  old.reduce((sum, part) => sum + part.rows - part.deadRows, 0) !== rows

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
