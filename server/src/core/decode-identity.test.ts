import { describe, expect, it } from 'vitest'
import { decodeTenantId, decodeUserName } from './decode-identity.ts'

describe('decodeTenantId', () => {
  it.each(['t1', 'management', '4711', 'plant-7_b', 'a'.repeat(63)])('takes %s', (text) => {
    expect(decodeTenantId(text)).toBe(text)
  })

  it.each(['', 't', 'T1', '-a', 'a b', 'a/b', 'a.b', 'é1', 'a'.repeat(64)])(
    'refuses %j',
    (text) => {
      expect(decodeTenantId(text)).toBeUndefined()
    },
  )
})

describe('decodeUserName', () => {
  it.each(['admin', 'a@b.example', 'device_4711', 'Zoë'])('takes %s', (text) => {
    expect(decodeUserName(text)).toBe(text)
  })

  it.each(['', 'a b', 'a/b', 'a+b', 'a$b', 'a:b', 'a\u0007', 'a\u00a0b', 'a'.repeat(1001)])(
    'refuses %j',
    (text) => {
      expect(decodeUserName(text)).toBeUndefined()
    },
  )
})
