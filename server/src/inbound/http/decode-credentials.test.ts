import { describe, expect, it } from 'vitest'
import { createDecodeCredentials, decodeCredentials } from './decode-credentials.ts'
import { rememberedCredentialsLengthMax, rememberedCredentialsMax } from '../../core/limits.ts'

const basic = (user: string): string => `Basic ${Buffer.from(user).toString('base64')}`

describe('credentials of equal headers', () => {
  it('are one object, whatever was sent between them', () => {
    const decode = createDecodeCredentials()
    const first = decode({ authorization: basic('t1/admin:secret') }, 'a')
    decode({ authorization: basic('t1/other:secret') }, 'a')
    decode({ 'x-api-key': 'key' }, 'a')
    expect(decode({ authorization: basic('t1/admin:secret') }, 'a')).toBe(first)
  })

  it.each([
    [{ authorization: basic('admin:secret') }, 'b'],
    [{ authorization: basic('admin:secret'), 'x-api-key': 'key' }, 'a'],
    [{ authorization: basic('admin:secret'), 'x-moki-tenantapitoken': 'key' }, 'a'],
    [{ authorization: 'Bearer one', 'x-api-key': 'two' }, 'a'],
    [{ 'x-api-key': basic('admin:secret') }, 'a'],
    [{}, 'a'],
  ])('are told from those of others: %j to %s', (headers, hostname) => {
    const decode = createDecodeCredentials()
    decode({ authorization: basic('admin:secret') }, 'a')
    decode({ authorization: 'Bearer one' }, 'a')
    expect(decode(headers, hostname)).toEqual(decodeCredentials(headers, hostname))
  })

  it.each(['', basic('t1/admin:secret')])(
    'with a cookie are those of this very cookie: %j',
    (authorization) => {
      const decode = createDecodeCredentials()
      for (const session of ['a.b.c', 'd.e.f', 'a.b.c']) {
        const headers = { authorization, cookie: `authorization=${session}; XSRF-TOKEN=x` }
        expect(decode(headers, 'a')).toEqual(decodeCredentials(headers, 'a'))
      }
    },
  )

  it('are forgotten, the oldest first, beyond so many, and are never remembered when they are long', () => {
    const decode = createDecodeCredentials()
    const oldest = decode({ authorization: 'Bearer 0' }, 'a')
    for (let nth = 1; nth <= rememberedCredentialsMax; nth += 1) {
      decode({ authorization: `Bearer ${nth}` }, 'a')
    }
    expect(decode({ authorization: 'Bearer 0' }, 'a')).not.toBe(oldest)
    const long = `Bearer ${'x'.repeat(rememberedCredentialsLengthMax)}`
    expect(decode({ authorization: long }, 'a')).not.toBe(decode({ authorization: long }, 'a'))
  })
})
