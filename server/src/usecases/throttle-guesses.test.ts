import { beforeEach, describe, expect, it } from 'vitest'
import { toTenantId } from '../core/identity.ts'
import {
  lockOutMs,
  wrongPasswordsForMs,
  wrongPasswordsMax,
  wrongPasswordsTogetherMax,
} from '../core/limits.ts'
import { createThrottleGuesses } from './throttle-guesses.ts'
import type { BasicCredentials } from '../core/credentials.ts'
import type { Attempt, ThrottleGuesses } from './throttle-guesses.ts'

let nowMs: number
let throttle: ThrottleGuesses

type Over = Partial<Pick<BasicCredentials, 'tenant' | 'user'>> & { readonly address?: string }

const attempt = ({ address = '192.0.2.1', ...over }: Over = {}): Attempt => ({
  credentials: {
    kind: 'basic',
    tenant: toTenantId('t1'),
    user: 'admin',
    password: 'is not looked at here',
    host: 'localhost',
    ...over,
  },
  caller: { ip: address },
})

/** Answers the numbers of those that locked somebody out, from 1. */
const guess = (times: number, who: (nth: number) => Attempt = () => attempt()): number[] =>
  Array.from({ length: times }, (_, index) => index + 1).filter((nth) =>
    throttle.countWrong(who(nth), `wrong ${nth}`),
  )

beforeEach(() => {
  nowMs = 1_000_000
  throttle = createThrottleGuesses({ nowMs: () => nowMs })
})

describe('one account from one address', () => {
  it('is locked out by so many different passwords, for a while, and then begins anew', () => {
    expect(guess(wrongPasswordsMax - 1)).toEqual([])
    expect(throttle.lockedForS(attempt())).toBeUndefined()
    expect(throttle.countWrong(attempt(), 'the last')).toBe(true)
    expect(throttle.lockedForS(attempt())).toBe(lockOutMs / 1000)
    nowMs += lockOutMs - 1
    expect(throttle.lockedForS(attempt())).toBe(1)
    nowMs += 1
    expect(throttle.lockedForS(attempt())).toBeUndefined()
    expect(guess(wrongPasswordsMax - 1)).toEqual([])
  })

  it('is not locked out by the same password again and again', () => {
    for (let nth = 0; nth < 1000; nth += 1) throttle.countWrong(attempt(), 'the same')
    expect(throttle.lockedForS(attempt())).toBeUndefined()
    expect(throttle.isKnownWrong(attempt(), 'the same')).toBe(true)
    expect(throttle.isKnownWrong(attempt(), 'another')).toBe(false)
    expect(throttle.isKnownWrong(attempt({ address: '192.0.2.2' }), 'the same')).toBe(false)
  })

  it('locks out no other account and no other address', () => {
    expect(guess(wrongPasswordsMax)).toEqual([wrongPasswordsMax])
    for (const other of [
      attempt({ user: 'other' }),
      attempt({ tenant: toTenantId('t2') }),
      attempt({ tenant: undefined }),
      attempt({ address: '192.0.2.2' }),
    ]) {
      expect(throttle.lockedForS(other)).toBeUndefined()
      expect(throttle.uncheckedForS(other)).toBeUndefined()
    }
  })

  it('forgets guesses after a time', () => {
    guess(wrongPasswordsMax - 1)
    nowMs += wrongPasswordsForMs
    expect(guess(wrongPasswordsMax - 1)).toEqual([])
    expect(guess(wrongPasswordsMax)).toEqual([wrongPasswordsMax])
  })
})

it('one address that tries many accounts gets no more unverified passwords looked at', () => {
  const others = (nth: number) => attempt({ user: `user${nth}` })
  expect(guess(wrongPasswordsTogetherMax, others)).toEqual([wrongPasswordsTogetherMax])
  expect(throttle.uncheckedForS(attempt())).toBe(lockOutMs / 1000)
  expect(throttle.lockedForS(attempt())).toBeUndefined()
  expect(throttle.uncheckedForS(attempt({ address: '192.0.2.2' }))).toBeUndefined()
  nowMs += lockOutMs
  expect(throttle.uncheckedForS(attempt())).toBeUndefined()
})

it('one account that is tried from many addresses is not looked at for unverified passwords', () => {
  const places = (nth: number) => attempt({ address: `192.0.2.${nth}` })
  expect(guess(wrongPasswordsTogetherMax, places)).toEqual([wrongPasswordsTogetherMax])
  expect(throttle.uncheckedForS(attempt({ address: '198.51.100.1' }))).toBe(lockOutMs / 1000)
  expect(throttle.uncheckedForS(attempt({ user: 'other' }))).toBeUndefined()
})
