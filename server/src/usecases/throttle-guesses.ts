import type { BasicCredentials, Caller } from '../core/credentials.ts'
import {
  countedGuessersMax,
  lockOutMs,
  wrongPasswordsForMs,
  wrongPasswordsMax,
  wrongPasswordsTogetherMax,
} from '../core/limits.ts'
import type { Clock } from '../ports/clock.ts'

/**
 * Counts different wrong passwords and locks out who tries too many (docs/protocols/cumulocity.md, 5.2). One account
 * from one address: `wrongPasswordsMax`, and then even the right password is refused for `lockOutMs`. One address
 * altogether, and one account from everywhere: `wrongPasswordsTogetherMax`, and then passwords that have not been
 * verified before are refused, so that nobody can lock out the devices that are at work. A count begins anew
 * `wrongPasswordsForMs` after its first.
 */
export type ThrottleGuesses = {
  /** Whether any account at any address is locked out. */
  readonly anyLocked: () => boolean

  /** Seconds to wait, or undefined. Cheap while nobody is locked out. */
  readonly lockedForS: (attempt: Attempt) => number | undefined

  /** Seconds to wait before another unverified password is looked at, or undefined. */
  readonly uncheckedForS: (attempt: Attempt) => number | undefined

  /** Whether this password has been wrong before: `guess` is a digest of it and of what it was compared with. */
  readonly isKnownWrong: (attempt: Attempt, guess: string) => boolean

  /** Counts a wrong password; answers whether this is the one that locks out. */
  readonly countWrong: (attempt: Attempt, guess: string) => boolean
}

export type Attempt = { readonly credentials: BasicCredentials; readonly caller: Caller }

export const createThrottleGuesses = (clock: Clock): ThrottleGuesses => {
  const pairs = createGuessers(clock, wrongPasswordsMax)
  const addresses = createGuessers(clock, wrongPasswordsTogetherMax)
  const accounts = createGuessers(clock, wrongPasswordsTogetherMax)
  return {
    anyLocked: pairs.anyLocked,
    lockedForS: (attempt) => (pairs.anyLocked() ? pairs.lockedForS(pairOf(attempt)) : undefined),
    uncheckedForS: (attempt) =>
      addresses.lockedForS(attempt.caller.ip) ?? accounts.lockedForS(accountOf(attempt)),
    isKnownWrong: (attempt, guess) => pairs.has(pairOf(attempt), guess),
    countWrong: (attempt, guess) => {
      // Every one counts: no `||`, which would stop at the first that locks.
      const locks = [
        pairs.count(pairOf(attempt), guess),
        addresses.count(attempt.caller.ip, guess),
        accounts.count(accountOf(attempt), guess),
      ]
      return locks.includes(true)
    },
  }
}

/** As it was named; without a tenant it is another account on every host. */
const accountOf = ({ credentials: { tenant, user, host } }: Attempt): string =>
  tenant === undefined ? `@${host}/${user}` : `${tenant}/${user}`

const pairOf = (attempt: Attempt): string => `${attempt.caller.ip} ${accountOf(attempt)}`

type Guesser = { readonly guesses: Set<string>; readonly sinceMs: number; lockedUntilMs: number }

const createGuessers = (clock: Clock, guessesMax: number) => {
  const guessers = new Map<string, Guesser>()
  let lastLockEndsMs = 0
  const find = (name: string): Guesser | undefined => {
    const guesser = guessers.get(name)
    if (guesser === undefined) return undefined
    const nowMs = clock.nowMs()
    const isOver = nowMs - guesser.sinceMs >= wrongPasswordsForMs && guesser.lockedUntilMs <= nowMs
    // A lock that has ended wipes the slate, and so does a clock that was set back.
    const isServed = guesser.lockedUntilMs > 0 && guesser.lockedUntilMs <= nowMs
    if (!isOver && !isServed && nowMs >= guesser.sinceMs) return guesser
    guessers.delete(name)
    return undefined
  }
  const begin = (name: string): Guesser => {
    const [oldest] = guessers.keys()
    if (guessers.size >= countedGuessersMax && oldest !== undefined) guessers.delete(oldest)
    const guesser = { guesses: new Set<string>(), sinceMs: clock.nowMs(), lockedUntilMs: 0 }
    guessers.set(name, guesser)
    return guesser
  }
  return {
    anyLocked: (): boolean => lastLockEndsMs > 0 && clock.nowMs() < lastLockEndsMs,
    lockedForS: (name: string): number | undefined => {
      const lockedMs = (find(name)?.lockedUntilMs ?? 0) - clock.nowMs()
      return lockedMs > 0 ? Math.ceil(lockedMs / 1000) : undefined
    },
    has: (name: string, guess: string): boolean => find(name)?.guesses.has(guess) === true,
    count: (name: string, guess: string): boolean => {
      const guesser = find(name) ?? begin(name)
      guesser.guesses.add(guess)
      if (guesser.guesses.size < guessesMax || guesser.lockedUntilMs > 0) return false
      guesser.lockedUntilMs = clock.nowMs() + lockOutMs
      lastLockEndsMs = guesser.lockedUntilMs
      return true
    },
  }
}
