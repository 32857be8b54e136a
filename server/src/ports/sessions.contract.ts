import { beforeEach, describe, expect, it } from 'vitest'
import { sessionsPerUserMax } from '../core/limits.ts'
import { absent, admin, noChange, t1, t2, t3, userOf } from './accounts-under-test.contract.ts'
import { missing, valueOf } from './registry-samples.contract.ts'
import type { UserChange } from '../core/account.ts'
import type { NewSession } from '../core/session.ts'
import type { AccountsUnderTest } from './accounts-under-test.contract.ts'

const sessionOf = (hash: string, over: Partial<NewSession> = {}): NewSession => ({
  tenant: t1,
  user: admin,
  hash,
  expiresMs: Date.UTC(2027, 0, 1),
  ...over,
})

/** What every keeper of sessions promises, negative cases first. */
export const sessionCases = (test: AccountsUnderTest): void => {
  const gone = missing('session', '')
  const endOne = (hash: string) => test.accounts.endSession(hash)
  const find = (hash: string) => test.accounts.findSession(hash)
  const change = (over: Partial<UserChange>) =>
    test.accounts.changeUser(t1, admin, { ...noChange, ...over })

  beforeEach(async () => {
    for (const tenant of [t1, t2]) valueOf(await test.accounts.createUser(userOf(tenant, admin)))
  })

  it('begins none for an unknown tenant or user, or behind a changed password', async () => {
    const { accounts } = test
    const refused = missing('user', admin)
    expect(await accounts.createSession(sessionOf('a', { tenant: t3 }), 'hash')).toEqual(refused)
    expect(await accounts.createSession(sessionOf('a', { user: absent }), 'hash')).toEqual(
      missing('user', absent),
    )
    valueOf(await change({ passwordHash: 'new' }))
    expect(await accounts.createSession(sessionOf('a'), 'hash')).toEqual(refused)
    expect(await find('a')).toEqual(gone)
  })

  it('keeps all of it, found by the hash and by nothing else', async () => {
    expect(await find('a')).toEqual(gone)
    const session = valueOf(await test.accounts.createSession(sessionOf('a'), 'hash'))
    expect(session).toEqual({ ...sessionOf('a'), creationMs: test.clock.ms })
    expect(valueOf(await find('a'))).toEqual(session)
    expect(await find('admin')).toEqual(gone)
  })

  it('ends one and leaves the others, and the failure repeats no digest', async () => {
    for (const hash of ['a', 'b']) {
      valueOf(await test.accounts.createSession(sessionOf(hash), 'hash'))
      valueOf(await find(hash))
    }
    valueOf(await endOne('a'))
    expect(await find('a')).toEqual(gone)
    expect(await endOne('a')).toEqual(gone)
    expect((await find('b')).ok).toBe(true)
  })

  describe('ends those of a user', () => {
    const endings: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['with a new password', () => change({ passwordHash: 'new' })],
      ['when it is disabled', () => change({ enabled: false })],
      ['when it is deleted', () => test.accounts.deleteUser(t1, admin)],
      ['with its tenant', () => test.accounts.deleteTenant(t1)],
    ]
    it.each(endings)('%s, and nobody else’s', async (_what, end) => {
      valueOf(await test.accounts.createSession(sessionOf('a'), 'hash'))
      valueOf(await test.accounts.createSession(sessionOf('other', { tenant: t2 }), 'hash'))
      for (const hash of ['a', 'other']) valueOf(await find(hash))
      await end()
      expect(await find('a')).toEqual(gone)
      expect((await find('other')).ok).toBe(true)
    })
  })

  it('goes on through every other change of its user', async () => {
    valueOf(await test.accounts.createSession(sessionOf('a'), 'hash'))
    valueOf(await change({ roles: [], profile: {}, enabled: true, groups: [] }))
    expect((await find('a')).ok).toBe(true)
  })

  it('ends the oldest of a user that has too many', async () => {
    valueOf(await test.accounts.createSession(sessionOf('other', { tenant: t2 }), 'hash'))
    for (let nth = 0; nth <= sessionsPerUserMax; nth += 1) {
      test.clock.ms += 1
      valueOf(await test.accounts.createSession(sessionOf(`s${nth}`), 'hash'))
      if (nth === 0) valueOf(await find('s0'))
    }
    expect(await find('s0')).toEqual(gone)
    for (const hash of ['s1', `s${sessionsPerUserMax}`, 'other']) {
      expect((await find(hash)).ok).toBe(true)
    }
  })
}
