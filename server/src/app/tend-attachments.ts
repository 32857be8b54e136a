import { success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { TenantId } from '../core/identity.ts'
import { attachmentSweepMs, wholeAttachmentSweepMs } from '../core/limits.ts'
import type { SweepAttachments } from '../usecases/remove-attachments.ts'
import type { SettleAttachments } from '../usecases/settle-attachments.ts'
import type { Log } from './create-log.ts'
import { createTrouble } from './tell-trouble.ts'
import type { Trouble } from './tell-trouble.ts'

export type TendedAttachments = {
  readonly settle: SettleAttachments
  readonly sweep: SweepAttachments
  readonly expire: () => Promise<void>
  readonly troubles: AttachmentTroubles
  readonly onBug: (error: unknown) => void
}

/** What may fail for long, and is said once. */
export type AttachmentTroubles = {
  readonly unsettled: Trouble
  /** As looks at single tenants, and at all, have found it. */
  readonly leftOver: Trouble
  readonly leftOverOfAll: Trouble
}

export const createAttachmentTroubles = (log: Log): AttachmentTroubles => {
  const leftOver = {
    begun: 'attachments without an event are left over',
    over: 'no attachment without an event is left over any more',
  }
  return {
    unsettled: createTrouble(
      { begun: 'attachments are left unsettled', over: 'all attachments are settled again' },
      log,
    ),
    leftOver: createTrouble(leftOver, log),
    leftOverOfAll: createTrouble(leftOver, log),
  }
}

/** Where deletions say that files of a tenant may be left. */
export type OrphanNotes = {
  readonly note: (tenant: TenantId) => void
  /** The tenants noted since the last call. */
  readonly take: () => readonly TenantId[]
}

export const createOrphanNotes = (): OrphanNotes => {
  const noted = new Set<TenantId>()
  return {
    note: (tenant) => void noted.add(tenant),
    take: () => {
      const taken = [...noted]
      noted.clear()
      return taken
    },
  }
}

/**
 * Brings unfinished work with files to an end and deletes files without an owner: every `everyMs` those of tenants that
 * have deleted something, at first and every `wholeAttachmentSweepMs` all. One round at a time; what fails is tried again
 * in the next. Answers how to stop, which waits for the round under way.
 */
export const tendAttachments = (
  tended: TendedAttachments,
  notes: OrphanNotes,
  everyMs: number = attachmentSweepMs,
): (() => Promise<void>) => {
  let round: Promise<void> | undefined
  let roundsToWhole = 0
  const timer = setInterval(() => {
    if (round !== undefined) return
    const isWhole = roundsToWhole === 0
    roundsToWhole = isWhole ? Math.ceil(wholeAttachmentSweepMs / everyMs) : roundsToWhole - 1
    round = tendOnce(tended, notes, isWhole)
      .catch(tended.onBug)
      .finally(() => {
        round = undefined
      })
  }, everyMs)
  return async () => {
    clearInterval(timer)
    await round
  }
}

const tendOnce = async (
  tended: TendedAttachments,
  notes: OrphanNotes,
  isWhole: boolean,
): Promise<void> => {
  const { settle, sweep, expire, troubles } = tended
  await expire()
  troubles.unsettled(await settle())
  if (!isWhole) return sweepNoted(tended, notes)
  const tenants = notes.take()
  const swept = await sweep()
  if (!swept.ok) tenants.forEach(notes.note)
  troubles.leftOverOfAll(swept)
}

/** Where nothing was noted, nothing is known anew. */
const sweepNoted = async (
  { sweep, troubles }: TendedAttachments,
  notes: OrphanNotes,
): Promise<void> => {
  const tenants = notes.take()
  let outcome: Result<void> = success(undefined)
  for (const tenant of tenants) {
    const swept = await sweep(tenant)
    if (!swept.ok) notes.note(tenant)
    if (outcome.ok) outcome = swept
  }
  if (tenants.length > 0) troubles.leftOver(outcome)
}
