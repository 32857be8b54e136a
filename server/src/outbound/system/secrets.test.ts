import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSecrets } from './secrets.ts'

const secrets = createSecrets()

describe('an API key', () => {
  it('is recognisable, and its prefix and hash are those of the key', () => {
    const { key, prefix, hash } = secrets.createApiKey()
    expect(key).toMatch(/^bfk_[0-9A-Za-z]{49}$/)
    expect(prefix).toBe(key.slice(0, 12))
    expect(hash).toBe(createHash('sha256').update(key).digest('hex'))
    expect(secrets.hashApiKey(key)).toBe(hash)
    expect(createSecrets().hashApiKey(key)).toBe(hash)
  })

  it('is never made twice', () => {
    const keys = Array.from({ length: 1000 }, () => secrets.createApiKey().key)
    expect(new Set(keys).size).toBe(1000)
  })

  it('with any one letter changed is not one', () => {
    const { key } = secrets.createApiKey()
    for (let at = 0; at < key.length; at += 1) {
      const changed = key.slice(0, at) + (key.charAt(at) === 'a' ? 'b' : 'a') + key.slice(at + 1)
      expect(secrets.hashApiKey(changed)).toBeUndefined()
    }
  })

  it.each(['', 'bfk_', 'password', 'bfk_'.padEnd(53, 'é')])('is not %j', (text) => {
    expect(secrets.hashApiKey(text)).toBeUndefined()
  })
})

describe('a fingerprint', () => {
  it('is the same for the same text and differs otherwise', () => {
    expect(secrets.fingerprint('a')).toBe(secrets.fingerprint('a'))
    expect(secrets.fingerprint('a')).not.toBe(secrets.fingerprint('b'))
  })

  it('means nothing to another process', () => {
    expect(createSecrets().fingerprint('a')).not.toBe(secrets.fingerprint('a'))
  })

  it('has 256 bits', () => {
    expect(Buffer.from(secrets.fingerprint('a'), 'base64url')).toHaveLength(32)
  })
})

it('a random text has the bytes asked for', () => {
  expect(Buffer.from(secrets.randomText(12), 'base64url')).toHaveLength(12)
  expect(secrets.randomText(12)).not.toBe(secrets.randomText(12))
})

describe('a token', () => {
  const claims = { tenant: 't1', user: 'ünï', creationMs: 1_000_999, expiresMs: 2_000_999 }

  it('has the claims that clients read, and no two are the same', () => {
    const { token, hash } = secrets.createToken(claims)
    const [head = '', payload = '', signature = ''] = token.split('.')
    const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString())
    expect(read(head)).toEqual({ alg: 'HS256', typ: 'JWT' })
    expect(read(payload)).toMatchObject({ sub: 'ünï', ten: 't1', iat: 1000, exp: 2000 })
    expect(Buffer.from(signature, 'base64url')).toHaveLength(32)
    expect(hash).toBe(secrets.digest(token))
    expect(secrets.createToken(claims).token).not.toBe(token)
  })

  it('has a proof that is always the same, also after a restart', () => {
    const { token } = secrets.createToken(claims)
    expect(createSecrets().proofOf(token)).toBe(secrets.proofOf(token))
    expect(secrets.proofOf(`${token}x`)).not.toBe(secrets.proofOf(token))
    expect(token).not.toContain(secrets.proofOf(token))
  })
})
