import { createHmac, hash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Secrets, TokenClaims } from '../../ports/secrets.ts'

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const keyStart = 'bfk_'

/** 43 letters out of 62 carry 256 bits. */
const randomLetters = 43
const checksumLetters = 6

/** `bfk_` and eight letters: enough to name a key, far from enough to guess it. */
const prefixLength = keyStart.length + 8

const keyPattern = /^bfk_[0-9A-Za-z]{49}$/

/**
 * Unguessable values from the system's random source. The six letters at the end of an API key are the
 * CRC-32 of the rest, so that a mistyped key is told from a revoked one without a look into the store.
 */
export const createSecrets = (): Secrets => {
  const fingerprintKey = randomBytes(64).toString('latin1')
  return {
    createApiKey: () => {
      const unchecked = keyStart + createRandomLetters(randomLetters)
      const key = unchecked + checksum(unchecked)
      return { key, prefix: key.slice(0, prefixLength), hash: digest(key) }
    },
    hashApiKey: (key) => (isApiKey(key) ? digest(key) : undefined),
    randomText: (bytes) => randomBytes(bytes).toString('base64url'),
    createToken: (claims) => {
      const token = createToken(claims)
      return { token, hash: digest(token) }
    },
    digest,
    proofOf: (token) => hash('sha256', `xsrf ${token}`, 'base64url'),
    // A secret before the text makes a sound keyed digest of SHA-512/256, because the half of the state
    // that is cut off keeps anyone from going on hashing where it ended. This is on the path of every
    // request, and Node has HMAC only as an object to be made for each text.
    fingerprint: (text) => hash('sha512-256', fingerprintKey + text, 'base64url'),
  }
}

const digest = (key: string): string => hash('sha256', key, 'hex')

const tokenHead = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')

const createToken = ({ tenant, user, creationMs, expiresMs }: TokenClaims): string => {
  const claims = {
    jti: randomBytes(16).toString('base64url'),
    sub: user,
    ten: tenant,
    iat: Math.floor(creationMs / 1000),
    exp: Math.floor(expiresMs / 1000),
  }
  const text = `${tokenHead}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  return `${text}.${createHmac('sha256', randomBytes(32)).update(text).digest('base64url')}`
}

const isApiKey = (text: string): boolean => {
  if (!keyPattern.test(text)) return false
  const unchecked = text.slice(0, -checksumLetters)
  return text.endsWith(checksum(unchecked))
}

const checksum = (text: string): string => {
  let rest = crc32(text)
  let encoded = ''
  for (let nth = 0; nth < checksumLetters; nth += 1) {
    encoded = letters.charAt(rest % letters.length) + encoded
    rest = Math.floor(rest / letters.length)
  }
  return encoded
}

/** Bytes from 248 on are thrown away: they would make the first letters likelier than the others. */
const createRandomLetters = (length: number): string => {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += letters.charAt(byte % letters.length)
    }
  }
  return text
}
