import { notFound, success } from '../../core/failure.ts'
import { sessionsPerUserMax } from '../../core/limits.ts'
import type { Result } from '../../core/failure.ts'
import type { UserName } from '../../core/identity.ts'
import type { NewSession, Session } from '../../core/session.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Sessions } from '../../ports/sessions.ts'
import type { RegistryState, TenantState } from './registry-state.ts'

export const createMemorySessions = (
  state: RegistryState,
  changing: () => RegistryState,
  clock: Clock,
): Sessions => ({
  createSession: (session, passwordHash) =>
    Promise.resolve(createSession(changing(), session, passwordHash, clock.nowMs())),
  findSession: (hash) => Promise.resolve(findSession(state, hash)),
  endSession: (hash) => Promise.resolve(endSession(changing(), hash)),
})

const createSession = (
  state: RegistryState,
  session: NewSession,
  passwordHash: string,
  nowMs: number,
): Result<Session> => {
  const home = state.tenants.get(session.tenant)
  const user = home?.users.get(session.user)
  if (home === undefined || user?.passwordHash !== passwordHash) {
    return notFound('user', session.user)
  }
  const created = { ...session, creationMs: nowMs }
  const others = [...home.sessions.values()].filter((other) => other.user === session.user)
  const going = others.slice(0, Math.max(0, others.length - sessionsPerUserMax + 1))
  const kept = new Map([...home.sessions].filter(([, other]) => !going.includes(other)))
  home.sessions = kept.set(session.hash, created)
  return success(created)
}

const findSession = (state: RegistryState, hash: string): Result<Session> => {
  for (const { sessions } of state.tenants.values()) {
    const session = sessions.get(hash)
    if (session !== undefined) return success(session)
  }
  // The digest of a secret is no name to repeat to a caller.
  return notFound('session', '')
}

const endSession = (state: RegistryState, hash: string): Result<void> => {
  const session = findSession(state, hash)
  if (!session.ok) return session
  const home = state.tenants.get(session.value.tenant)
  if (home !== undefined) {
    home.sessions = new Map([...home.sessions].filter(([other]) => other !== hash))
  }
  return success(undefined)
}

export const endSessionsOf = (home: TenantState, user: UserName): void => {
  home.sessions = new Map([...home.sessions].filter(([, session]) => session.user !== user))
}
