import { knownPasswordsMax } from '../core/limits.ts'
import type { Passwords } from '../ports/passwords.ts'
import type { Secrets } from '../ports/secrets.ts'

/** Passwords, and the memory of those that are known to be right. */
export type KnownPasswords = Passwords & {
  /** Whether this password was found right for this hash before, or was hashed to it. Quick; false says nothing. */
  readonly isKnown: (password: string, hash: string | undefined) => boolean
}

/**
 * Remembers which password belongs to which hash, by a keyed digest of both: after the slow check, and after the
 * hashing itself, so that somebody who was created or given a new password a moment ago costs no slow check at all. A
 * hash has a salt of its own and is kept with one account, so that what is remembered ends by itself with a changed
 * password. The `knownPasswordsMax` that were asked for last are kept; the others are checked anew. Nothing survives a
 * restart.
 */
export const rememberPasswords = (
  passwords: Passwords,
  { fingerprint }: Pick<Secrets, 'fingerprint'>,
): KnownPasswords => {
  const known = createLatest(knownPasswordsMax)
  // A hash has no line feed.
  const nameOf = (password: string, hash: string): string => fingerprint(`${hash}\n${password}`)
  return {
    isKnown: (password, hash) => hash !== undefined && known.has(nameOf(password, hash)),
    hash: async (password) => {
      const hash = await passwords.hash(password)
      known.add(nameOf(password, hash))
      return hash
    },
    verify: async (password, hash) => {
      const isRight = await passwords.verify(password, hash)
      if (isRight === true && hash !== undefined) known.add(nameOf(password, hash))
      return isRight
    },
  }
}

/** Keeps the `max` texts that were added or found last. */
const createLatest = (max: number) => {
  const texts = new Set<string>()
  const add = (text: string): void => {
    texts.delete(text)
    const [oldest] = texts
    if (texts.size >= max && oldest !== undefined) texts.delete(oldest)
    texts.add(text)
  }
  return {
    add,
    has: (text: string): boolean => {
      const has = texts.has(text)
      if (has) add(text)
      return has
    },
  }
}
