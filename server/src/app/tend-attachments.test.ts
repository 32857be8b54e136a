import { expect, it, vi } from 'vitest'
import { failed, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import { toTenantId } from '../core/identity.ts'
import { createOrphanNotes, tendAttachments } from './tend-attachments.ts'
import { createAttachmentTroubles } from './tend-attachments.ts'
import { listenToLog } from './tell-trouble.fixture.ts'

const full = failed({ kind: 'unavailable', reason: 'disk-full', retryAfterS: 1 })
const fine = success(undefined)

/** Tends once a millisecond; `settled` and `swept` are what comes of each try. */
const tend = (settled: () => Result<void>, swept: () => Result<void>) => {
  const { log, lines } = listenToLog()
  const tries = { settles: 0, sweeps: 0 }
  const bugs: unknown[] = []
  const notes = createOrphanNotes()
  const stop = tendAttachments(
    {
      settle: () => {
        tries.settles += 1
        return Promise.resolve(settled())
      },
      sweep: () => {
        tries.sweeps += 1
        return Promise.resolve(swept())
      },
      expire: () => Promise.resolve(),
      troubles: createAttachmentTroubles(log),
      onBug: (error) => bugs.push(error),
    },
    notes,
    1,
  )
  return { lines, tries, notes, stop, bugs }
}

it('says once that attachments are left unsettled, and once that none is any more', async () => {
  let outcome: Result<void> = full
  const { lines, tries, stop, bugs } = tend(
    () => outcome,
    () => fine,
  )
  await vi.waitUntil(() => tries.settles > 10)
  expect(lines()).toEqual(['attachments are left unsettled'])
  outcome = fine
  const before = tries.settles
  await vi.waitUntil(() => tries.settles > before + 10)
  await stop()
  expect(lines()).toEqual(['attachments are left unsettled', 'all attachments are settled again'])
  expect(bugs).toEqual([])
})

it('says once that files of a tenant are left over, and tries again until they are not', async () => {
  let outcome: Result<void> = fine
  const { lines, tries, notes, stop } = tend(
    () => fine,
    () => outcome,
  )
  await vi.waitUntil(() => tries.sweeps === 1)
  outcome = full
  notes.note(toTenantId('t1'))
  await vi.waitUntil(() => tries.sweeps > 10)
  outcome = fine
  await vi.waitUntil(() => lines().length === 2)
  await stop()
  expect(lines()).toEqual([
    'attachments without an event are left over',
    'no attachment without an event is left over any more',
  ])
})
