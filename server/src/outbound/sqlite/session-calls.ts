import { success } from '../../core/failure.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Sessions } from '../../ports/sessions.ts'
import type { RegistryCaches } from './registry-caches.ts'
import type { RegistryCalls } from './registry-calls.ts'

/**
 * After a failure nobody knows what the file has, so that all are forgotten. A new session needs no forgetting: nobody can have
 * looked for its hash.
 */
export const createSessionCalls = (
  { write, read }: RegistryCalls,
  { sessions }: RegistryCaches,
  clock: Clock,
): Sessions => ({
  createSession: async (session, passwordHash) => {
    const kept = { ...session, creationMs: clock.nowMs() }
    const ended = await write('createSession', kept, passwordHash)
    if (!ended.ok) {
      sessions.forgetAll()
      return ended
    }
    for (const hash of ended.value) sessions.forget(hash)
    return success(kept)
  },
  findSession: (hash) => sessions.read(hash, () => read('findSession', hash)),
  endSession: async (hash) => {
    const ended = await write('endSession', hash)
    sessions.forget(hash)
    return ended
  },
})
