/** Unguessable values and their digests. */
export type Secrets = {
  /** A new API key: `bfk_`, 256 random bits and a checksum; with the prefix that names it and its SHA-256. */
  readonly createApiKey: () => {
    readonly key: string
    readonly prefix: string
    readonly hash: string
  }

  /** The SHA-256 of an API key, or undefined when the text is not one (wrong prefix or checksum). */
  readonly hashApiKey: (key: string) => string | undefined

  /** A short random id for an app, and other random texts: `bytes` random bytes in base64url. */
  readonly randomText: (bytes: number) => string

  /** A keyed digest with a key that lives as long as the process: for caching verified credentials. */
  readonly fingerprint: (text: string) => string

  /**
   * A new log-in token in the shape of a JWT, because clients read `sub`, `ten` and `exp` in it. It is signed with a key
   * that is forgotten at once: what proves it is that its SHA-256 is kept.
   */
  readonly createToken: (claims: TokenClaims) => { readonly token: string; readonly hash: string }

  /** The SHA-256 of a text. */
  readonly digest: (text: string) => string

  /** What a browser must show together with the token's cookie; follows from the token and does not lead back to it. */
  readonly proofOf: (token: string) => string
}

export type TokenClaims = {
  readonly tenant: string
  readonly user: string
  readonly creationMs: number
  readonly expiresMs: number
}
