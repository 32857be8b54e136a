import type { Result } from '../core/failure.ts'
import type { TenantId } from '../core/identity.ts'
import { attachmentSweepMs, wholeAttachmentSweepMs } from '../core/limits.ts'
import type { SweepAttachments } from '../usecases/remove-attachments.ts'
import type { SettleAttachments } from '../usecases/settle-attachments.ts'

export type TendedAttachments = {
  readonly settle: SettleAttachments
  readonly sweep: SweepAttachments
  readonly expire: () => Promise<void>
  readonly onProblem: (message: string, cause: unknown) => void
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
      .catch((error: unknown) => tended.onProblem('tending attachments failed', error))
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
  { settle, sweep, expire, onProblem }: TendedAttachments,
  notes: OrphanNotes,
  isWhole: boolean,
): Promise<void> => {
  const tell = (message: string, result: Result<void>): void => {
    if (!result.ok) onProblem(message, result.failure)
  }
  await expire()
  tell('attachments are left unsettled', await settle())
  const tenants = notes.take()
  if (isWhole) {
    const swept = await sweep()
    if (!swept.ok) tenants.forEach(notes.note)
    tell('attachments without an event are left over', swept)
  }
  for (const tenant of isWhole ? [] : tenants) {
    const swept = await sweep(tenant)
    if (!swept.ok) notes.note(tenant)
    tell('attachments without an event are left over', swept)
  }
}
