/** Slow, salted hashing of passwords. */
export type Passwords = {
  /** A self-describing text: algorithm, costs, salt and hash. */
  readonly hash: (password: string) => Promise<string>

  /**
   * Whether the password is the one that was hashed. `busy` when `passwordChecksQueuedMax` checks are
   * waiting already. Takes the same time for every wrong password; pass undefined as hash for an unknown
   * user, so that its absence cannot be timed.
   */
  readonly verify: (password: string, hash: string | undefined) => Promise<boolean | 'busy'>
}
